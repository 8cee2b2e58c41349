using System.Globalization;
using Microsoft.Extensions.Options;
using Platform.Contracts.PatternAnalysis.V1;
using StackExchange.Redis;

namespace Platform.PatternAnalysis.Tiers;

/// <summary>
/// L2: one entry for each customer, shared by all instances. Beside it stands the moment since which patterns count, for the
/// customer and for the organization: what was computed from older data is not served, even if a slow instance writes it after
/// the invalidation. Faults are counted and never thrown; a dead Redis is not waited for.
/// </summary>
internal sealed partial class RedisTier(IConnectionMultiplexer redis, IOptionsMonitor<TierOptions> options, PatternMetrics metrics, TimeProvider clock, ILogger<RedisTier> logger)
{
    private readonly TierBreaker breaker = new(() => options.CurrentValue, clock);

    public async Task<CustomerPatterns?> FindAsync(PatternKey key, CancellationToken cancellationToken)
    {
        var (done, values) = await TryAsync("read", database => database.StringGetAsync([EntryKey(key), SinceKey(key.OrganizationId, key.CustomerId), SinceKey(key.OrganizationId, null)]), cancellationToken);
        if (!done)
        {
            return null;
        }

        if (values![0].IsNull)
        {
            metrics.Cache("redis", "read", "miss");
            return null;
        }

        byte[]? bytes = values[0];
        if (!PatternEntry.TryRead(key, bytes, options.CurrentValue.MaximumEntryBytes, out var patterns))
        {
            metrics.Cache("redis", "read", "corrupt");
            Log.CorruptEntry(logger, key.CustomerId);
            await TryAsync("delete", database => database.KeyDeleteAsync(EntryKey(key)), cancellationToken);
            return null;
        }

        var computedAt = patterns!.ComputedAt.ToDateTimeOffset();
        if (computedAt <= Since(values[1]) || computedAt <= Since(values[2]) || clock.GetUtcNow() - computedAt >= options.CurrentValue.Freshness)
        {
            metrics.Cache("redis", "read", "stale");
            return null;
        }

        metrics.Cache("redis", "read", "hit");
        return patterns;
    }

    /// <summary>The entry of any age that counts as undamaged, or null.</summary>
    public async Task<CustomerPatterns?> FindLastKnownAsync(PatternKey key, CancellationToken cancellationToken)
    {
        var (done, value) = await TryAsync("read", database => database.StringGetAsync(EntryKey(key)), cancellationToken);
        byte[]? bytes = done ? value : RedisValue.Null;
        return bytes is not null && PatternEntry.TryRead(key, bytes, options.CurrentValue.MaximumEntryBytes, out var patterns) ? patterns : null;
    }

    public async Task StoreAsync(PatternKey key, CustomerPatterns patterns, DateTimeOffset expiresAt, CancellationToken cancellationToken)
    {
        var life = expiresAt - clock.GetUtcNow();
        if (life > TimeSpan.Zero && (await TryAsync("write", database => database.StringSetAsync(EntryKey(key), PatternEntry.Write(key, patterns), life), cancellationToken)).Done)
        {
            metrics.Cache("redis", "write", "ok");
        }
    }

    /// <summary>What was computed before <paramref name="since"/> no longer counts. No customer: all of the organization.</summary>
    /// <returns>False when Redis could not be told.</returns>
    public async Task<bool> InvalidateAsync(string organizationId, string? customerId, DateTimeOffset since, CancellationToken cancellationToken)
    {
        var mark = since.ToUnixTimeMilliseconds();
        var (done, _) = await TryAsync(
            "invalidate",
            database => database.StringSetAsync(SinceKey(organizationId, customerId), mark, options.CurrentValue.Freshness + TimeSpan.FromHours(1)),
            cancellationToken);
        metrics.Cache("redis", "invalidate", done ? "ok" : "error");
        return done;
    }

    private static DateTimeOffset Since(RedisValue value) =>
        !value.IsNull && long.TryParse((string?)value, NumberStyles.Integer, CultureInfo.InvariantCulture, out var milliseconds)
            ? DateTimeOffset.FromUnixTimeMilliseconds(milliseconds)
            : DateTimeOffset.MinValue;

    public static RedisKey EntryKey(PatternKey key) => $"platform:{Escape(key.OrganizationId)}:patterns:entry:{Escape(key.CustomerId)}";

    private static RedisKey SinceKey(string organizationId, string? customerId) =>
        customerId is null ? $"platform:{Escape(organizationId)}:patterns:since" : $"platform:{Escape(organizationId)}:patterns:since:{Escape(customerId)}";

    // A colon in an id must not lead into another organization's keys.
    private static string Escape(string id) => Uri.EscapeDataString(id);

    private async Task<(bool Done, T? Value)> TryAsync<T>(string operation, Func<IDatabase, Task<T>> call, CancellationToken cancellationToken)
    {
        if (!redis.IsConnected || !breaker.TryEnter())
        {
            metrics.Cache("redis", operation, "skipped");
            return (false, default);
        }

        try
        {
            var value = await call(redis.GetDatabase()).WaitAsync(options.CurrentValue.RedisTimeout, clock, cancellationToken);
            breaker.Succeeded();
            return (true, value);
        }
        catch (Exception exception) when (exception is RedisException or TimeoutException or ObjectDisposedException)
        {
            breaker.Failed();
            metrics.Cache("redis", operation, "error");
            Log.RedisFailed(logger, exception, operation);
            return (false, default);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(EventId = 21, EventName = "PatternEntryCorrupt", Level = LogLevel.Warning, Message = "The entry of customer {CustomerId} in Redis is damaged and was dropped")]
        public static partial void CorruptEntry(ILogger logger, string customerId);

        [LoggerMessage(EventId = 22, EventName = "PatternRedisFailed", Level = LogLevel.Warning, Message = "Redis did not {Operation} patterns")]
        public static partial void RedisFailed(ILogger logger, Exception exception, string operation);
    }
}
