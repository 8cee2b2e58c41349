using Microsoft.Extensions.Configuration;

namespace Aspire.Dashboard.Telemetry;

/// <summary>
/// How much is kept in memory; the oldest goes first. Configuration keys are those of the official dashboard,
/// <c>DASHBOARD:TELEMETRYLIMITS:*</c>, and <c>MAXSPANCOUNT</c>, which bounds all traces together.
/// </summary>
internal sealed record TelemetryLimits
{
    /// <summary>Traces, 10,000.</summary>
    public int MaxTraceCount { get; init; } = 10_000;

    /// <summary>Spans of all traces, 150,000.</summary>
    public int MaxSpanCount { get; init; } = 150_000;

    /// <summary>Structured log entries of all resources, 100,000.</summary>
    public int MaxLogCount { get; init; } = 100_000;

    /// <summary>Points kept of one series, 900.</summary>
    public int MaxPointCount { get; init; } = 900;

    /// <summary>Series of all instruments; more are counted and not kept, 10,000.</summary>
    public int MaxSeriesCount { get; init; } = 10_000;

    /// <summary>Attributes of a span, event or entry, 128.</summary>
    public int MaxAttributeCount { get; init; } = 128;

    /// <summary>Characters of an attribute's value, 4,096.</summary>
    public int MaxAttributeLength { get; init; } = 4_096;

    /// <summary>Events of a span, 256.</summary>
    public int MaxSpanEventCount { get; init; } = 256;

    public static TelemetryLimits Read(IConfiguration configuration)
    {
        var section = configuration.GetSection("DASHBOARD:TELEMETRYLIMITS");
        var defaults = new TelemetryLimits();
        return new TelemetryLimits
        {
            MaxTraceCount = Value("MAXTRACECOUNT", defaults.MaxTraceCount),
            MaxSpanCount = Value("MAXSPANCOUNT", defaults.MaxSpanCount),
            MaxLogCount = Value("MAXLOGCOUNT", defaults.MaxLogCount),
            MaxPointCount = Value("MAXMETRICSCOUNT", defaults.MaxPointCount),
            MaxAttributeCount = Value("MAXATTRIBUTECOUNT", defaults.MaxAttributeCount),
            MaxAttributeLength = Value("MAXATTRIBUTELENGTH", defaults.MaxAttributeLength),
            MaxSpanEventCount = Value("MAXSPANEVENTCOUNT", defaults.MaxSpanEventCount),
        };

        int Value(string key, int otherwise) =>
            section[key] is not { Length: > 0 } text ? otherwise
            : int.TryParse(text, out var value) && value > 0 ? value
            : throw new InvalidOperationException($"DASHBOARD:TELEMETRYLIMITS:{key} is '{text}'; allowed is a whole number above 0.");
    }
}
