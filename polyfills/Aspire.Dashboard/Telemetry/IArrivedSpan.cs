namespace Aspire.Dashboard.Telemetry;

/// <summary>A span as it arrived: perhaps still encoded.</summary>
internal interface IArrivedSpan
{
    string TraceId { get; }

    ulong SpanId { get; }

    SpanRecord Read();
}
