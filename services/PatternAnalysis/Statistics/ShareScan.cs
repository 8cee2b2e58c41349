namespace Platform.PatternAnalysis.Statistics;

/// <summary>
/// One change of a share (of yes among yes and no) at an unknown place. The statistic is the largest binomial likelihood
/// ratio over all splits (Worsley, Biometrika 70, 1983), which unlike a standardised difference does not favour splits near the
/// ends when yes is rare. p-value by random permutations of the order; they correct for the scan and hold for small counts.
/// When yes comes in bursts the statistic is divided by (1 + r) / (1 − r), see <see cref="Autocorrelation"/>.
/// </summary>
internal static class ShareScan
{
    // Twice the logarithm of the ratio; more is met in over a fifth of all stable series, which is no reason to look closer.
    private const double Unremarkable = 5;

    /// <param name="isYes">In order of time.</param>
    /// <param name="minimumSegment">Fewest observations on either side of the change.</param>
    /// <param name="maximumPermutations">Bounds the work, see <see cref="Permutations"/>.</param>
    /// <param name="seed">Of the permutations, so that the same data give the same answer.</param>
    /// <returns>The p-value is 1, as an upper bound, where nothing stands out.</returns>
    public static ChangePoint Find(ReadOnlySpan<bool> isYes, int minimumSegment, int maximumPermutations, int seed)
    {
        var n = isYes.Length;
        if (n < 2 * minimumSegment)
        {
            throw new ArgumentException("Fewer values than two segments need", nameof(isYes));
        }

        // x ln x: the likelihoods of all splits are sums of a few of them.
        var entropy = new double[n + 1];
        for (var x = 2; x <= n; x++)
        {
            entropy[x] = x * Math.Log(x);
        }

        var series = isYes.ToArray();
        var (observed, index) = Largest(series, entropy, minimumSegment);
        if (observed < Unremarkable)
        {
            return new ChangePoint(index, 1);
        }

        observed /= Autocorrelation.VarianceInflation(Array.ConvertAll(series, yes => yes ? 1.0 : 0), index);
        return new ChangePoint(index, new Permutations(seed).PValue(series, order => Largest(order, entropy, minimumSegment).Statistic >= observed - 1e-9, maximumPermutations));
    }

    private static (double Statistic, int Index) Largest(bool[] series, double[] entropy, int minimumSegment)
    {
        var n = series.Length;
        var total = 0;
        foreach (var yes in series)
        {
            total += yes ? 1 : 0;
        }

        var whole = entropy[total] + entropy[n - total] - entropy[n];
        var (best, index, before) = (-1.0, minimumSegment, 0);
        for (var k = 1; k <= n - minimumSegment; k++)
        {
            before += series[k - 1] ? 1 : 0;
            if (k < minimumSegment)
            {
                continue;
            }

            var ratio = entropy[before] + entropy[k - before] - entropy[k] + entropy[total - before] + entropy[n - k - total + before] - entropy[n - k] - whole;
            if (ratio > best)
            {
                (best, index) = (ratio, k);
            }
        }

        return (2 * best, index);
    }
}
