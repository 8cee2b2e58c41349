namespace Platform.PatternAnalysis.Statistics;

/// <summary>Quantiles of values of which some are only known to be larger than what is written.</summary>
internal static class KaplanMeier
{
    /// <summary>
    /// The smallest value up to which at least <paramref name="share"/> of all lie, by the product-limit estimate (Kaplan and
    /// Meier, Journal of the American Statistical Association 53, 1958); between two such values their middle, so that without
    /// censoring the median is the ordinary one.
    /// </summary>
    /// <returns>Null when too many are censored to tell.</returns>
    public static double? Quantile(ReadOnlySpan<double> values, ReadOnlySpan<bool> isCensored, double share)
    {
        var sorted = values.ToArray();
        var censored = isCensored.IsEmpty ? new bool[values.Length] : isCensored.ToArray();
        Array.Sort(sorted, censored);
        var surviving = 1.0;
        double? reached = null;
        for (var i = 0; i < sorted.Length;)
        {
            var (ended, at) = (0, i);
            for (; i < sorted.Length && sorted[i].Equals(sorted[at]); i++)
            {
                ended += censored[i] ? 0 : 1;
            }

            if (ended == 0)
            {
                continue;
            }

            if (reached is { } earlier)
            {
                return (earlier + sorted[at]) / 2;
            }

            surviving *= 1 - ((double)ended / (sorted.Length - at));
            if (surviving < 1 - share - 1e-9)
            {
                return sorted[at];
            }

            if (surviving <= 1 - share + 1e-9)
            {
                reached = sorted[at];
            }
        }

        return reached;
    }
}
