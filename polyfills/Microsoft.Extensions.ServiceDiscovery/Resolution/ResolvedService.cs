namespace Microsoft.Extensions.ServiceDiscovery.Resolution;

/// <summary>The current endpoints of one service, collected again when they are out of date, and whose turn it is.</summary>
internal sealed class ResolvedService(string serviceName, ServiceEndpointCollector collector) : IAsyncDisposable
{
    private readonly IReadOnlyList<IServiceEndpointProvider> _providers = collector.ProvidersOf(serviceName);
    private readonly SemaphoreSlim _collecting = new(1, 1);
    private volatile ServiceEndpointSource? _current;
    private uint _turn = uint.MaxValue;

    public ValueTask<ServiceEndpointSource> GetAsync(CancellationToken cancellationToken)
        => _current is { ChangeToken.HasChanged: false } current ? ValueTask.FromResult(current) : CollectAsync(cancellationToken);

    public async ValueTask<ServiceEndpoint> NextAsync(CancellationToken cancellationToken)
    {
        var source = await GetAsync(cancellationToken).ConfigureAwait(false);
        return source.Endpoints.Count > 0
            ? source.Endpoints[(int)(Interlocked.Increment(ref _turn) % (uint)source.Endpoints.Count)]
            : throw new InvalidOperationException($"No endpoint of the service '{serviceName}' is known: configure 'services:<name>:<scheme>:0'.");
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var provider in _providers)
        {
            await provider.DisposeAsync().ConfigureAwait(false);
        }

        _collecting.Dispose();
    }

    private async ValueTask<ServiceEndpointSource> CollectAsync(CancellationToken cancellationToken)
    {
        await _collecting.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            return _current is { ChangeToken.HasChanged: false } current
                ? current
                : _current = await collector.CollectAsync(_providers, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            _collecting.Release();
        }
    }
}
