using System.Collections.Concurrent;
using System.Globalization;
using Microsoft.Extensions.Options;
using Platform.Gateway.Degradation;
using StackExchange.Redis;

namespace Platform.Gateway.RateLimiting;

/// <summary>
/// Token bucket per organization, user and endpoint, shared by all instances through Redis. While Redis is away each
/// instance decides with a bucket of its own.
/// </summary>
internal sealed partial class RateLimiter(
    IConnectionMultiplexer redis, IOptionsMonitor<RateLimitOptions> options, TimeProvider time, ILogger<RateLimiter> logger)
{
    // Redis' own clock, so that instances with different clocks share one truth. The key lives until the bucket is full again.
    // The floor on elapsed time keeps a server clock that was set back from taking tokens away.
    private const string Script = """
        local now = redis.call('TIME')
        local micros = now[1] * 1000000 + now[2]
        local rate = tonumber(ARGV[1])
        local burst = tonumber(ARGV[2])
        local bucket = redis.call('HMGET', KEYS[1], 't', 'm')
        local tokens = tonumber(bucket[1]) or burst
        local last = tonumber(bucket[2]) or micros
        tokens = math.min(burst, tokens + math.max(0, micros - last) * rate / 1000000)
        local admitted = 0
        if tokens >= 1 then
          tokens = tokens - 1
          admitted = 1
        end
        redis.call('HMSET', KEYS[1], 't', tostring(tokens), 'm', string.format('%.0f', micros))
        redis.call('PEXPIRE', KEYS[1], math.ceil((burst - tokens) / rate * 1000) + 1000)
        return {admitted, tostring(tokens)}
        """;

    private const int MostLocalBuckets = 100_000;

    private readonly ConcurrentDictionary<string, TokenBucket> local = new(StringComparer.Ordinal);
    private readonly CoolDown coolDown = new(time);

    public async ValueTask<RateDecision> TakeAsync(string organizationId, string userId, string endpoint, CancellationToken cancellationToken)
    {
        RateLimitOptions limits = options.CurrentValue;
        if (!limits.Enabled)
        {
            return new RateDecision(true, limits.Burst, TimeSpan.Zero, false);
        }

        double perSecond = limits.PermitsPerMinute / 60.0;
        // Ids may hold colons: without escapes one organization's user could name another organization's bucket.
        string key = $"platform:{Uri.EscapeDataString(organizationId)}:rate:{endpoint}:{Uri.EscapeDataString(userId)}";
        if (coolDown.IsOver && redis.IsConnected)
        {
            try
            {
                RedisResult result = await redis.GetDatabase()
                    .ScriptEvaluateAsync(Script, [key], [perSecond, limits.Burst])
                    .WaitAsync(limits.SharedTimeout, time, cancellationToken);
                RedisResult[] parts = (RedisResult[])result;
                double tokens = double.Parse((string)parts[1]!, CultureInfo.InvariantCulture);
                return (int)parts[0] == 1
                    ? new RateDecision(true, (int)tokens, TimeSpan.Zero, true)
                    : new RateDecision(false, 0, TimeSpan.FromSeconds((1 - tokens) / perSecond), true);
            }
            catch (Exception failure) when (failure is RedisException or TimeoutException)
            {
                coolDown.Start(limits.SharedCoolDown);
                Log.SharedAway(logger, failure.GetType().Name);
            }
        }

        return Local(key, perSecond, limits.Burst);
    }

    private RateDecision Local(string key, double perSecond, int burst)
    {
        if (local.Count > MostLocalBuckets)
        {
            // A bucket that has had time to fill up holds nothing worth keeping.
            foreach ((string old, TokenBucket bucket) in local)
            {
                if (time.GetElapsedTime(bucket.LastUsed).TotalSeconds > burst / perSecond)
                {
                    local.TryRemove(old, out _);
                }
            }
        }

        return local.GetOrAdd(key, _ => new TokenBucket(burst, time.GetTimestamp())).Take(time, perSecond, burst);
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Warning, "The shared rate limit cannot be reached ({Error}); this instance decides alone for now", EventName = "SharedRateLimitAway")]
        public static partial void SharedAway(ILogger logger, string error);
    }
}
