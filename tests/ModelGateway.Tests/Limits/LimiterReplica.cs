using Microsoft.Extensions.Logging.Abstractions;
using Platform.ModelGateway.Limits;
using Platform.ModelGateway.Providers;
using Platform.Testing;
using StackExchange.Redis;

namespace Platform.ModelGateway.Tests.Limits;

/// <summary>The limiter of one instance, with a connection and a clock of its own.</summary>
internal sealed class LimiterReplica : IAsyncDisposable
{
    private readonly ConnectionMultiplexer _redis;

    private LimiterReplica(ConnectionMultiplexer redis, ModelGatewayOptions options, TimeProvider time)
    {
        _redis = redis;
        var monitor = new FixedOptions<ModelGatewayOptions>(options);
        Count = new ReplicaCount(redis, monitor, time, NullLogger<ReplicaCount>.Instance);
        Limiter = new ModelLimiter(new SharedCalls(redis, time, NullLogger<SharedCalls>.Instance), Count, monitor, time);
    }

    internal ModelLimiter Limiter { get; }

    internal ReplicaCount Count { get; }

    internal bool IsConnected => _redis.IsConnected;

    internal static async Task<LimiterReplica> StartAsync(string redis, string keyPrefix, int perMinute, int waiting = 0, TimeProvider? time = null)
    {
        var settings = ConfigurationOptions.Parse(redis);
        settings.AbortOnConnectFail = false;
        var options = new ModelGatewayOptions { Models = { ["primary"] = new ModelOptions { RequestsPerMinute = perMinute, WaitingRequests = waiting } } };
        options.Limits.KeyPrefix = keyPrefix;
        options.Limits.SharedTimeout = TimeSpan.FromSeconds(2);
        options.Limits.SharedCoolDown = TimeSpan.FromMilliseconds(100);
        return new LimiterReplica(await ConnectionMultiplexer.ConnectAsync(settings), options, time ?? TimeProvider.System);
    }

    /// <summary>False when the call was refused.</summary>
    internal async Task<bool> TryAsync(CancellationToken cancellationToken, TimeSpan? remaining = null)
    {
        try
        {
            await Limiter.TakeAsync("acme", "primary", remaining ?? TimeSpan.Zero, cancellationToken);
            return true;
        }
        catch (ProviderException error) when (error.Refused)
        {
            return false;
        }
    }

    public async ValueTask DisposeAsync()
    {
        Count.Dispose();
        await _redis.CloseAsync(allowCommandsToComplete: false);
    }
}
