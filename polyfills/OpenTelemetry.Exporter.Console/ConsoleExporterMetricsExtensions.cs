using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using OpenTelemetry.Exporter;

namespace OpenTelemetry.Metrics;

/// <summary>Writes metrics to the console.</summary>
public static class ConsoleExporterMetricsExtensions
{
    // An interval of the reader's own; the periodic reader's default of a minute is long for somebody who watches.
    private const int DefaultIntervalMilliseconds = 10_000;

    /// <summary>Writes all metrics every 10 s.</summary>
    public static MeterProviderBuilder AddConsoleExporter(this MeterProviderBuilder builder)
        => builder.AddConsoleExporter(name: null, configureExporterAndMetricReader: null);

    /// <summary>Writes all metrics every 10 s.</summary>
    public static MeterProviderBuilder AddConsoleExporter(this MeterProviderBuilder builder, Action<ConsoleExporterOptions> configureExporter)
        => builder.AddConsoleExporter(name: null, configureExporter);

    /// <summary>Writes all metrics every 10 s, with the options of that name.</summary>
    public static MeterProviderBuilder AddConsoleExporter(this MeterProviderBuilder builder, string? name, Action<ConsoleExporterOptions>? configureExporter)
        => builder.AddConsoleExporter(name, configureExporter is null ? null : (exporter, _) => configureExporter(exporter));

    /// <summary>Writes all metrics in the reader's interval.</summary>
    public static MeterProviderBuilder AddConsoleExporter(
        this MeterProviderBuilder builder,
        Action<ConsoleExporterOptions, MetricReaderOptions>? configureExporterAndMetricReader)
        => builder.AddConsoleExporter(name: null, configureExporterAndMetricReader);

    /// <summary>Writes all metrics in the reader's interval, with the options of that name.</summary>
    public static MeterProviderBuilder AddConsoleExporter(
        this MeterProviderBuilder builder,
        string? name,
        Action<ConsoleExporterOptions, MetricReaderOptions>? configureExporterAndMetricReader)
    {
        ArgumentNullException.ThrowIfNull(builder);
        name ??= Options.DefaultName;

        return builder.AddReader(services =>
        {
            var exporter = services.GetRequiredService<IOptionsMonitor<ConsoleExporterOptions>>().Get(name);
            var reader = services.GetRequiredService<IOptionsMonitor<MetricReaderOptions>>().Get(name);
            configureExporterAndMetricReader?.Invoke(exporter, reader);
            var periodic = reader.PeriodicExportingMetricReaderOptions;
            return new PeriodicExportingMetricReader(
                new ConsoleMetricExporter(exporter),
                periodic.ExportIntervalMilliseconds ?? DefaultIntervalMilliseconds,
                periodic.ExportTimeoutMilliseconds ?? Timeout.Infinite)
            {
                TemporalityPreference = reader.TemporalityPreference,
            };
        });
    }
}
