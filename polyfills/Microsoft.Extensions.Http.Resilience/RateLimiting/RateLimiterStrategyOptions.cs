using System.ComponentModel.DataAnnotations;
using System.Threading.RateLimiting;

namespace Polly.RateLimiting;

/// <summary>How many executions may run at once, or how they are limited otherwise.</summary>
public class RateLimiterStrategyOptions : ResilienceStrategyOptions
{
    /// <summary>Options named <c>RateLimiter</c>.</summary>
    public RateLimiterStrategyOptions() => Name = "RateLimiter";

    /// <summary>The limiter's own rule when it is null: it asks for a permit for each execution and keeps it until the end.</summary>
    public Func<RateLimiterArguments, ValueTask<RateLimitLease>>? RateLimiter { get; set; }

    /// <summary>The concurrency limit used without <see cref="RateLimiter"/>. Default: 1,000 permits, no queue.</summary>
    [Required]
    public ConcurrencyLimiterOptions DefaultRateLimiterOptions { get; set; } = new() { PermitLimit = 1000, QueueLimit = 0 };

    /// <summary>Called when an execution is refused, before the exception is thrown.</summary>
    public Func<OnRateLimiterRejectedArguments, ValueTask>? OnRejected { get; set; }
}
