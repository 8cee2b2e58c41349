using Microsoft.Extensions.Options;
using Platform.ModelGateway.Providers;
using StackExchange.Redis;

namespace Platform.ModelGateway.Limits;

/// <summary>How many instances there are: each says every few seconds that it lives. The last count holds while Redis is away.</summary>
internal sealed partial class ReplicaCount(IConnectionMultiplexer redis, IOptionsMonitor<ModelGatewayOptions> options, TimeProvider time, ILogger<ReplicaCount> logger)
    : BackgroundService
{
    private const string Script = TokenBucketScripts.ServerClock + """
        redis.call('ZADD', KEYS[1], now, ARGV[1])
        redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', now - 20000000)
        redis.call('PEXPIRE', KEYS[1], 60000)
        return redis.call('ZCARD', KEYS[1])
        """;

    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(2);

    private readonly string _instance = Guid.NewGuid().ToString("n");
    private int _counted = 1;

    internal int Count => options.CurrentValue.Limits.Replicas is > 0 and var configured ? configured : Volatile.Read(ref _counted);

    internal async Task RefreshAsync(CancellationToken cancellationToken)
    {
        var count = await redis.GetDatabase().ScriptEvaluateAsync(Script, [$"{options.CurrentValue.Limits.KeyPrefix}:model-gateway:instances"], [_instance]).WaitAsync(Limit, time, cancellationToken);
        Volatile.Write(ref _counted, Math.Max(1, (int)count));
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, time);
        do
        {
            try
            {
                await RefreshAsync(stoppingToken);
            }
            catch (Exception error) when (error is RedisException or TimeoutException)
            {
                Log.NotCounted(logger, error.GetType().Name);
            }
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    private static partial class Log
    {
        [LoggerMessage(EventId = 1, EventName = "ReplicasNotCounted", Level = LogLevel.Debug, Message = "The instances could not be counted ({Error}); the last count holds")]
        internal static partial void NotCounted(ILogger logger, string error);
    }
}
