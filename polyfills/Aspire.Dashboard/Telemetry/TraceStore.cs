namespace Aspire.Dashboard.Telemetry;

/// <summary>The latest traces, bounded in traces and in spans; the trace that began first goes first.</summary>
internal sealed class TraceStore(TelemetryLimits limits)
{
    private readonly Lock gate = new();
    private readonly Dictionary<string, Trace> traces = new(StringComparer.Ordinal);
    private readonly LinkedList<Trace> arrival = new();
    private int spanCount;
    private long version;

    /// <summary>Grows with every change.</summary>
    public long Version => Interlocked.Read(ref version);

    public int SpanCount
    {
        get
        {
            lock (gate)
            {
                return spanCount;
            }
        }
    }

    public void Add(IEnumerable<IArrivedSpan> spans)
    {
        lock (gate)
        {
            foreach (var span in spans)
            {
                if (!traces.TryGetValue(span.TraceId, out var trace))
                {
                    trace = new Trace(span.TraceId);
                    traces.Add(span.TraceId, trace);
                    arrival.AddLast(trace);
                }

                if (trace.Add(span))
                {
                    spanCount++;
                }
            }

            while (arrival.First is { } first && arrival.Count > 1 && (spanCount > limits.MaxSpanCount || arrival.Count > limits.MaxTraceCount))
            {
                spanCount -= first.Value.Count;
                traces.Remove(first.Value.Id);
                arrival.RemoveFirst();
            }

            Interlocked.Increment(ref version);
        }
    }

    /// <summary>The newest traces that fit, newest first.</summary>
    public IReadOnlyList<TraceSummary> List(TraceQuery query)
    {
        var found = new List<TraceSummary>();
        lock (gate)
        {
            for (var node = arrival.Last; node is not null && found.Count < query.Limit; node = node.Previous)
            {
                var trace = node.Value;
                if (query.Matches(trace))
                {
                    found.Add(trace.Summary);
                }
            }
        }

        found.Sort(static (a, b) => b.Start.CompareTo(a.Start));
        return found;
    }

    /// <summary>All spans of a trace, in the order in which they began, or null.</summary>
    public IReadOnlyList<SpanRecord>? Find(string traceId)
    {
        lock (gate)
        {
            return traces.TryGetValue(traceId, out var trace) ? [.. trace.Spans.OrderBy(span => span.Start)] : null;
        }
    }

    /// <summary>The trace whose spans carry this request id, newest first, or null.</summary>
    public string? FindByRequest(string requestId)
    {
        lock (gate)
        {
            for (var node = arrival.Last; node is not null; node = node.Previous)
            {
                if (node.Value.Spans.Any(span => span.Attributes.Any(pair => pair.Key.EndsWith("request.id", StringComparison.Ordinal) && pair.Value == requestId)))
                {
                    return node.Value.Id;
                }
            }
        }

        return null;
    }

    public void Clear()
    {
        lock (gate)
        {
            traces.Clear();
            arrival.Clear();
            spanCount = 0;
            Interlocked.Increment(ref version);
        }
    }
}
