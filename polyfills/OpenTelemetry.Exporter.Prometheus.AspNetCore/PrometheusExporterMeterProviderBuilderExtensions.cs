using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using OpenTelemetry.Exporter;
using OpenTelemetry.Exporter.Prometheus.Scrape;

namespace OpenTelemetry.Metrics;

/// <summary>Adds the exporter that a Prometheus server reads.</summary>
public static class PrometheusExporterMeterProviderBuilderExtensions
{
    /// <summary>Keeps the metrics for the scrape endpoint, which must be mapped, too.</summary>
    public static MeterProviderBuilder AddPrometheusExporter(this MeterProviderBuilder builder)
        => builder.AddPrometheusExporter(name: null, configure: null);

    /// <summary>Keeps the metrics for the scrape endpoint, which must be mapped, too.</summary>
    public static MeterProviderBuilder AddPrometheusExporter(this MeterProviderBuilder builder, Action<PrometheusAspNetCoreOptions> configure)
        => builder.AddPrometheusExporter(name: null, configure);

    /// <summary>Keeps the metrics for the scrape endpoint, with the options of that name.</summary>
    public static MeterProviderBuilder AddPrometheusExporter(this MeterProviderBuilder builder, string? name, Action<PrometheusAspNetCoreOptions>? configure)
    {
        ArgumentNullException.ThrowIfNull(builder);
        name ??= Options.DefaultName;

        if (configure is not null)
        {
            builder.ConfigureServices(services => services.Configure(name, configure));
        }

        return builder.AddReader(services => new BaseExportingMetricReader(new PrometheusExporter(
            services.GetRequiredService<IOptionsMonitor<PrometheusAspNetCoreOptions>>().Get(name),
            services.GetService<TimeProvider>() ?? TimeProvider.System))
        {
            TemporalityPreference = MetricReaderTemporalityPreference.Cumulative,
        });
    }
}
