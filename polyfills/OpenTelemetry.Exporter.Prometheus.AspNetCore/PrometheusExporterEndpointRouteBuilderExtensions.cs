using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using OpenTelemetry.Exporter;
using OpenTelemetry.Exporter.Prometheus.Scrape;
using OpenTelemetry.Metrics;

namespace Microsoft.AspNetCore.Builder;

/// <summary>Maps the scrape endpoint.</summary>
public static class PrometheusExporterEndpointRouteBuilderExtensions
{
    /// <summary>Maps the endpoint at the path of the options.</summary>
    public static IEndpointConventionBuilder MapPrometheusScrapingEndpoint(this IEndpointRouteBuilder endpoints)
        => endpoints.MapPrometheusScrapingEndpoint(path: null, meterProvider: null, configureBranchedPipeline: null, optionsName: null);

    /// <summary>Maps the endpoint at a path.</summary>
    public static IEndpointConventionBuilder MapPrometheusScrapingEndpoint(this IEndpointRouteBuilder endpoints, string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        return endpoints.MapPrometheusScrapingEndpoint(path, meterProvider: null, configureBranchedPipeline: null, optionsName: null);
    }

    /// <summary>Maps the endpoint at the path, or at that of the options.</summary>
    /// <param name="endpoints">The routes.</param>
    /// <param name="path">The endpoint's path; null takes that of the options.</param>
    /// <param name="meterProvider">The provider with the exporter; null takes the registered one.</param>
    /// <param name="configureBranchedPipeline">Middleware in front of the endpoint.</param>
    /// <param name="optionsName">The name of the options.</param>
    public static IEndpointConventionBuilder MapPrometheusScrapingEndpoint(
        this IEndpointRouteBuilder endpoints,
        string? path,
        MeterProvider? meterProvider,
        Action<IApplicationBuilder>? configureBranchedPipeline,
        string? optionsName)
    {
        ArgumentNullException.ThrowIfNull(endpoints);

        // The provider first: creating it runs the configuration that may change the path.
        meterProvider ??= endpoints.ServiceProvider.GetRequiredService<MeterProvider>();
        path ??= endpoints.ServiceProvider.GetRequiredService<IOptionsMonitor<PrometheusAspNetCoreOptions>>()
            .Get(optionsName ?? Options.DefaultName).ScrapeEndpointPath ?? "/metrics";

        var pipeline = endpoints.CreateApplicationBuilder();
        configureBranchedPipeline?.Invoke(pipeline);
        pipeline.Run(new ScrapeEndpoint(meterProvider).AnswerAsync);
        return endpoints
            .Map(path.StartsWith('/') ? path : $"/{path}", pipeline.Build())
            .WithDisplayName("OpenTelemetry Prometheus metrics");
    }
}
