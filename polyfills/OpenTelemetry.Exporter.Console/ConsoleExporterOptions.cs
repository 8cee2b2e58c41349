namespace OpenTelemetry.Exporter;

/// <summary>Options of the console exporter.</summary>
public class ConsoleExporterOptions
{
    /// <summary>Where the text goes. Default: the console.</summary>
    public ConsoleExporterOutputTargets Targets { get; set; } = ConsoleExporterOutputTargets.Console;
}

/// <summary>Where the console exporter writes.</summary>
[Flags]
public enum ConsoleExporterOutputTargets
{
    /// <summary>Standard output.</summary>
    Console = 1,

    /// <summary>The debugger's output.</summary>
    Debug = 2,
}
