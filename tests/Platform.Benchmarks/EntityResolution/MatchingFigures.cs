namespace Platform.Benchmarks.EntityResolution;

/// <summary>One answer beside its label.</summary>
internal readonly record struct Judged(LabelledName Label, FoundName Found)
{
    public bool IsRight => Found.Id is { } id && Label.Right.Contains(id);

    /// <summary>Asks every text; some are asked before, whose times do not count.</summary>
    public static async Task<List<Judged>> AskAsync(INameMatcher matcher, IReadOnlyList<LabelledName> texts, int warm, CancellationToken cancellationToken)
    {
        for (var n = 0; n < warm; n++)
        {
            await matcher.FindAsync(texts[n % texts.Count].Text, cancellationToken);
        }

        var judged = new List<Judged>(texts.Count);
        foreach (var text in texts)
        {
            judged.Add(new Judged(text, await matcher.FindAsync(text.Text, cancellationToken)));
        }

        return judged;
    }
}

/// <summary>What a matcher's answers are worth.</summary>
/// <param name="Count">Texts that the registry holds the entity of.</param>
/// <param name="Top1">Share of them whose best name is right, whatever its score.</param>
/// <param name="Precision">Share of right ones among the answers given at the threshold, texts without a right answer included.</param>
/// <param name="Recall">Share of texts with a right answer that got it at the threshold.</param>
internal sealed record MatchingFigures(int Count, double Top1, double Precision, double Recall)
{
    public double F1 => Precision + Recall == 0 ? 0 : 2 * Precision * Recall / (Precision + Recall);

    public static MatchingFigures Of(IReadOnlyCollection<Judged> judged, double threshold)
    {
        var held = judged.Where(j => j.Label.Right.Count > 0).ToList();
        var answered = judged.Where(j => j.Found.Id is not null && j.Found.Score >= threshold).ToList();
        var right = answered.Count(j => j.IsRight);
        return new MatchingFigures(
            held.Count,
            held.Count == 0 ? 0 : (double)held.Count(j => j.IsRight) / held.Count,
            answered.Count == 0 ? 1 : (double)right / answered.Count,
            held.Count == 0 ? 0 : (double)right / held.Count);
    }

    /// <summary>The threshold with the best F1; of equals the highest.</summary>
    public static double BestThreshold(IReadOnlyCollection<Judged> judged)
    {
        var held = judged.Count(j => j.Label.Right.Count > 0);
        var (best, threshold, right, answered) = (-1.0, 1.0, 0, 0);
        foreach (var group in judged.Where(j => j.Found.Id is not null).GroupBy(j => j.Found.Score).OrderByDescending(g => g.Key))
        {
            answered += group.Count();
            right += group.Count(j => j.IsRight);
            var f1 = 2.0 * right / (answered + held);
            if (f1 > best)
            {
                (best, threshold) = (f1, group.Key);
            }
        }

        return threshold;
    }

    public static double Percentile(IReadOnlyList<double> ascending, double share) =>
        ascending.Count == 0 ? 0 : ascending[(int)Math.Min(ascending.Count - 1, Math.Ceiling(share * ascending.Count) - 1)];
}
