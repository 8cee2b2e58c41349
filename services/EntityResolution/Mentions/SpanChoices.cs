namespace Platform.EntityResolution.Mentions;

/// <summary>The pieces of a run that may be the name itself: whole, by its "and"s, and without known words at its ends.</summary>
internal static class SpanChoices
{
    private const int MostTrimmed = 3;

    /// <summary>Longest first; at most a dozen.</summary>
    public static List<Span> Of(QuestionText question, Span run)
    {
        var spans = new List<Span> { run };
        var parts = NameRuns.Parts(question, run).ToList();
        if (parts.Count > 1)
        {
            spans.AddRange(parts);
        }

        foreach (var span in parts.Prepend(run).Distinct().ToList())
        {
            for (var left = 0; left <= MostTrimmed && MayTrim(question, span.First, left, 1); left++)
            {
                for (var right = 0; right <= MostTrimmed && MayTrim(question, span.Last, right, -1); right++)
                {
                    var trimmed = new Span(span.First + left, span.Last - right);
                    if (trimmed.Count > 0)
                    {
                        spans.Add(trimmed);
                    }
                }
            }
        }

        return [.. spans.Distinct().OrderByDescending(s => s.Count).ThenBy(s => s.First)];
    }

    // The first "count" words from the end on are all dispensable.
    private static bool MayTrim(QuestionText question, int end, int count, int step)
    {
        for (var i = 0; i < count; i++)
        {
            var index = end + (i * step);
            if (index < 0 || index >= question.Words.Count || !NameRuns.IsDispensable(question, index))
            {
                return false;
            }
        }

        return true;
    }
}
