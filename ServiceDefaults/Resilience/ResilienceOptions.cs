using System.ComponentModel.DataAnnotations;

namespace Platform.ServiceDefaults;

/// <summary>Section <c>resilience</c>: limits of calls between services.</summary>
public sealed class ResilienceOptions
{
    public const string Section = "resilience";

    /// <summary>Limit of a call whose caller set none, 30 s: the longest model attempt of requirement E1.</summary>
    [Range(typeof(TimeSpan), "00:00:00.1", "00:10:00")]
    public TimeSpan DefaultDeadline { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>Taken off the caller's deadline at every hop, 10 ms, so that the callee's error is back before the caller gives up.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:00:01")]
    public TimeSpan DeadlineMargin { get; set; } = TimeSpan.FromMilliseconds(10);

    /// <summary>Limit of connecting to a service, 1 s: neighbours are one network hop away.</summary>
    [Range(typeof(TimeSpan), "00:00:00.05", "00:00:30")]
    public TimeSpan ConnectTimeout { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>Limit until the response headers of one attempt, 2 min. Deadlines are shorter; this ends calls that somebody left without one.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "01:00:00")]
    public TimeSpan AttemptTimeout { get; set; } = TimeSpan.FromMinutes(2);

    /// <summary>Share of calls that must fail to connect before the breaker of a service opens, 0.5.</summary>
    [Range(0.01, 1.0)]
    public double BreakerFailureRatio { get; set; } = 0.5;

    /// <summary>Calls within <see cref="BreakerSamplingDuration"/> below which the breaker does not judge, 10.</summary>
    [Range(2, 100_000)]
    public int BreakerMinimumThroughput { get; set; } = 10;

    /// <summary>Window of the breaker's statistics, 5 s.</summary>
    [Range(typeof(TimeSpan), "00:00:00.5", "00:10:00")]
    public TimeSpan BreakerSamplingDuration { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>How long an open breaker refuses at once, 1 s: a restarted service has its callers back within 3 s (bar F1).</summary>
    [Range(typeof(TimeSpan), "00:00:00.5", "00:10:00")]
    public TimeSpan BreakDuration { get; set; } = TimeSpan.FromSeconds(1);
}
