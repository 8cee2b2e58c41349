namespace Platform.PatternAnalysis.Statistics;

/// <summary>Where a series may have changed its level, and how surprising that is.</summary>
/// <param name="Index">First observation of the new level.</param>
/// <param name="PValue">Probability of a change at least as clear, anywhere in the series, if the order meant nothing.</param>
internal readonly record struct ChangePoint(int Index, double PValue);

/// <summary>
/// One change of level at an unknown place. For every split the rank sum (Wilcoxon) of the first part is standardised; the
/// largest absolute value over all splits is the statistic (the rank version of the maximally selected two-sample test,
/// Pettitt 1979). Its p-value comes from random permutations of the same ranks, which corrects for the scan over splits and
/// for ties, and assumes only that without a change the order is exchangeable. Ranks make single wild values harmless.
/// </summary>
internal static class RankScan
{
    /// <param name="values">In order of time.</param>
    /// <param name="minimumSegment">Fewest observations on either side of the change.</param>
    /// <param name="maximumPermutations">Bounds the work; the smallest p-value is 1 / (this + 1).</param>
    /// <param name="seed">Of the permutations, so that the same data give the same answer.</param>
    public static ChangePoint Find(IReadOnlyList<double> values, int minimumSegment, int maximumPermutations, int seed)
    {
        if (values.Count < 2 * minimumSegment)
        {
            throw new ArgumentException("Fewer values than two segments need", nameof(values));
        }

        var ranks = CentredRanks(values);
        var weights = new double[ranks.Length];
        for (var k = 1; k < ranks.Length; k++)
        {
            weights[k] = 1 / Math.Sqrt((double)k * (ranks.Length - k));
        }

        var (observed, index) = Largest(ranks, weights, minimumSegment);

        // Besag and Clifford (1991): stop after twenty exceedances; the estimate stays valid and ordinary series cost little.
        const int enough = 20;
        var random = new Random(seed);
        var shuffled = (double[])ranks.Clone();
        var exceeded = 0;
        for (var drawn = 1; drawn <= maximumPermutations; drawn++)
        {
            random.Shuffle(shuffled);
            if (Largest(shuffled, weights, minimumSegment).Statistic >= observed - 1e-9 && ++exceeded == enough)
            {
                return new ChangePoint(index, (double)enough / drawn);
            }
        }

        return new ChangePoint(index, (exceeded + 1.0) / (maximumPermutations + 1));
    }

    private static (double Statistic, int Index) Largest(double[] ranks, double[] weights, int minimumSegment)
    {
        var sum = 0.0;
        var best = -1.0;
        var index = minimumSegment;
        for (var k = 1; k <= ranks.Length - minimumSegment; k++)
        {
            sum += ranks[k - 1];
            if (k >= minimumSegment)
            {
                var statistic = Math.Abs(sum) * weights[k];
                if (statistic > best)
                {
                    best = statistic;
                    index = k;
                }
            }
        }

        return (best, index);
    }

    /// <summary>Midranks minus their mean; equal values share a rank.</summary>
    private static double[] CentredRanks(IReadOnlyList<double> values)
    {
        var order = Enumerable.Range(0, values.Count).OrderBy(i => values[i]).ToArray();
        var ranks = new double[values.Count];
        var mean = (values.Count + 1) / 2.0;
        for (var start = 0; start < order.Length;)
        {
            var end = start;
            while (end + 1 < order.Length && values[order[end + 1]].Equals(values[order[start]]))
            {
                end++;
            }

            for (var i = start; i <= end; i++)
            {
                ranks[order[i]] = ((start + end) / 2.0) + 1 - mean;
            }

            start = end + 1;
        }

        return ranks;
    }
}
