using System.Runtime.CompilerServices;
using Microsoft.Extensions.AI;

namespace Platform.ModelGateway.Completions;

/// <summary>Reserves in the budgets what the call may use, and notes in the journal that a provider is about to be asked.</summary>
internal sealed class AccountStage(IChatClient inner) : DelegatingChatClient(inner)
{
    public override async Task<ChatResponse> GetResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default)
    {
        await BeginAsync(options, cancellationToken);
        return await base.GetResponseAsync(messages, options, cancellationToken);
    }

    public override async IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        await BeginAsync(options, cancellationToken);
        await foreach (var update in base.GetStreamingResponseAsync(messages, options, cancellationToken))
        {
            yield return update;
        }
    }

    private static Task BeginAsync(ChatOptions? options, CancellationToken cancellationToken) =>
        ModelCall.Of(options).Account?.BeginAsync(cancellationToken) ?? Task.CompletedTask;
}
