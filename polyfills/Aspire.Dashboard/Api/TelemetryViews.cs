using Aspire.Dashboard.Telemetry;

namespace Aspire.Dashboard.Api;

/// <summary>Records as the page reads them: times in milliseconds, since 1970 where they are moments; ids in hexadecimal digits.</summary>
internal static class TelemetryViews
{
    private const double Milliseconds = 1e6;

    public static object Of(TraceSummary trace) => new
    {
        trace.TraceId,
        trace.Name,
        trace.Service,
        start = trace.Start / Milliseconds,
        duration = trace.Duration / Milliseconds,
        trace.Spans,
        trace.Errors,
        trace.CallsModel,
        trace.Services,
        trace.HasRoot,
    };

    public static object Of(string traceId, IReadOnlyList<SpanRecord> spans, IReadOnlyList<LogEntry> logs)
    {
        var start = spans.Min(span => span.Start);
        var critical = CriticalPath.Of(spans);
        return new
        {
            traceId,
            start = start / Milliseconds,
            duration = (spans.Max(span => span.End) - start) / Milliseconds,
            spans = SpanTree.Order(spans).Select(node => new
            {
                id = Filter.Id(node.Span.SpanId),
                parentId = node.Span.ParentId == 0 ? null : Filter.Id(node.Span.ParentId),
                node.Depth,
                node.Span.Name,
                kind = node.Span.Kind.ToString(),
                topic = SpanTopic.Of(node.Span),
                service = node.Span.Source.Service,
                instance = node.Span.Source.Instance,
                node.Span.Scope,
                start = (node.Span.Start - start) / Milliseconds,
                duration = node.Span.Duration / Milliseconds,
                critical = critical.TryGetValue(node.Span.SpanId, out var own) ? own / Milliseconds : (double?)null,
                node.Span.Failed,
                node.Span.StatusMessage,
                node.Span.Attributes,
                events = node.Span.Events.Select(e => new { time = (e.Time - start) / Milliseconds, e.Name, e.Attributes }),
                links = node.Span.Links.Select(link => new { link.TraceId, spanId = Filter.Id(link.SpanId) }),
            }),
            logs = logs.Reverse().Select(Of),
        };
    }

    public static object Of(LogEntry entry) => new
    {
        entry.Sequence,
        time = entry.Time / Milliseconds,
        entry.Severity,
        entry.Message,
        entry.Category,
        service = entry.Source.Service,
        entry.TraceId,
        entry.SpanId,
        entry.Attributes,
    };

    public static object Of(InstrumentDescription instrument) => new
    {
        instrument.Key.Service,
        instrument.Key.Scope,
        instrument.Key.Name,
        kind = instrument.Kind.ToString(),
        instrument.Unit,
        instrument.Description,
    };

    public static object Of(MetricChart chart) => new
    {
        instrument = Of(chart.Instrument),
        chart.Unit,
        chart.Times,
        chart.Lines,
        chart.Dimensions,
        chart.Total,
        exemplars = chart.Exemplars.Select(exemplar => new { time = exemplar.Time / 1e9, exemplar.Value, exemplar.TraceId, exemplar.SpanId }),
    };
}
