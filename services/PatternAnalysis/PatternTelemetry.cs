using System.Diagnostics;

namespace Platform.PatternAnalysis;

internal static class PatternTelemetry
{
    public static ActivitySource Source { get; } = new("Platform.PatternAnalysis");
}
