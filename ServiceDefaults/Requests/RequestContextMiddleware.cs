using System.Diagnostics;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Platform.ServiceDefaults;

/// <summary>Creates the request context of plain HTTP requests; gRPC calls get theirs from <see cref="RequestContextServerInterceptor"/>.</summary>
internal sealed class RequestContextMiddleware(
    RequestDelegate next,
    IRequestContextAccessor accessor,
    ILogger<RequestContextMiddleware> logger)
{
    public async Task InvokeAsync(HttpContext http)
    {
        if (http.Request.ContentType?.StartsWith("application/grpc", StringComparison.OrdinalIgnoreCase) == true)
        {
            await next(http);
            return;
        }

        var context = RequestHeaders.Read(name => http.Request.Headers[name], deadline: null);
        http.TraceIdentifier = context.RequestId;
        http.Response.Headers[RequestHeaders.RequestId] = context.RequestId;
        RequestContextScope.Tag(Activity.Current, context);
        using var current = accessor.Use(context);
        using var scope = logger.BeginScope(new RequestContextScope(context));
        await next(http);
    }

    /// <summary>Puts the middleware before everything a service adds, so that its own middleware has a context.</summary>
    internal sealed class First : IStartupFilter
    {
        public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) => app =>
        {
            app.UseMiddleware<RequestContextMiddleware>();
            next(app);
        };
    }
}
