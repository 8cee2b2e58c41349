using System.Globalization;
using Platform.Gateway.Problems;
using Platform.Gateway.Telemetry;
using Platform.ServiceDefaults;

namespace Platform.Gateway.RateLimiting;

/// <summary>Puts endpoints under the rate limit.</summary>
internal static class RateLimitFilter
{
    public static TBuilder RequireRateLimit<TBuilder>(this TBuilder builder, string endpoint)
        where TBuilder : IEndpointConventionBuilder =>
        builder.AddEndpointFilter(async (invocation, next) =>
        {
            HttpContext http = invocation.HttpContext;
            RequestContext context = http.RequestServices.GetRequiredService<IRequestContextAccessor>().Current;
            RateLimiter limiter = http.RequestServices.GetRequiredService<RateLimiter>();
            RateDecision decision = await limiter.TakeAsync(context.OrganizationId, context.UserId, endpoint, http.RequestAborted);
            if (decision.Admitted)
            {
                return await next(invocation);
            }

            http.RequestServices.GetRequiredService<GatewayMetrics>().RateLimited(endpoint, decision.Shared);
            int seconds = Math.Max(1, (int)Math.Ceiling(decision.RetryAfter.TotalSeconds));
            http.Response.Headers.RetryAfter = seconds.ToString(CultureInfo.InvariantCulture);
            return ProblemMapping.Problem(
                http, StatusCodes.Status429TooManyRequests, "Too many requests",
                $"The limit of this endpoint is used up. Try again in {seconds} {(seconds == 1 ? "second" : "seconds")}.");
        });
}
