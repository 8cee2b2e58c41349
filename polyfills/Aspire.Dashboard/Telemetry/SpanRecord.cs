namespace Aspire.Dashboard.Telemetry;

/// <summary>Kinds of OTLP, in its numbering.</summary>
internal enum SpanKind
{
    Unspecified,
    Internal,
    Server,
    Client,
    Producer,
    Consumer,
}

/// <summary>One span. Times are nanoseconds since 1970.</summary>
internal sealed record SpanRecord(
    string TraceId, ulong SpanId, ulong ParentId, string Name, SpanKind Kind, long Start, long End, TelemetrySource Source, string Scope) : IArrivedSpan
{
    public bool Failed { get; init; }

    public string StatusMessage { get; init; } = string.Empty;

    public KeyValuePair<string, string>[] Attributes { get; init; } = [];

    public SpanEventRecord[] Events { get; init; } = [];

    public SpanLinkRecord[] Links { get; init; } = [];

    public long Duration => End - Start;

    public SpanRecord Read() => this;

    public string? Attribute(string key)
    {
        foreach (var (name, value) in Attributes)
        {
            if (string.Equals(name, key, StringComparison.Ordinal))
            {
                return value;
            }
        }

        return null;
    }
}

internal sealed record SpanEventRecord(long Time, string Name, KeyValuePair<string, string>[] Attributes);

internal sealed record SpanLinkRecord(string TraceId, ulong SpanId);
