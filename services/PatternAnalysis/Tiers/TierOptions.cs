using System.ComponentModel.DataAnnotations;

namespace Platform.PatternAnalysis.Tiers;

/// <summary>Section <c>patterns:cache</c>. Defaults from requirement C3.</summary>
internal sealed class TierOptions
{
    public const string Section = "patterns:cache";

    /// <summary>Customers kept in memory, least recently used dropped first.</summary>
    [Range(1, 1_000_000)]
    public int MemoryEntries { get; set; } = 1000;

    /// <summary>Age up to which kept patterns are served without a new look; also the life of an entry in Redis.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "30.00:00:00")]
    public TimeSpan Freshness { get; set; } = TimeSpan.FromHours(24);

    /// <summary>Each entry expires earlier by a random share of up to this, so that entries made together do not expire together.</summary>
    [Range(0.0, 0.5)]
    public double ExpiryJitter { get; set; } = 0.1;

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

    /// <summary>Entries larger than this are taken for corrupt, bytes.</summary>
    [Range(1024, 104_857_600)]
    public int MaximumEntryBytes { get; set; } = 1_048_576;
}
