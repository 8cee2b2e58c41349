using System.Diagnostics;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Logging;

namespace Platform.ServiceDefaults;

/// <summary>
/// Counts requests that are being served, creates the request context of plain HTTP requests and writes one line per request; gRPC calls get theirs
/// from <see cref="RequestContextServerInterceptor"/>.
/// </summary>
internal sealed partial class RequestContextMiddleware(
    RequestDelegate next,
    IRequestContextAccessor accessor,
    ActiveRequests requests,
    TimeProvider time,
    ILogger<RequestContextMiddleware> logger)
{
    public async Task InvokeAsync(HttpContext http)
    {
        using var active = requests.Enter(http.Request);
        if (http.Request.ContentType?.StartsWith("application/grpc", StringComparison.OrdinalIgnoreCase) == true)
        {
            // RpcServerMetrics times the call, and knows how it ended.
            if (http.Features.Get<IHttpMetricsTagsFeature>() is { } metrics)
            {
                metrics.MetricsDisabled = true;
            }

            await next(http);
            return;
        }

        var context = RequestHeaders.Read(name => http.Request.Headers[name], deadline: null);
        http.TraceIdentifier = context.RequestId;
        http.Response.Headers[RequestHeaders.RequestId] = context.RequestId;
        RequestContextScope.Tag(Activity.Current, context);
        using var current = accessor.Use(context);
        using var scope = logger.BeginScope(new RequestContextScope(context));
        var started = time.GetTimestamp();
        await next(http);
        if (!IsPolled(http.Request.Path))
        {
            Log.Served(
                logger, http.Request.Method, http.Request.Path, http.Response.StatusCode, time.GetElapsedTime(started).TotalMilliseconds);
        }
    }

    // Probes and scrapers ask every few seconds and tell about no request.
    private static bool IsPolled(PathString path) => path.StartsWithSegments("/health") || path.StartsWithSegments("/metrics") || path == KeptTraces.Path;

    /// <summary>Puts the middleware before everything a service adds, so that its own middleware has a context.</summary>
    internal sealed class First : IStartupFilter
    {
        public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) => app =>
        {
            app.UseMiddleware<RequestContextMiddleware>();
            next(app);
        };
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Information, "{Method} {Path} ended with {Status} after {Milliseconds:0.0} ms", EventName = "RequestServed")]
        public static partial void Served(ILogger logger, string method, string? path, int status, double milliseconds);
    }
}
