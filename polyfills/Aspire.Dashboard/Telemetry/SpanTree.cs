namespace Aspire.Dashboard.Telemetry;

/// <summary>Spans in the order of a waterfall: each after its parent, siblings by their begin.</summary>
internal static class SpanTree
{
    public static IReadOnlyList<(SpanRecord Span, int Depth)> Order(IReadOnlyList<SpanRecord> spans)
    {
        var ids = spans.Select(span => span.SpanId).ToHashSet();
        var children = spans.Where(span => span.ParentId != 0 && ids.Contains(span.ParentId) && span.ParentId != span.SpanId).ToLookup(span => span.ParentId);
        var open = new Stack<(SpanRecord Span, int Depth)>(
            spans.Where(span => span.ParentId == 0 || !ids.Contains(span.ParentId)).OrderByDescending(span => span.Start).Select(span => (span, 0)));
        var ordered = new List<(SpanRecord, int)>(spans.Count);
        while (open.TryPop(out var node))
        {
            ordered.Add(node);
            foreach (var child in children[node.Span.SpanId].OrderByDescending(span => span.Start))
            {
                open.Push((child, node.Depth + 1));
            }
        }

        // Spans that are their own ancestors have no place in a tree; they are shown all the same.
        if (ordered.Count < spans.Count)
        {
            ordered.AddRange(spans.Except(ordered.Select(node => node.Item1)).Select(span => (span, 0)));
        }

        return ordered;
    }
}
