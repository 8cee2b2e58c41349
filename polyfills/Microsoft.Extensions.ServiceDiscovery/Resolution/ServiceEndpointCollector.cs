using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Primitives;

namespace Microsoft.Extensions.ServiceDiscovery.Resolution;

/// <summary>Asks every provider for the endpoints of a service.</summary>
internal sealed class ServiceEndpointCollector(
    IEnumerable<IServiceEndpointProviderFactory> factories,
    IOptions<ServiceDiscoveryOptions> options,
    TimeProvider time)
{
    public IReadOnlyList<IServiceEndpointProvider> ProvidersOf(string serviceName)
    {
        if (!ServiceEndpointQuery.TryParse(serviceName, out var query))
        {
            throw new ArgumentException($"'{serviceName}' is not the name of a service.", nameof(serviceName));
        }

        List<IServiceEndpointProvider> providers = [];
        foreach (var factory in factories)
        {
            if (factory.TryCreateProvider(query, out var provider))
            {
                providers.Add(provider);
            }
        }

        return providers.Count > 0
            ? providers
            : throw new InvalidOperationException($"No provider of service endpoints is registered that knows '{serviceName}'.");
    }

    public async ValueTask<ServiceEndpointSource> CollectAsync(IReadOnlyList<IServiceEndpointProvider> providers, CancellationToken cancellationToken)
    {
        var builder = new Builder();
        foreach (var provider in providers)
        {
            await provider.PopulateAsync(builder, cancellationToken).ConfigureAwait(false);
        }

        // A provider without notifications is asked again after a while.
        var tokens = builder.Tokens;
        if (tokens.Count == 0)
        {
            var expiry = new CancellationTokenSource(options.Value.RefreshPeriod, time);
            tokens.Add(new CancellationChangeToken(expiry.Token));
        }

        return new ServiceEndpointSource(builder.Collected, new CompositeChangeToken(tokens), builder.Features);
    }

    private sealed class Builder : IServiceEndpointBuilder
    {
        public List<ServiceEndpoint> Collected { get; } = [];

        public List<IChangeToken> Tokens { get; } = [];

        public IList<ServiceEndpoint> Endpoints => Collected;

        public IFeatureCollection Features { get; } = new FeatureCollection();

        public void AddChangeToken(IChangeToken changeToken) => Tokens.Add(changeToken);
    }
}
