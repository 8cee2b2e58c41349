using System.Runtime.CompilerServices;
using Microsoft.Extensions.AI;
using Platform.ModelGateway.Limits;
using Platform.ServiceDefaults;

namespace Platform.ModelGateway.Completions;

/// <summary>One token of the model's bucket for each call.</summary>
internal sealed class LimitStage(IChatClient inner, ModelLimiter limiter, IRequestContextAccessor accessor, TimeProvider time) : DelegatingChatClient(inner)
{
    public override async Task<ChatResponse> GetResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default)
    {
        await TakeAsync(options, cancellationToken);
        return await base.GetResponseAsync(messages, options, cancellationToken);
    }

    public override async IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        await TakeAsync(options, cancellationToken);
        await foreach (var update in base.GetStreamingResponseAsync(messages, options, cancellationToken))
        {
            yield return update;
        }
    }

    private Task TakeAsync(ChatOptions? options, CancellationToken cancellationToken)
    {
        var call = ModelCall.Of(options);
        return limiter.TakeAsync(call.Organization, call.LogicalModel, accessor.Current.Remaining(time), cancellationToken);
    }
}
