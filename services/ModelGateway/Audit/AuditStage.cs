using System.Runtime.CompilerServices;
using System.Text;
using Microsoft.Extensions.AI;
using Platform.ModelGateway.Completions;
using Platform.ModelGateway.Providers;
using Platform.ModelGateway.Safety;
using Platform.ModelGateway.Telemetry;
using Platform.ServiceDefaults;

namespace Platform.ModelGateway.Audit;

/// <summary>Every call in the audit log, and on its span when content is wanted there, as it left and as it came back. It stands behind the safety stage, so that it sees nothing that is taken out there.</summary>
internal sealed class AuditStage(IChatClient inner, AuditTrail trail, SpanContent content, SafetyScreen screen) : DelegatingChatClient(inner)
{
    public override async Task<ChatResponse> GetResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default)
    {
        var all = messages as IReadOnlyList<ChatMessage> ?? [.. messages];
        var call = ModelCall.Of(options);
        var audited = trail.Begin(call, "chat");
        content.Asked(call, all);
        await audited.RequestedAsync(all, options, screen.Enabled, cancellationToken);
        ChatResponse response;
        try
        {
            response = await base.GetResponseAsync(all, options, cancellationToken);
        }
        catch (Exception error)
        {
            await audited.FailedAsync(Reason(error), "", CancellationToken.None);
            throw;
        }

        content.Answered(call, response.Text, response.FinishReason?.Value ?? "");
        var calls = response.Messages.SelectMany(message => message.Contents).OfType<FunctionCallContent>().ToArray();
        await audited.AnsweredAsync(response.Text, calls, response.FinishReason?.Value ?? "", response.Usage, cancellationToken);
        return response;
    }

    public override async IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var all = messages as IReadOnlyList<ChatMessage> ?? [.. messages];
        var call = ModelCall.Of(options);
        var audited = trail.Begin(call, "chat");
        content.Asked(call, all);
        await audited.RequestedAsync(all, options, screen.Enabled, cancellationToken);
        var answer = new Answer();
        var isEnded = false;
        try
        {
            await using var updates = base.GetStreamingResponseAsync(all, options, cancellationToken).GetAsyncEnumerator(cancellationToken);
            while (true)
            {
                try
                {
                    if (!await updates.MoveNextAsync())
                    {
                        break;
                    }
                }
                catch (Exception error)
                {
                    isEnded = true;
                    await audited.FailedAsync(Reason(error), answer.Text, CancellationToken.None);
                    throw;
                }

                answer.Add(updates.Current);
                yield return updates.Current;
            }

            isEnded = true;
            content.Answered(call, answer.Text, answer.Finish);
            await audited.AnsweredAsync(answer.Text, answer.Calls, answer.Finish, answer.Usage, cancellationToken);
        }
        finally
        {
            if (!isEnded)
            {
                await audited.FailedAsync("cancelled", answer.Text, CancellationToken.None);
            }
        }
    }

    private static string Reason(Exception error) => error switch
    {
        ProviderException provider => provider.Kind.Name(),
        OperationCanceledException => "cancelled",
        _ => "unknown_error",
    };

    private sealed class Answer
    {
        private readonly StringBuilder _text = new();
        private readonly List<FunctionCallContent> _calls = [];

        internal string Text => _text.ToString();

        internal IReadOnlyList<FunctionCallContent> Calls => [.. _calls];

        internal UsageDetails? Usage { get; private set; }

        internal string Finish { get; private set; } = "";

        internal void Add(ChatResponseUpdate update)
        {
            if (StreamReset.In(update) is { } reset)
            {
                _text.Append("\n[withdrawn; ").Append(reset.Provider).Append(" answers anew]\n");
                _calls.Clear();
                return;
            }

            _text.Append(update.Text);
            _calls.AddRange(update.Contents.OfType<FunctionCallContent>());
            Usage = update.Contents.OfType<UsageContent>().LastOrDefault()?.Details ?? Usage;
            Finish = update.FinishReason?.Value ?? Finish;
        }
    }
}
