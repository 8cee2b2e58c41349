using Aspire.Dashboard.Telemetry;

namespace Aspire.Dashboard.Tests;

/// <summary>Spans for tests; times in milliseconds after a fixed moment.</summary>
internal static class Spans
{
    public const long Origin = 1_772_366_400_000_000_000;
    private const long Millisecond = 1_000_000;

    public static SpanRecord Of(
        ulong id, ulong parent = 0, double start = 0, double end = 10, string trace = "a", string service = "web", string name = "work", bool failed = false,
        params (string Key, string Value)[] attributes) =>
        new(
            trace.PadLeft(32, '0'), id, parent, name, SpanKind.Internal, Origin + (long)(start * Millisecond), Origin + (long)(end * Millisecond),
            new TelemetrySource(service, string.Empty), "tests")
        {
            Failed = failed,
            Attributes = [.. attributes.Select(pair => KeyValuePair.Create(pair.Key, pair.Value))],
        };
}
