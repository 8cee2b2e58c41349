using System.ComponentModel.DataAnnotations;

namespace Platform.Gateway.RateLimiting;

/// <summary>Token buckets per user and endpoint, section <c>gateway:rateLimit</c> (I3).</summary>
internal sealed class RateLimitOptions
{
    public const string Section = "gateway:rateLimit";

    /// <summary>False admits everything.</summary>
    public bool Enabled { get; set; } = true;

    /// <summary>Tokens that come back every minute, for each user and endpoint.</summary>
    [Range(1, 1_000_000)]
    public int PermitsPerMinute { get; set; } = 600;

    /// <summary>Most tokens that a user can have saved up.</summary>
    [Range(1, 1_000_000)]
    public int Burst { get; set; } = 120;

    /// <summary>Longest wait for the shared bucket before the local one decides.</summary>
    [Range(typeof(TimeSpan), "00:00:00.001", "00:00:01")]
    public TimeSpan SharedTimeout { get; set; } = TimeSpan.FromMilliseconds(50);

    /// <summary>How long the local bucket decides alone after the shared one could not be reached.</summary>
    [Range(typeof(TimeSpan), "00:00:00.100", "00:01:00")]
    public TimeSpan SharedCoolDown { get; set; } = TimeSpan.FromSeconds(1);
}
