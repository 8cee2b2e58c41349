using Aspire.Dashboard.Telemetry;

namespace Aspire.Dashboard.Ingestion;

/// <summary>Encoded records of one request that have source and scope in common.</summary>
internal sealed record PackedRecords(TelemetryReader Reader, byte[] Message, TelemetrySource Source, string Scope);

/// <summary>A span that nobody has looked at: most are dropped before anybody does, and to read them is most of what receiving them takes.</summary>
internal sealed class PackedSpan(PackedRecords records, string traceId, ulong spanId, int start, int length) : IArrivedSpan
{
    public string TraceId => traceId;

    public ulong SpanId => spanId;

    public SpanRecord Read() => records.Reader.ReadSpan(records, this, start, length);
}

/// <summary>A log entry that nobody has looked at.</summary>
internal sealed class PackedEntry(PackedRecords records, int severity, string? traceId, int start, int length) : IArrivedEntry
{
    public int Severity => severity;

    public string? TraceId => traceId;

    public TelemetrySource Source => records.Source;

    public LogEntry Read() => records.Reader.ReadEntry(records, this, start, length);
}
