using Platform.ModelGateway.Providers.Anthropic;
using Platform.ModelGateway.Providers.OpenAi;

namespace Platform.ModelGateway.Providers;

/// <summary>The connections to all providers, and the clients that use them.</summary>
internal sealed class ProviderConnections(TimeProvider time) : IDisposable
{
    /// <summary>Version of Anthropic's protocol that the client is written for.</summary>
    private const string AnthropicVersion = "2023-06-01";

    private readonly HttpMessageInvoker _http = new(new SocketsHttpHandler
    {
        ConnectTimeout = TimeSpan.FromSeconds(5),
        PooledConnectionLifetime = TimeSpan.FromMinutes(5),
        AllowAutoRedirect = false,
        UseCookies = false,
        // An answer that nobody reads any more is not waited for.
        MaxResponseDrainSize = 4096,
        ResponseDrainTimeout = TimeSpan.FromMilliseconds(100),
        // Ids of the caller's traces are nothing that a provider needs; the call has a span of its own.
        ActivityHeadersPropagator = null,
    });

    /// <summary>A client for the provider's protocol.</summary>
    internal IProviderClient Open(ProviderOptions provider, string? key)
    {
        var transport = new ProviderTransport(_http, provider, Headers(provider, key), time);
        return provider.Kind == ProviderKinds.Anthropic
            ? new AnthropicClient(transport, provider.BaseUrl)
            : new OpenAiClient(transport, new OpenAiAddresses(provider));
    }

    public void Dispose() => _http.Dispose();

    private static KeyValuePair<string, string>[] Headers(ProviderOptions provider, string? key)
    {
        var headers = new List<KeyValuePair<string, string>>();
        if (key is not null)
        {
            headers.Add(provider.Kind switch
            {
                ProviderKinds.Anthropic => KeyValuePair.Create("x-api-key", key),
                ProviderKinds.AzureOpenAi => KeyValuePair.Create("api-key", key),
                _ => KeyValuePair.Create("Authorization", $"Bearer {key}"),
            });
        }

        if (provider.Kind == ProviderKinds.Anthropic)
        {
            headers.Add(KeyValuePair.Create("anthropic-version", provider.ApiVersion.Length > 0 ? provider.ApiVersion : AnthropicVersion));
        }

        return [.. headers];
    }
}
