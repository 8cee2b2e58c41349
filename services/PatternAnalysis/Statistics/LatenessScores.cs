namespace Platform.PatternAnalysis.Statistics;

/// <summary>
/// Rank scores of values of which some are only known to be larger than what is written (right-censored): the score of one is
/// the number of others that are surely smaller minus the number that are surely larger (Gehan, Biometrika 52, 1965). Without
/// censored values they are twice the centred midranks. A pair counts only as far as both were watched, so the expected
/// score is 0 whatever the times of watching are: invoices that were not watched for long do not look like an improvement.
/// </summary>
internal static class LatenessScores
{
    /// <param name="values">What was seen; for a censored one the largest value it is known to exceed.</param>
    /// <param name="isCensored">Null when every value is known.</param>
    public static double[] Of(ReadOnlySpan<double> values, ReadOnlySpan<bool> isCensored)
    {
        var known = new double[values.Length];
        var open = new double[values.Length];
        var (knownCount, openCount) = (0, 0);
        for (var i = 0; i < values.Length; i++)
        {
            if (!isCensored.IsEmpty && isCensored[i])
            {
                open[openCount++] = values[i];
            }
            else
            {
                known[knownCount++] = values[i];
            }
        }

        Array.Sort(known, 0, knownCount);
        Array.Sort(open, 0, openCount);
        var knownSorted = known.AsSpan(0, knownCount);
        var openSorted = open.AsSpan(0, openCount);
        var scores = new double[values.Length];
        for (var i = 0; i < values.Length; i++)
        {
            var upTo = CountUpTo(knownSorted, values[i]);
            scores[i] = !isCensored.IsEmpty && isCensored[i]
                ? upTo
                : CountBelow(knownSorted, values[i]) - (knownCount - upTo) - (openCount - CountBelow(openSorted, values[i]));
        }

        return scores;
    }

    private static int CountBelow(ReadOnlySpan<double> sorted, double value) => Count(sorted, value, includeEqual: false);

    private static int CountUpTo(ReadOnlySpan<double> sorted, double value) => Count(sorted, value, includeEqual: true);

    private static int Count(ReadOnlySpan<double> sorted, double value, bool includeEqual)
    {
        var (low, high) = (0, sorted.Length);
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (sorted[middle] < value || (includeEqual && sorted[middle].Equals(value)))
            {
                low = middle + 1;
            }
            else
            {
                high = middle;
            }
        }

        return low;
    }
}
