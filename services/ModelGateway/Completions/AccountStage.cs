using System.Runtime.CompilerServices;
using Microsoft.Extensions.AI;

namespace Platform.ModelGateway.Completions;

/// <summary>Notes in the journal that a provider is about to be asked, so that a call which a crash cuts off is not forgotten.</summary>
internal sealed class AccountStage(IChatClient inner) : DelegatingChatClient(inner)
{
    public override async Task<ChatResponse> GetResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default)
    {
        await BeginAsync(options);
        return await base.GetResponseAsync(messages, options, cancellationToken);
    }

    public override async IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        await BeginAsync(options);
        await foreach (var update in base.GetStreamingResponseAsync(messages, options, cancellationToken))
        {
            yield return update;
        }
    }

    private static Task BeginAsync(ChatOptions? options) => ModelCall.Of(options).Account?.BeginAsync() ?? Task.CompletedTask;
}
