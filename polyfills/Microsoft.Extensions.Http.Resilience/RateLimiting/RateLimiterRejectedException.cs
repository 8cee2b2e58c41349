namespace Polly.RateLimiting;

/// <summary>A rate limiter refused the execution.</summary>
public sealed class RateLimiterRejectedException : ExecutionRejectedException
{
    /// <summary>A refusal.</summary>
    public RateLimiterRejectedException()
        : base("The execution was refused by the rate limiter.")
    {
    }

    /// <summary>A refusal, with the time after which another attempt makes sense.</summary>
    public RateLimiterRejectedException(TimeSpan retryAfter)
        : base($"The execution was refused by the rate limiter. It may be attempted again after '{retryAfter}'.")
        => RetryAfter = retryAfter;

    /// <summary>A refusal.</summary>
    public RateLimiterRejectedException(string message)
        : base(message)
    {
    }

    /// <summary>A refusal with its cause.</summary>
    public RateLimiterRejectedException(string message, Exception inner)
        : base(message, inner)
    {
    }

    /// <summary>When another attempt makes sense; null when the limiter does not say.</summary>
    public TimeSpan? RetryAfter { get; }
}
