using Microsoft.Extensions.Logging.Abstractions;
using Platform.ModelGateway.Breakers;
using Platform.ModelGateway.Providers;
using Platform.ModelGateway.Telemetry;
using Platform.Testing;
using StackExchange.Redis;

namespace Platform.ModelGateway.Tests.Breakers;

/// <summary>The breakers of one instance of the service.</summary>
internal sealed class BreakerReplica : IAsyncDisposable
{
    private readonly ConnectionMultiplexer _redis;
    private readonly BreakerListener _listener;

    private BreakerReplica(ConnectionMultiplexer redis, BreakerRegistry registry, BreakerListener listener, SharedBreakers shared) =>
        (_redis, Registry, _listener, Shared) = (redis, registry, listener, shared);

    internal BreakerRegistry Registry { get; }

    internal SharedBreakers Shared { get; }

    internal ProviderBreaker Breaker => Registry.For("fake", "chat");

    internal BreakerPhase Phase => Breaker.Snapshot().Phase;

    /// <summary>With a name of its own for every test as prefix of the keys; instances of one test share it.</summary>
    internal static async Task<BreakerReplica> StartAsync(string redis, string keyPrefix, CancellationToken cancellationToken, Action<BreakerOptions>? configure = null)
    {
        var configuration = ConfigurationOptions.Parse(redis);
        configuration.AbortOnConnectFail = false;
        var connection = await ConnectionMultiplexer.ConnectAsync(configuration);
        var options = new ModelGatewayOptions { Providers = [new ProviderOptions { Name = "fake" }] };
        options.Limits.KeyPrefix = keyPrefix;
        options.Breaker.SharedTimeout = TimeSpan.FromSeconds(5);
        configure?.Invoke(options.Breaker);
        var monitor = new FixedOptions<ModelGatewayOptions>(options);
        var shared = new SharedBreakers(connection, monitor, TimeProvider.System, NullLogger<SharedBreakers>.Instance);
        var registry = new BreakerRegistry(monitor, shared, new ModelGatewayMetrics(new MeterFactory()), TimeProvider.System, NullLogger<BreakerRegistry>.Instance);
        var listener = new BreakerListener(registry, shared, TimeProvider.System, NullLogger<BreakerListener>.Instance);
        await listener.StartAsync(cancellationToken);
        return new BreakerReplica(connection, registry, listener, shared);
    }

    internal async Task<bool> TryAsync(Action<BreakerPass> end)
    {
        if (await Breaker.TryEnterAsync(CancellationToken.None) is not { } pass)
        {
            return false;
        }

        end(pass);
        return true;
    }

    internal async Task FailAsync(int times)
    {
        for (var failure = 0; failure < times; failure++)
        {
            await TryAsync(pass => pass.Failed());
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _listener.StopAsync(CancellationToken.None);
        _listener.Dispose();
        await _redis.CloseAsync();
        _redis.Dispose();
    }
}
