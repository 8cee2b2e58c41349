using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using OpenTelemetry.Exporter;

namespace OpenTelemetry.Logs;

/// <summary>Writes log records to the console.</summary>
public static class ConsoleExporterLoggingExtensions
{
    /// <summary>Writes each record.</summary>
    public static OpenTelemetryLoggerOptions AddConsoleExporter(this OpenTelemetryLoggerOptions loggerOptions)
        => loggerOptions.AddConsoleExporter(configure: null);

    /// <summary>Writes each record.</summary>
    public static OpenTelemetryLoggerOptions AddConsoleExporter(this OpenTelemetryLoggerOptions loggerOptions, Action<ConsoleExporterOptions>? configure)
    {
        ArgumentNullException.ThrowIfNull(loggerOptions);

        var options = new ConsoleExporterOptions();
        configure?.Invoke(options);
        return loggerOptions.AddProcessor(new SimpleLogRecordExportProcessor(new ConsoleLogRecordExporter(options)));
    }

    /// <summary>Writes each record.</summary>
    public static LoggerProviderBuilder AddConsoleExporter(this LoggerProviderBuilder loggerProviderBuilder)
        => loggerProviderBuilder.AddConsoleExporter(name: null, configure: null);

    /// <summary>Writes each record.</summary>
    public static LoggerProviderBuilder AddConsoleExporter(this LoggerProviderBuilder loggerProviderBuilder, Action<ConsoleExporterOptions> configure)
        => loggerProviderBuilder.AddConsoleExporter(name: null, configure);

    /// <summary>Writes each record, with the options of that name.</summary>
    public static LoggerProviderBuilder AddConsoleExporter(
        this LoggerProviderBuilder loggerProviderBuilder,
        string? name,
        Action<ConsoleExporterOptions>? configure)
    {
        ArgumentNullException.ThrowIfNull(loggerProviderBuilder);
        name ??= Options.DefaultName;

        if (configure is not null)
        {
            loggerProviderBuilder.ConfigureServices(services => services.Configure(name, configure));
        }

        return loggerProviderBuilder.AddProcessor(services => new SimpleLogRecordExportProcessor(
            new ConsoleLogRecordExporter(services.GetRequiredService<IOptionsMonitor<ConsoleExporterOptions>>().Get(name))));
    }
}
