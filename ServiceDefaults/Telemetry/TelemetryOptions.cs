using System.ComponentModel.DataAnnotations;

namespace Platform.ServiceDefaults;

/// <summary>Section <c>telemetry</c>.</summary>
public sealed class TelemetryOptions
{
    public const string Section = "telemetry";

    /// <summary>
    /// Share of traces that are kept, decided where a trace begins and not by its callees, 1.0. Below 1, traces that failed or were slow are
    /// kept all the same (docs/decisions). Read at start.
    /// </summary>
    [Range(0.0, 1.0)]
    public double TraceSampling { get; set; } = 1.0;

    /// <summary>A span that takes so long keeps its trace, 5 s. Read at start.</summary>
    [Range(typeof(TimeSpan), "00:00:00.001", "01:00:00")]
    public TimeSpan SlowTrace { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>Spans that are held in memory until it is known whether their trace is kept, 20,000. Read at start.</summary>
    [Range(100, 1_000_000)]
    public int UndecidedSpans { get; set; } = 20_000;

    /// <summary>How long they are held, 30 s. Read at start.</summary>
    [Range(typeof(TimeSpan), "00:00:00.100", "00:10:00")]
    public TimeSpan UndecidedFor { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>Writes spans to the console in Development, false. Read at start.</summary>
    public bool ConsoleTraces { get; set; }

    /// <summary>The rolling log file.</summary>
    public LogFileOptions LogFile { get; set; } = new();
}
