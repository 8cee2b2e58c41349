using System.Runtime.CompilerServices;
using Microsoft.Extensions.AI;
using Platform.ModelGateway.Providers;

namespace Platform.ModelGateway.Completions;

/// <summary>The end of the pipeline: the first provider whose breaker lets it through, and the next when that may help.</summary>
internal sealed class RoutingChatClient(ProviderRouter router) : IChatClient
{
    private const string Endpoint = "chat";

    public Task<ChatResponse> GetResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default)
    {
        var call = ModelCall.Of(options);
        return router.CallAsync(call, Endpoint, (provider, token) => provider.Client!.GetResponseAsync(messages, For(provider, call, options), token), cancellationToken);
    }

    public async IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var call = ModelCall.Of(options);
        ProviderException? latest = null;
        foreach (var provider in router.Candidates(call))
        {
            using var attempt = router.TryBegin(call, provider, Endpoint, cancellationToken);
            if (attempt is null)
            {
                continue;
            }

            var begun = false;
            await using var updates = provider.Client!.GetStreamingResponseAsync(messages, For(provider, call, options), attempt.Token).GetAsyncEnumerator(attempt.Token);
            while (true)
            {
                try
                {
                    if (!await updates.MoveNextAsync())
                    {
                        attempt.Succeeded();
                        yield break;
                    }
                }
                catch (Exception error) when (attempt.Failed(error) is { } failure)
                {
                    latest = failure;
                    if (!begun && ProviderRouter.AnotherMayHelp(failure))
                    {
                        break;
                    }

                    throw failure;
                }

                begun = true;
                yield return updates.Current;
            }
        }

        throw latest ?? router.NothingLeft(call, Endpoint);
    }

    public object? GetService(Type serviceType, object? serviceKey = null) =>
        serviceKey is null && serviceType.IsInstanceOfType(this) ? this : null;

    public void Dispose()
    {
        // The directory owns the clients.
    }

    private static ChatOptions For(ModelProvider provider, ModelCall call, ChatOptions? options)
    {
        var own = options?.Clone() ?? new ChatOptions();
        own.ModelId = provider.ModelFor(call.LogicalModel);
        return own;
    }
}
