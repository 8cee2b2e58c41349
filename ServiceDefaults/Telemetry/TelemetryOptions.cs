using System.ComponentModel.DataAnnotations;

namespace Platform.ServiceDefaults;

/// <summary>Section <c>telemetry</c>.</summary>
public sealed class TelemetryOptions
{
    public const string Section = "telemetry";

    /// <summary>Share of traces that are kept when the caller did not decide, 1.0. Read at start.</summary>
    [Range(0.0, 1.0)]
    public double TraceSampling { get; set; } = 1.0;

    /// <summary>Writes spans to the console in Development, false. Read at start.</summary>
    public bool ConsoleTraces { get; set; }

    /// <summary>The rolling log file.</summary>
    public LogFileOptions LogFile { get; set; } = new();
}
