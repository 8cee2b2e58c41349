using Microsoft.Extensions.Options;
using Platform.ModelGateway.Providers.OpenAi;

namespace Platform.ModelGateway.Providers;

/// <summary>The providers of the newest valid configuration, and the order in which they are tried.</summary>
internal sealed class ProviderDirectory : IDisposable
{
    private readonly IHttpClientFactory _http;
    private readonly ProviderKeys _keys;
    private readonly IDisposable? _changes;
    private volatile ModelProvider[] _providers;

    public ProviderDirectory(IOptionsMonitor<ModelGatewayOptions> options, IHttpClientFactory http, ProviderKeys keys)
    {
        (_http, _keys) = (http, keys);
        _providers = Build(options.CurrentValue);
        _changes = options.OnChange((changed, _) => _providers = Build(changed));
    }

    internal IReadOnlyList<ModelProvider> All => _providers;

    /// <summary>The providers of the logical model, lowest priority number first, drawn by weight among equals.</summary>
    internal IReadOnlyList<ModelProvider> For(string logicalModel, Func<double> random) => [.. _providers
        .Where(provider => provider.HasKey && provider.ModelFor(logicalModel) is not null)
        .OrderBy(provider => provider.Options.Priority)
        .ThenBy(provider => -Math.Log(1 - random()) / provider.Options.Weight)];

    public void Dispose() => _changes?.Dispose();

    private ModelProvider[] Build(ModelGatewayOptions options) => [.. options.Providers.Select(Build)];

    private ModelProvider Build(ProviderOptions provider)
    {
        var key = provider.KeyName.Length == 0 ? null : _keys.Find(provider.KeyName);
        return provider.KeyName.Length > 0 && key is null
            ? new ModelProvider(provider, null, $"the key {provider.KeyName} is not set")
            : new ModelProvider(provider, new OpenAiChatClient(_http, provider, key), "");
    }
}
