namespace Platform.PatternAnalysis.Statistics;

/// <summary>
/// The place of a change that is known to be there. Ranks tell whether there is one, but lose how far the levels are apart;
/// least squares on values cut at two robust standard deviations outside the levels (Huber's proposal) place it better.
/// </summary>
internal static class BreakPlace
{
    private const double Cut = 2;

    /// <param name="values">In order of time, with one change.</param>
    /// <param name="isCensored">True where the value is only a lower bound: it counts as at least the level of its side.</param>
    /// <param name="first">Where ranks see the change.</param>
    /// <param name="minimumSegment">Fewest observations on either side.</param>
    public static int Refine(ReadOnlySpan<double> values, ReadOnlySpan<bool> isCensored, int first, int minimumSegment)
    {
        var n = values.Length;
        var (before, after) = (RobustScale.Median(values[..first].ToArray()), RobustScale.Median(values[first..].ToArray()));
        var residuals = new double[n];
        for (var i = 0; i < n; i++)
        {
            residuals[i] = values[i] - (i < first ? before : after);
        }

        var margin = Cut * RobustScale.Deviation(residuals);
        var (low, high) = (Math.Min(before, after) - margin, Math.Max(before, after) + margin);
        var cut = new double[n];
        var total = 0.0;
        for (var i = 0; i < n; i++)
        {
            var value = !isCensored.IsEmpty && isCensored[i] ? Math.Max(values[i], i < first ? before : after) : values[i];
            cut[i] = Math.Clamp(value, low, high);
            total += cut[i];
        }

        var (best, place, sum) = (-1.0, first, 0.0);
        for (var k = 1; k <= n - minimumSegment; k++)
        {
            sum += cut[k - 1];
            var fall = sum - (k * total / n);
            var explained = fall * fall / ((double)k * (n - k));
            if (k >= minimumSegment && explained > best)
            {
                (best, place) = (explained, k);
            }
        }

        return place;
    }
}
