using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;

namespace Platform.ServiceDefaults;

internal static class HealthExtensions
{
    /// <summary>Limit of a check that sets none.</summary>
    private static readonly TimeSpan CheckLimit = TimeSpan.FromSeconds(2);

    internal static void AddPlatformHealth(this IHostApplicationBuilder builder)
    {
        builder.Services.TryAddSingleton<ServiceHealthReports>();
        builder.Services.AddHealthChecks()
            .AddCheck("process", () => HealthCheckResult.Healthy("The process answers"), [HealthTags.Required])
            .AddCheck<ConfigurationHealthCheck>("configuration");
        builder.Services.PostConfigure<HealthCheckServiceOptions>(options =>
        {
            foreach (var check in options.Registrations.Where(check => check.Timeout == Timeout.InfiniteTimeSpan))
            {
                check.Timeout = CheckLimit;
            }
        });
    }

    internal static void MapPlatformHealth(this IEndpointRouteBuilder endpoints)
    {
        endpoints.MapGet("/health", async (ServiceHealthReports reports, CancellationToken cancellationToken) =>
            {
                var health = await reports.CurrentAsync(cancellationToken);
                return TypedResults.Json(health, statusCode: health.Ready ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable);
            })
            .OnHttpEndpointOnly();
        endpoints.MapGet("/health/live", () => TypedResults.Json(new { status = ComponentStatus.Healthy }))
            .OnHttpEndpointOnly();
        endpoints.MapGet("/health/ready", async (ServiceHealthReports reports, CancellationToken cancellationToken) =>
            {
                var health = await reports.CurrentAsync(cancellationToken);
                return TypedResults.Json(
                    new { status = health.Status, ready = health.Ready },
                    statusCode: health.Ready ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable);
            })
            .OnHttpEndpointOnly();
    }

    /// <summary>Hides an endpoint from the gRPC port, which speaks HTTP/2 only.</summary>
    internal static TBuilder OnHttpEndpointOnly<TBuilder>(this TBuilder endpoint)
        where TBuilder : IEndpointConventionBuilder
    {
        endpoint.Add(builder =>
        {
            var inner = builder.RequestDelegate;
            builder.RequestDelegate = context =>
            {
                if (HttpProtocol.IsHttp2(context.Request.Protocol))
                {
                    context.Response.StatusCode = StatusCodes.Status404NotFound;
                    return Task.CompletedTask;
                }

                return inner!(context);
            };
            builder.Metadata.Add(new ExcludeFromDescriptionAttribute());
        });
        return endpoint;
    }
}
