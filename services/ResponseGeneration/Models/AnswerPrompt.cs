using Grpc.Core;
using Platform.Contracts.ModelGateway.V1;

namespace Platform.ResponseGeneration.Models;

/// <summary>
/// The prompt of one answer. The model gateway renders it with each call, so that no call of its own is needed; a copy that ships with
/// this service replaces one that cannot be rendered.
/// </summary>
internal sealed class AnswerPrompt(string name, IReadOnlyDictionary<string, string> variables)
{
    private IReadOnlyList<Message>? _messages;
    private bool _isBuiltIn;

    public string Name => name;

    /// <summary>0 for the one that ships with this service.</summary>
    public int Version { get; private set; }

    public bool IsRendered => _messages is not null;

    /// <summary>What the model is told to do, which it must not tell; empty before it is rendered.</summary>
    public string Instructions => string.Join('\n', (_messages ?? []).Where(m => m.Role == Role.System).Select(m => m.Text));

    /// <summary>Reads what was rendered, the first event of a call. False when that is missing.</summary>
    public async Task<bool> ReadAsync(IAsyncStreamReader<CompletionEvent> events, CancellationToken cancellationToken)
    {
        if (!await events.MoveNext(cancellationToken) || events.Current.Rendered is not { } rendered)
        {
            return false;
        }

        _messages = rendered.Messages;
        Version = rendered.Version?.Version ?? 0;
        return true;
    }

    public void UseBuiltIn()
    {
        _messages = PromptText.BuiltIn(variables);
        _isBuiltIn = true;
        Version = 0;
    }

    /// <summary>Has the model gateway render the prompt of the request, or puts the built-in one there.</summary>
    public void Put(CompletionRequest request)
    {
        if (_isBuiltIn)
        {
            request.PromptName = name;
            request.Messages.AddRange(_messages);
            return;
        }

        request.Prompt = new RenderRequest { PromptName = name };
        request.Prompt.Variables.Add(variables.ToDictionary());
    }
}
