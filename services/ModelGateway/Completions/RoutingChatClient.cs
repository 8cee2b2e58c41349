using System.Runtime.CompilerServices;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Options;
using Platform.ModelGateway.Providers;

namespace Platform.ModelGateway.Completions;

/// <summary>
/// The end of the pipeline: asks providers until one answers. A stream that breaks after its first part is never continued by
/// another provider, only begun anew, and only when configured so.
/// </summary>
internal sealed class RoutingChatClient(ProviderRouter router, IOptionsMonitor<ModelGatewayOptions> settings) : IChatClient
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
        var route = router.Begin(call, Endpoint, streamed: true, cancellationToken);
        ProviderException? broken = null;
        do
        {
            var (stream, attempt) = await route.AskAsync(attempt =>
                ProviderStream.OpenAsync(attempt.Provider.Client!.GetStreamingResponseAsync(messages, For(attempt.Provider, call, options), attempt.Token), attempt));
            using var ending = attempt;
            await using var closing = stream;
            if (broken is not null)
            {
                yield return new ChatResponseUpdate(ChatRole.Assistant, [new StreamReset(attempt.Provider.Name)]);
                broken = null;
            }

            while (broken is null)
            {
                yield return stream.Current;
                try
                {
                    if (!await stream.NextAsync())
                    {
                        attempt.Succeeded();
                        yield break;
                    }
                }
                catch (Exception error) when (attempt.Failed(error) is { } failure)
                {
                    broken = failure;
                }
            }

            if (!route.MayRestart(attempt, broken) || settings.CurrentValue.Failover.BrokenStream != "restart")
            {
                throw broken;
            }
        }
        while (true);
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
