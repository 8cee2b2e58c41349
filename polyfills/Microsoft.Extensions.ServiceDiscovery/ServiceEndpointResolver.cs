using System.Collections.Concurrent;
using Microsoft.Extensions.ServiceDiscovery.Resolution;

namespace Microsoft.Extensions.ServiceDiscovery;

/// <summary>Finds the endpoints of services, and keeps what it found until it changes.</summary>
public sealed class ServiceEndpointResolver : IAsyncDisposable
{
    private readonly ConcurrentDictionary<string, Lazy<ResolvedService>> _services = new(StringComparer.OrdinalIgnoreCase);
    private readonly ServiceEndpointCollector _collector;
    private bool _disposed;

    internal ServiceEndpointResolver(ServiceEndpointCollector collector) => _collector = collector;

    /// <summary>The endpoints of a service: a name, or a URI such as <c>https+http://_endpoint.name</c>.</summary>
    /// <exception cref="ArgumentException">The name cannot be read.</exception>
    /// <exception cref="ObjectDisposedException">The resolver is disposed.</exception>
    public ValueTask<ServiceEndpointSource> GetEndpointsAsync(string serviceName, CancellationToken cancellationToken)
        => Service(serviceName).GetAsync(cancellationToken);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        _disposed = true;
        foreach (var (name, _) in _services)
        {
            if (_services.TryRemove(name, out var service) && service.IsValueCreated)
            {
                await service.Value.DisposeAsync().ConfigureAwait(false);
            }
        }
    }

    internal ValueTask<ServiceEndpoint> NextAsync(string serviceName, CancellationToken cancellationToken)
        => Service(serviceName).NextAsync(cancellationToken);

    private ResolvedService Service(string serviceName)
    {
        ArgumentException.ThrowIfNullOrEmpty(serviceName);
        ObjectDisposedException.ThrowIf(_disposed, this);
        return _services.GetOrAdd(serviceName, name => new Lazy<ResolvedService>(() => new ResolvedService(name, _collector))).Value;
    }
}
