namespace Platform.ModelGateway.Safety;

/// <summary>Asks every recognizer and settles what overlaps.</summary>
internal sealed class PiiDetector(IEnumerable<IPiiRecognizer> recognizers, TimeProvider time)
{
    private readonly IPiiRecognizer[] _recognizers = [.. recognizers];

    /// <summary>Finds in order of place, without overlaps: formats win over vocabularies, then the longer one.</summary>
    /// <exception cref="TimeoutException">The search took longer than the limit.</exception>
    internal List<PiiSpan> Find(string text, TimeSpan limit)
    {
        var findings = new PiiFindings(text, time, limit);
        foreach (var recognizer in _recognizers)
        {
            recognizer.Find(text, findings);
            findings.Look();
        }

        return Settle(findings.Spans);
    }

    private static List<PiiSpan> Settle(List<PiiSpan> spans)
    {
        if (spans.Count < 2)
        {
            return spans;
        }

        spans.Sort((left, right) => left.Start != right.Start ? left.Start.CompareTo(right.Start) : right.Length.CompareTo(left.Length));
        var settled = new List<PiiSpan>(spans.Count) { spans[0] };
        foreach (var span in spans.Skip(1))
        {
            var last = settled[^1];
            if (span.Start >= last.End)
            {
                settled.Add(span);
            }
            else if (Beats(span, last))
            {
                // What the weaker one covers before stays covered: a half-masked name is no masked name.
                settled[^1] = new PiiSpan(last.Type, last.Start, span.Start - last.Start);
                if (settled[^1].Length == 0)
                {
                    settled.RemoveAt(settled.Count - 1);
                }

                settled.Add(span);
                if (last.End > span.End)
                {
                    settled.Add(new PiiSpan(last.Type, span.End, last.End - span.End));
                }
            }
            else if (span.End > last.End)
            {
                settled.Add(new PiiSpan(span.Type, last.End, span.End - last.End));
            }
        }

        return settled;
    }

    private static bool Beats(PiiSpan challenger, PiiSpan holder) =>
        challenger.Type.IsStructured() != holder.Type.IsStructured()
            ? challenger.Type.IsStructured()
            : challenger.Length > holder.Length;
}
