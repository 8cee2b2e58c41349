using System.ComponentModel.DataAnnotations;

namespace Platform.Gateway.Idempotency;

/// <summary>Repeats of a request that carry its key, section <c>gateway:idempotency</c>.</summary>
internal sealed class IdempotencyOptions
{
    public const string Section = "gateway:idempotency";

    /// <summary>How long an answer can be had again with its key.</summary>
    [Range(typeof(TimeSpan), "00:01:00", "30.00:00:00")]
    public TimeSpan Retention { get; set; } = TimeSpan.FromHours(24);

    /// <summary>Longest wait for Redis before this instance decides alone.</summary>
    [Range(typeof(TimeSpan), "00:00:00.001", "00:00:05")]
    public TimeSpan SharedTimeout { get; set; } = TimeSpan.FromMilliseconds(200);

    /// <summary>Most bytes of answers that this instance keeps while Redis is away.</summary>
    [Range(64 * 1024, 1024L * 1024 * 1024)]
    public long LocalBytes { get; set; } = 8 * 1024 * 1024;
}
