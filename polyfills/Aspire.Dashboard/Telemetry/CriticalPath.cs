namespace Aspire.Dashboard.Telemetry;

/// <summary>
/// The spans that a trace's end waited for. Walking back from the end of a span: the child that ended last before that moment is on the
/// path, and the walk goes on from its beginning; what no child covers is the span's own time.
/// </summary>
internal static class CriticalPath
{
    /// <summary>Own time of each span on the path, in nanoseconds; the values add up to the root's duration.</summary>
    public static IReadOnlyDictionary<ulong, long> Of(IReadOnlyList<SpanRecord> spans)
    {
        var path = new Dictionary<ulong, long>();
        if (spans.Count == 0)
        {
            return path;
        }

        var ids = spans.Select(span => span.SpanId).ToHashSet();
        var children = spans.Where(span => span.ParentId != 0 && ids.Contains(span.ParentId))
            .GroupBy(span => span.ParentId)
            .ToDictionary(group => group.Key, group => group.OrderByDescending(span => span.End).ToArray());
        var root = spans.Where(span => span.ParentId == 0 || !ids.Contains(span.ParentId)).OrderByDescending(span => span.Duration).First();
        var open = new Stack<(SpanRecord Span, long From, long To)>();
        open.Push((root, root.Start, root.End));
        while (open.TryPop(out var part))
        {
            var moment = part.To;
            var own = 0L;
            foreach (var child in children.GetValueOrDefault(part.Span.SpanId) ?? [])
            {
                // Work that outlives its parent (a background child) counts only up to where the parent waited.
                var end = Math.Min(child.End, moment);
                var start = Math.Max(child.Start, part.From);
                if (child.End > part.Span.End || end <= start || path.ContainsKey(child.SpanId))
                {
                    continue;
                }

                own += moment - end;
                open.Push((child, start, end));
                moment = start;
            }

            path[part.Span.SpanId] = own + (moment - part.From);
        }

        return path;
    }
}
