using System.Collections.Concurrent;
using Microsoft.Extensions.Options;
using Platform.ModelGateway.Providers;

namespace Platform.ModelGateway.Breakers;

/// <summary>Every breaker of this instance, by provider and endpoint.</summary>
internal sealed class BreakerRegistry(IOptionsMonitor<ModelGatewayOptions> options, TimeProvider time)
{
    private readonly ConcurrentDictionary<(string Provider, string Endpoint), ProviderBreaker> _breakers = new();

    internal ProviderBreaker For(string provider, string endpoint) =>
        _breakers.GetOrAdd((provider, endpoint), _ => new ProviderBreaker(new CircuitBreaker(() => options.CurrentValue.Breaker, time)));

    internal IReadOnlyList<(string Provider, string Endpoint, BreakerSnapshot State)> All() => [.. _breakers
        .Select(entry => (entry.Key.Provider, entry.Key.Endpoint, entry.Value.Snapshot()))
        .OrderBy(entry => entry.Provider, StringComparer.Ordinal)
        .ThenBy(entry => entry.Endpoint, StringComparer.Ordinal)];
}
