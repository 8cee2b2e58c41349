using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using OpenTelemetry.Exporter;
using OpenTelemetry.Exporter.Prometheus.Scrape;
using OpenTelemetry.Metrics;

namespace Microsoft.AspNetCore.Builder;

/// <summary>Adds the scrape endpoint as middleware.</summary>
public static class PrometheusExporterApplicationBuilderExtensions
{
    /// <summary>Answers scrapes at the path of the options.</summary>
    public static IApplicationBuilder UseOpenTelemetryPrometheusScrapingEndpoint(this IApplicationBuilder app)
        => app.UseOpenTelemetryPrometheusScrapingEndpoint(meterProvider: null, predicate: null, path: null, configureBranchedPipeline: null, optionsName: null);

    /// <summary>Answers scrapes at a path.</summary>
    public static IApplicationBuilder UseOpenTelemetryPrometheusScrapingEndpoint(this IApplicationBuilder app, string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        return app.UseOpenTelemetryPrometheusScrapingEndpoint(meterProvider: null, predicate: null, path, configureBranchedPipeline: null, optionsName: null);
    }

    /// <summary>Answers the requests that the predicate accepts.</summary>
    public static IApplicationBuilder UseOpenTelemetryPrometheusScrapingEndpoint(this IApplicationBuilder app, Func<HttpContext, bool> predicate)
    {
        ArgumentNullException.ThrowIfNull(predicate);
        return app.UseOpenTelemetryPrometheusScrapingEndpoint(meterProvider: null, predicate, path: null, configureBranchedPipeline: null, optionsName: null);
    }

    /// <summary>Answers the requests that the predicate accepts, or those at the path, or those at the path of the options.</summary>
    /// <param name="app">The application.</param>
    /// <param name="meterProvider">The provider with the exporter; null takes the registered one.</param>
    /// <param name="predicate">Which requests are scrapes; takes precedence over the path.</param>
    /// <param name="path">The endpoint's path; null takes that of the options.</param>
    /// <param name="configureBranchedPipeline">Middleware in front of the endpoint.</param>
    /// <param name="optionsName">The name of the options.</param>
    public static IApplicationBuilder UseOpenTelemetryPrometheusScrapingEndpoint(
        this IApplicationBuilder app,
        MeterProvider? meterProvider,
        Func<HttpContext, bool>? predicate,
        string? path,
        Action<IApplicationBuilder>? configureBranchedPipeline,
        string? optionsName)
    {
        ArgumentNullException.ThrowIfNull(app);

        // The provider first: creating it runs the configuration that may change the path.
        meterProvider ??= app.ApplicationServices.GetRequiredService<MeterProvider>();
        if (predicate is not null)
        {
            return app.MapWhen(predicate, Branch);
        }

        path ??= app.ApplicationServices.GetRequiredService<IOptionsMonitor<PrometheusAspNetCoreOptions>>()
            .Get(optionsName ?? Options.DefaultName).ScrapeEndpointPath ?? "/metrics";
        return app.Map(path.StartsWith('/') ? path : $"/{path}", Branch);

        void Branch(IApplicationBuilder branch)
        {
            configureBranchedPipeline?.Invoke(branch);
            branch.Run(new ScrapeEndpoint(meterProvider).AnswerAsync);
        }
    }
}
