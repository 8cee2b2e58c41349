using System.ComponentModel.DataAnnotations;

namespace Platform.Caching;

/// <summary>How a cache behaves. Defaults from requirements C3 and C4.</summary>
public sealed class CacheOptions
{
    /// <summary>Entries kept in memory.</summary>
    [Range(1, 1_000_000)]
    public int MemoryEntries { get; set; } = 1000;

    /// <summary>Age up to which a kept value is served without a new look; also the life of an entry in Redis.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "30.00:00:00")]
    public TimeSpan Freshness { get; set; } = TimeSpan.FromHours(24);

    /// <summary>Each entry expires earlier by a random share of up to this, so that entries made together do not expire together.</summary>
    [Range(0.0, 0.5)]
    public double ExpiryJitter { get; set; } = 0.1;

    /// <summary>After its expiry an entry in memory is served for this long, marked stale, while a new value is made.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "1.00:00:00")]
    public TimeSpan StaleWhileRevalidate { get; set; } = TimeSpan.FromMinutes(10);

    /// <summary>Nothing older than this is served, not even marked, not even when everything is away.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "90.00:00:00")]
    public TimeSpan MaximumStaleness { get; set; } = TimeSpan.FromDays(7);

    /// <summary>How long it is remembered that something does not exist.</summary>
    [Range(typeof(TimeSpan), "00:00:00.100", "01:00:00")]
    public TimeSpan NegativeLife { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>Longest wait for Redis. It answers in about a millisecond or is in trouble.</summary>
    [Range(typeof(TimeSpan), "00:00:00.005", "00:00:05")]
    public TimeSpan RedisTimeout { get; set; } = TimeSpan.FromMilliseconds(150);

    [Range(typeof(TimeSpan), "00:00:00.050", "00:00:30")]
    public TimeSpan DatabaseReadTimeout { get; set; } = TimeSpan.FromSeconds(1);

    [Range(typeof(TimeSpan), "00:00:00.050", "00:00:30")]
    public TimeSpan DatabaseWriteTimeout { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>Failures of a tier in a row after which it is left alone.</summary>
    [Range(1, 1000)]
    public int BreakerFailures { get; set; } = 3;

    /// <summary>How long a failing tier is left alone before one call tries it again.</summary>
    [Range(typeof(TimeSpan), "00:00:00.010", "00:05:00")]
    public TimeSpan BreakerPause { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>Entries larger than this are taken for corrupt and never transferred, bytes.</summary>
    [Range(1024, 104_857_600)]
    public int MaximumEntryBytes { get; set; } = 1_048_576;

    /// <summary>How long the right to compute a key lasts without a sign of life; a holder that crashed delays the others by this much.</summary>
    [Range(typeof(TimeSpan), "00:00:00.200", "00:01:00")]
    public TimeSpan LeaseDuration { get; set; } = TimeSpan.FromSeconds(3);

    /// <summary>Longest wait for what another replica computes; after it this one computes too.</summary>
    [Range(typeof(TimeSpan), "00:00:00.100", "00:01:00")]
    public TimeSpan LeaseWait { get; set; } = TimeSpan.FromSeconds(8);
}
