using Platform.Caching;
using Platform.Contracts.PatternAnalysis.V1;
using Platform.PatternAnalysis.Tiers;

namespace Platform.PatternAnalysis.Patterns;

/// <summary>Patterns of one customer and where they came from. The message is shared with other readers: it is not to be changed.</summary>
internal sealed record PatternReading(CustomerPatterns Patterns, CacheTier Tier, bool IsStale)
{
    /// <summary>False when what was asked for anew is incomplete or could not be stored.</summary>
    public bool IsKept { get; init; } = true;
}

/// <summary>The read path: memory, Redis, app.customer_patterns, detectors. When the data cannot be read, the last known patterns are returned as stale.</summary>
internal sealed class PatternReader(TieredCache<CustomerPatterns> cache, PatternSource source, PatternMetrics metrics, TimeProvider clock)
{
    /// <exception cref="UnknownCustomerException">There is no such customer.</exception>
    /// <exception cref="SourceUnavailableException">The data cannot be read and nothing is known from before.</exception>
    public async Task<PatternReading> GetAsync(PatternKey key, CancellationToken cancellationToken)
    {
        var started = clock.GetTimestamp();
        var reading = ToReading(key, await cache.GetAsync(key, cancellationToken));
        metrics.Read(reading.Tier, reading.IsStale, clock.GetElapsedTime(started));
        return reading;
    }

    /// <summary>Looks anew, past every tier, and keeps the result. Used to refresh.</summary>
    /// <exception cref="UnknownCustomerException">There is no such customer.</exception>
    /// <exception cref="SourceUnavailableException">The data cannot be read and nothing is known from before.</exception>
    public async Task<PatternReading> RefreshAsync(PatternKey key, CancellationToken cancellationToken) => ToReading(key, await cache.RefreshAsync(key, cancellationToken));

    /// <summary>Looks at the data as they were on a day; nothing is kept.</summary>
    /// <exception cref="UnknownCustomerException">There is no such customer.</exception>
    /// <exception cref="SourceUnavailableException">The data cannot be read.</exception>
    public async Task<PatternReading> ComputeAsOfAsync(PatternKey key, DateOnly asOf, IReadOnlyCollection<string> detectors, CancellationToken cancellationToken) =>
        await source.DetectAsync(key, asOf, detectors, cancellationToken) is { } detected
            ? new PatternReading(detected.Patterns, CacheTier.Computed, false)
            : throw new UnknownCustomerException(key.CustomerId);

    private static PatternReading ToReading(PatternKey key, CacheReading<CustomerPatterns> reading) => new(
        reading.Value ?? throw new UnknownCustomerException(key.CustomerId),
        reading.Level switch
        {
            CacheLevel.Memory => CacheTier.Memory,
            CacheLevel.Shared => CacheTier.Redis,
            CacheLevel.Durable => CacheTier.Postgres,
            CacheLevel.Computed => CacheTier.Computed,
            _ => throw new ArgumentOutOfRangeException(nameof(reading)),
        },
        reading.IsStale)
    {
        IsKept = reading.IsKept,
    };
}

/// <summary>There is no such customer in the organization.</summary>
internal sealed class UnknownCustomerException(string customerId) : Exception($"There is no customer \"{customerId}\"")
{
    public string CustomerId { get; } = customerId;
}
