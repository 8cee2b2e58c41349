namespace Aspire.Dashboard.Telemetry;

/// <summary>The spans of one trace as far as they arrived. Not safe for concurrent use.</summary>
internal sealed class Trace(string id)
{
    /// <summary>More spans of one trace are left out: nobody reads them, and one loop must not fill the memory.</summary>
    private const int MostSpans = 20_000;

    private const int Few = 256;

    private readonly List<IArrivedSpan> arrived = [];
    private readonly List<SpanRecord> spans = [];
    private readonly List<ulong> ids = [];
    private HashSet<ulong>? known;
    private TraceSummary? summary;

    public string Id { get; } = id;

    public int Count => arrived.Count;

    /// <summary>The spans that arrived; what was encoded is read now.</summary>
    public List<SpanRecord> Spans
    {
        get
        {
            while (spans.Count < arrived.Count)
            {
                var span = arrived[spans.Count].Read();
                arrived[spans.Count] = span;
                spans.Add(span);
            }

            return spans;
        }
    }

    public TraceSummary Summary => summary ??= Summarize();

    /// <returns>False for a span that is there already (exporters repeat what was not confirmed) or is one too many.</returns>
    public bool Add(IArrivedSpan span)
    {
        if (arrived.Count >= MostSpans || Knows(span.SpanId))
        {
            return false;
        }

        arrived.Add(span);
        ids.Add(span.SpanId);
        summary = null;
        return true;
    }

    private bool Knows(ulong spanId)
    {
        if (ids.Count < Few)
        {
            return ids.Contains(spanId);
        }

        known ??= [.. ids];
        return !known.Add(spanId);
    }

    private TraceSummary Summarize()
    {
        var spans = Spans;
        var root = spans.Find(span => span.ParentId == 0) ?? spans.MinBy(span => span.Start)!;
        var start = spans.Min(span => span.Start);
        return new TraceSummary(
            Id,
            root.Name,
            root.Source.Service,
            start,
            spans.Max(span => span.End) - start,
            spans.Count,
            spans.Count(span => span.Failed),
            spans.Exists(span => SpanTopic.Of(span) == SpanTopic.GenAi),
            [.. spans.GroupBy(span => span.Source.Service).Select(group => new ServiceCount(group.Key, group.Count(), group.Count(span => span.Failed)))],
            root.ParentId == 0);
    }
}

/// <summary>One line of the list of traces. Times in nanoseconds.</summary>
internal sealed record TraceSummary(
    string TraceId, string Name, string Service, long Start, long Duration, int Spans, int Errors, bool CallsModel, IReadOnlyList<ServiceCount> Services, bool HasRoot);

internal sealed record ServiceCount(string Service, int Spans, int Errors);

/// <summary>Which traces to list.</summary>
internal sealed record TraceQuery
{
    public string? Service { get; init; }

    /// <summary>Part of a span's name, of an attribute's value, or the trace's id.</summary>
    public string? Text { get; init; }

    /// <summary>Shortest duration in nanoseconds.</summary>
    public long MinimumDuration { get; init; }

    public bool OnlyErrors { get; init; }

    /// <summary>One of <see cref="SpanTopic"/>.</summary>
    public string? Topic { get; init; }

    public int Limit { get; init; } = 200;

    public bool Matches(Trace trace)
    {
        var summary = trace.Summary;
        return summary.Duration >= MinimumDuration
            && (!OnlyErrors || summary.Errors > 0)
            && (Service is null || summary.Services.Any(service => service.Service == Service))
            && (Topic is null || trace.Spans.Any(span => SpanTopic.Of(span) == Topic))
            && (Text is null || trace.Id.StartsWith(Text, StringComparison.OrdinalIgnoreCase) || trace.Spans.Any(Mentions));
    }

    private bool Mentions(SpanRecord span) =>
        span.Name.Contains(Text!, StringComparison.OrdinalIgnoreCase)
        || Array.Exists(span.Attributes, pair => pair.Value.Contains(Text!, StringComparison.OrdinalIgnoreCase));
}

/// <summary>What a span is about, told by the attributes of OpenTelemetry's semantic conventions.</summary>
internal static class SpanTopic
{
    public const string GenAi = "genai";
    public const string Database = "database";
    public const string Messaging = "messaging";
    public const string Rpc = "rpc";
    public const string Http = "http";
    public const string Other = "other";

    public static string Of(SpanRecord span)
    {
        var topic = Other;
        foreach (var (key, _) in span.Attributes)
        {
            if (key.StartsWith("gen_ai.", StringComparison.Ordinal))
            {
                return GenAi;
            }

            topic = key.StartsWith("db.", StringComparison.Ordinal) ? Database
                : key.StartsWith("messaging.", StringComparison.Ordinal) ? Messaging
                : key.StartsWith("rpc.", StringComparison.Ordinal) ? Rpc
                : topic == Other && (key.StartsWith("http.", StringComparison.Ordinal) || key.StartsWith("url.", StringComparison.Ordinal)) ? Http
                : topic;
        }

        return topic;
    }
}
