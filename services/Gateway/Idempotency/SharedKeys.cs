using Microsoft.Extensions.Options;
using Platform.Gateway.Degradation;
using StackExchange.Redis;

namespace Platform.Gateway.Idempotency;

/// <summary>Keys that all instances share through Redis.</summary>
internal sealed partial class SharedKeys(
    IConnectionMultiplexer redis, IOptionsMonitor<IdempotencyOptions> options, TimeProvider time, ILogger<SharedKeys> logger)
{
    private const string ClaimScript = """
        local held = redis.call('GET', KEYS[1])
        if held then return held end
        redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2])
        return false
        """;

    private const string CompleteScript = """
        if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 0 end
        redis.call('SET', KEYS[1], ARGV[2], 'PX', ARGV[3])
        return 1
        """;

    private const string ReleaseScript = """
        if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 0 end
        return redis.call('DEL', KEYS[1])
        """;

    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    private readonly CoolDown coolDown = new(time);

    /// <summary>Takes the key for this attempt; the state of whoever has it already, or null when it was taken or Redis is away.</summary>
    public async Task<KeyState?> ClaimAsync(string key, KeyState mine, TimeSpan heldFor, CancellationToken cancellationToken)
    {
        RedisResult? held = await RunAsync(ClaimScript, key, cancellationToken, mine.ToBytes(), Milliseconds(heldFor));
        return held is { IsNull: false } && KeyState.FromBytes((byte[])held!) is { } other && other.Owner != mine.Owner ? other : null;
    }

    /// <summary>Keeps the answer; false when Redis is away or the key is no longer this attempt's.</summary>
    public async Task<bool> CompleteAsync(string key, KeyState mine, KeyState done, TimeSpan keptFor, CancellationToken cancellationToken) =>
        await RunAsync(CompleteScript, key, cancellationToken, mine.ToBytes(), done.ToBytes(), Milliseconds(keptFor)) is { IsNull: false } kept && (int)kept == 1;

    /// <summary>Gives the key back, so that the request can be tried again.</summary>
    public Task ReleaseAsync(string key, KeyState mine, CancellationToken cancellationToken) => RunAsync(ReleaseScript, key, cancellationToken, mine.ToBytes());

    private async Task<RedisResult?> RunAsync(string script, string key, CancellationToken cancellationToken, params RedisValue[] arguments)
    {
        if (!redis.IsConnected || !coolDown.IsOver)
        {
            return null;
        }

        try
        {
            return await redis.GetDatabase().ScriptEvaluateAsync(script, [key], arguments)
                .WaitAsync(options.CurrentValue.SharedTimeout, time, cancellationToken);
        }
        catch (Exception failure) when (failure is RedisException or TimeoutException)
        {
            coolDown.Start(Pause);
            Log.SharedAway(logger, failure.GetType().Name);
            return null;
        }
    }

    private static long Milliseconds(TimeSpan span) => (long)span.TotalMilliseconds;

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Warning, "Idempotency keys cannot be shared ({Error}); this instance decides alone for now", EventName = "SharedKeysAway")]
        public static partial void SharedAway(ILogger logger, string error);
    }
}
