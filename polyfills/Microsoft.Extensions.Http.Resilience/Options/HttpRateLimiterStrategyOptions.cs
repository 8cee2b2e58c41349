using Polly.RateLimiting;

namespace Microsoft.Extensions.Http.Resilience;

/// <summary>Options of the rate limiter of an HTTP pipeline.</summary>
public class HttpRateLimiterStrategyOptions : RateLimiterStrategyOptions
{
}
