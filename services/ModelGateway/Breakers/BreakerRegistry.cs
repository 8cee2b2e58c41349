using System.Collections.Concurrent;
using Microsoft.Extensions.Options;
using Platform.ModelGateway.Providers;
using Platform.ModelGateway.Telemetry;

namespace Platform.ModelGateway.Breakers;

/// <summary>Every breaker that any instance has used, by provider and endpoint.</summary>
internal sealed partial class BreakerRegistry
{
    private readonly IOptionsMonitor<ModelGatewayOptions> _options;
    private readonly SharedBreakers _shared;
    private readonly ModelGatewayMetrics _metrics;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly ConcurrentDictionary<(string Provider, string Endpoint), ProviderBreaker> _breakers = new();
    private long _openings;

    public BreakerRegistry(IOptionsMonitor<ModelGatewayOptions> options, SharedBreakers shared, ModelGatewayMetrics metrics, TimeProvider time, ILogger<BreakerRegistry> logger)
    {
        (_options, _shared, _metrics, _time, _logger) = (options, shared, metrics, time, logger);
        metrics.Watch(this);
    }

    /// <summary>How often breakers opened, as this instance saw it.</summary>
    internal long Openings => Interlocked.Read(ref _openings);

    internal ProviderBreaker For(string provider, string endpoint) =>
        _breakers.TryGetValue((provider, endpoint), out var known) ? known : _breakers.GetOrAdd((provider, endpoint), Create);

    internal IReadOnlyList<(string Provider, string Endpoint, BreakerSnapshot State, bool Local)> All() => [.. _breakers.Values
        .Select(breaker => (breaker.Provider, breaker.Endpoint, breaker.Snapshot(), breaker.IsLocal))
        .OrderBy(entry => entry.Provider, StringComparer.Ordinal)
        .ThenBy(entry => entry.Endpoint, StringComparer.Ordinal)];

    /// <summary>Takes over the shared state of every breaker, also of those that only other instances have used.</summary>
    internal async Task SyncAsync()
    {
        foreach (var name in await _shared.NamesAsync() ?? [])
        {
            Find(name);
        }

        foreach (var breaker in _breakers.Values)
        {
            await breaker.SyncAsync();
        }
    }

    internal Task SyncAsync(string name) => Find(name)?.SyncAsync() ?? Task.CompletedTask;

    private ProviderBreaker? Find(string name) =>
        name.Split('/') is [var provider, var endpoint] && _options.CurrentValue.Providers.Exists(known => known.Name == provider) ? For(provider, endpoint) : null;

    private ProviderBreaker Create((string Provider, string Endpoint) key)
    {
        _metrics.BreakerAdded(key.Provider, key.Endpoint);
        return new ProviderBreaker(
            key.Provider, key.Endpoint, new CircuitBreaker(() => _options.CurrentValue.Breaker, _time), _shared, phase => Changed(key.Provider, key.Endpoint, phase));
    }

    private void Changed(string provider, string endpoint, BreakerPhase phase)
    {
        if (phase == BreakerPhase.Open)
        {
            Interlocked.Increment(ref _openings);
            _metrics.BreakerOpened(provider, endpoint);
            Log.Opened(_logger, provider, endpoint);
        }
        else if (phase == BreakerPhase.Closed)
        {
            Log.Closed(_logger, provider, endpoint);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(EventId = 1, EventName = "BreakerOpened", Level = LogLevel.Warning, Message = "The breaker of {Provider} for {Endpoint} is open: it is not asked for now")]
        internal static partial void Opened(ILogger logger, string provider, string endpoint);

        [LoggerMessage(EventId = 2, EventName = "BreakerClosed", Level = LogLevel.Information, Message = "The breaker of {Provider} for {Endpoint} is closed again")]
        internal static partial void Closed(ILogger logger, string provider, string endpoint);
    }
}
