using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using OpenTelemetry.Exporter;

namespace OpenTelemetry.Trace;

/// <summary>Writes spans to the console.</summary>
public static class ConsoleExporterHelperExtensions
{
    /// <summary>Writes each span when it ends.</summary>
    public static TracerProviderBuilder AddConsoleExporter(this TracerProviderBuilder builder)
        => builder.AddConsoleExporter(name: null, configure: null);

    /// <summary>Writes each span when it ends.</summary>
    public static TracerProviderBuilder AddConsoleExporter(this TracerProviderBuilder builder, Action<ConsoleExporterOptions> configure)
        => builder.AddConsoleExporter(name: null, configure);

    /// <summary>Writes each span when it ends, with the options of that name.</summary>
    public static TracerProviderBuilder AddConsoleExporter(this TracerProviderBuilder builder, string? name, Action<ConsoleExporterOptions>? configure)
    {
        ArgumentNullException.ThrowIfNull(builder);
        name ??= Options.DefaultName;

        if (configure is not null)
        {
            builder.ConfigureServices(services => services.Configure(name, configure));
        }

        return builder.AddProcessor(services => new SimpleActivityExportProcessor(
            new ConsoleActivityExporter(services.GetRequiredService<IOptionsMonitor<ConsoleExporterOptions>>().Get(name))));
    }
}
