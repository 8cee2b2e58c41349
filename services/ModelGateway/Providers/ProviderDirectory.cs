using System.Collections.Concurrent;
using Microsoft.Extensions.Options;

namespace Platform.ModelGateway.Providers;

/// <summary>The providers of the newest valid configuration, and the order in which they are tried.</summary>
internal sealed class ProviderDirectory : IDisposable
{
    private readonly ProviderConnections _connections;
    private readonly ProviderKeys _keys;
    private readonly IDisposable? _changes;
    private volatile Listing _listing;

    public ProviderDirectory(IOptionsMonitor<ModelGatewayOptions> options, ProviderConnections connections, ProviderKeys keys)
    {
        (_connections, _keys) = (connections, keys);
        _listing = new Listing(Build(options.CurrentValue));
        _changes = options.OnChange((changed, _) => _listing = new Listing(Build(changed)));
    }

    internal IReadOnlyList<ModelProvider> All => _listing.All;

    /// <summary>Whether any provider has the logical model.</summary>
    internal bool Serves(string logicalModel) => _listing.For(logicalModel).Providers.Length > 0;

    /// <summary>The providers of the logical model, lowest priority number first, drawn by weight among equals.</summary>
    internal IReadOnlyList<ModelProvider> For(string logicalModel, Func<double> random)
    {
        var (providers, drawn) = _listing.For(logicalModel);
        return drawn
            ? [.. providers
                .OrderBy(provider => provider.Options.Priority)
                .ThenBy(provider => -Math.Log(1 - random()) / provider.Options.Weight)]
            : providers;
    }

    public void Dispose() => _changes?.Dispose();

    private ModelProvider[] Build(ModelGatewayOptions options) => [.. options.Providers.Select(Build)];

    private ModelProvider Build(ProviderOptions provider)
    {
        var key = provider.KeyName.Length == 0 ? null : _keys.Find(provider.KeyName);
        return provider.KeyName.Length > 0 && key is null
            ? new ModelProvider(provider, null, $"the key {provider.KeyName} is not set")
            : new ModelProvider(provider, _connections.Open(provider, key), "");
    }

    private sealed class Listing(ModelProvider[] all)
    {
        /// <summary>Callers name models: what nobody serves is not remembered.</summary>
        private readonly ConcurrentDictionary<string, (ModelProvider[] Providers, bool Drawn)> _byModel = new(StringComparer.OrdinalIgnoreCase);

        internal ModelProvider[] All => all;

        internal (ModelProvider[] Providers, bool Drawn) For(string logicalModel)
        {
            if (_byModel.TryGetValue(logicalModel, out var known))
            {
                return known;
            }

            ModelProvider[] providers = [.. all
                .Where(provider => provider.HasKey && provider.ModelFor(logicalModel) is not null)
                .OrderBy(provider => provider.Options.Priority)];
            var found = (providers, providers.DistinctBy(provider => provider.Options.Priority).Count() < providers.Length);
            return providers.Length == 0 ? found : _byModel.GetOrAdd(logicalModel, found);
        }
    }
}
