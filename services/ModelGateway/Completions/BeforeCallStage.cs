using System.Runtime.CompilerServices;
using Microsoft.Extensions.AI;

namespace Platform.ModelGateway.Completions;

/// <summary>A stage that does one thing before a call, streamed or not, and lets its answer pass.</summary>
internal abstract class BeforeCallStage(IChatClient inner) : DelegatingChatClient(inner)
{
    public sealed override async Task<ChatResponse> GetResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default)
    {
        await BeforeAsync(ModelCall.Of(options), cancellationToken);
        return await base.GetResponseAsync(messages, options, cancellationToken);
    }

    public sealed override async IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        await BeforeAsync(ModelCall.Of(options), cancellationToken);
        await foreach (var update in base.GetStreamingResponseAsync(messages, options, cancellationToken))
        {
            yield return update;
        }
    }

    protected abstract Task BeforeAsync(ModelCall call, CancellationToken cancellationToken);
}
