using MathNet.Numerics;
using Platform.PatternAnalysis.Histories;

namespace Platform.PatternAnalysis.Statistics;

/// <summary>Where a series may have changed its level, and how surprising that is.</summary>
/// <param name="Index">First observation of the new level.</param>
/// <param name="PValue">Probability of a change at least as clear, anywhere in the series, if the order meant nothing.</param>
internal readonly record struct ChangePoint(int Index, double PValue);

/// <summary>
/// One change of level at an unknown place. For every split the rank sum (Wilcoxon; Gehan where values are censored) of the
/// first part is standardised; the largest absolute value over all splits is the statistic (the rank version of the
/// maximally selected two-sample test, Pettitt 1979; Hothorn and Lausen 2003). Ranks make single wild values harmless. The
/// p-value corrects for the scan over splits: far out in the tail by the improved Bonferroni inequality for maximally
/// selected rank statistics (Lausen and Schumacher, Biometrics 48, 1992), which is an upper bound; nearer by random
/// permutations of the same scores, which also hold for ties. Neighbours that resemble each other make false changes: when
/// the residuals around the two levels are autocorrelated, their variance counts (1 + r) / (1 − r) fold, in the series as in each permutation.
/// </summary>
internal static class RankScan
{
    // Where the bound is used as it is: above, nobody asks how likely exactly; below, permutations could not tell values apart.
    private const double Unremarkable = 0.15;
    private const double BeyondDoubt = 2e-4;

    /// <param name="values">In order of time.</param>
    /// <param name="minimumSegment">Fewest observations on either side of the change.</param>
    /// <param name="maximumPermutations">Bounds the work, see <see cref="Permutations"/>.</param>
    /// <param name="seed">Of the permutations, so that the same data give the same answer.</param>
    public static ChangePoint Find(IReadOnlyList<double> values, int minimumSegment, int maximumPermutations, int seed) =>
        Find([.. values], [], minimumSegment, maximumPermutations, seed);

    /// <inheritdoc cref="Find(IReadOnlyList{double}, int, int, int)"/>
    /// <param name="isCensored">True where the value is only a lower bound; empty when every value is known.</param>
    /// <param name="peers">How much neighbours resemble each other among the organization's customers; null: only the series itself tells.</param>
    public static ChangePoint Find(ReadOnlySpan<double> values, ReadOnlySpan<bool> isCensored, int minimumSegment, int maximumPermutations, int seed, AutocorrelationPeers? peers = null)
    {
        if (values.Length < 2 * minimumSegment)
        {
            throw new ArgumentException("Fewer values than two segments need", nameof(values));
        }

        return FindInScores(LatenessScores.Of(values, isCensored), minimumSegment, maximumPermutations, seed, peers);
    }

    /// <summary>How much neighbours in a series resemble each other, apart from the clearest change of level: an estimate of the first-order autocorrelation.</summary>
    /// <param name="values">In order of time; at least two segments.</param>
    /// <param name="isCensored">True where the value is only a lower bound; empty when every value is known.</param>
    /// <param name="minimumSegment">Fewest observations on either side of the change.</param>
    public static double Autocorrelation(ReadOnlySpan<double> values, ReadOnlySpan<bool> isCensored, int minimumSegment)
    {
        var scores = LatenessScores.Of(values, isCensored);
        return Statistics.Autocorrelation.Estimate(scores, Largest(scores, Weights(scores.Length, 1), minimumSegment).Index);
    }

    /// <summary>The same for scores with the mean 0, whose order is destroyed.</summary>
    public static ChangePoint FindInScores(double[] scores, int minimumSegment, int maximumPermutations, int seed, AutocorrelationPeers? peers = null)
    {
        var squares = 0.0;
        foreach (var score in scores)
        {
            squares += score * score;
        }

        if (squares <= 0)
        {
            return new ChangePoint(minimumSegment, 1);
        }

        var weights = Weights(scores.Length, squares);
        var (largest, index) = Largest(scores, weights, minimumSegment);
        var observed = Widened(largest, scores.Length, Inflation(scores, index, isPermutation: false));
        var bound = Bound(observed, scores.Length, minimumSegment);

        // No permutation whose largest sum stays below this is as clear, however much its neighbours differ.
        var least = Widened(observed, scores.Length, 1 / Statistics.Autocorrelation.LeastComparedInflation);
        var certain = Bound(least, scores.Length, minimumSegment);
        return new ChangePoint(index, bound > Unremarkable || certain < BeyondDoubt ? Math.Max(bound, certain) : Math.Min(certain, new Permutations(seed).PValue(scores, IsAsClear, maximumPermutations)));

        bool IsAsClear(double[] order)
        {
            var (sum, split) = Largest(order, weights, minimumSegment);
            return sum >= least - 1e-9 && Widened(sum, order.Length, Inflation(order, split, isPermutation: true)) >= observed - 1e-9;
        }

        double Inflation(double[] order, int split, bool isPermutation) => peers is null
            ? Statistics.Autocorrelation.ComparedInflation(order, split)
            : Statistics.Autocorrelation.ComparedInflation(order, split, peers, isPermutation);
    }

    // The variance of a sum of k of n scores without replacement is k (n − k) / (n (n − 1)) × the sum of squares.
    private static double[] Weights(int n, double squares)
    {
        var weights = new double[n];
        for (var k = 1; k < n; k++)
        {
            weights[k] = Math.Sqrt((double)n * (n - 1) / ((double)k * (n - k) * squares));
        }

        return weights;
    }

    /// <summary>
    /// The statistic with the variance of the residuals times a factor. Standardised by all values, which a change itself spreads, it is brought to the scale of
    /// Student's t, divided there by the root of the factor, and brought back: t² = z² (n − 2) / (n − 1 − z²).
    /// </summary>
    private static double Widened(double z, int n, double inflation)
    {
        var t = z * z * (n - 2) / Math.Max(1e-6, n - 1 - (z * z)) / inflation;
        return Math.Sqrt(t * (n - 1) / (n - 2 + t));
    }

    /// <summary>Upper bound of the probability that the largest of the standardised sums exceeds <paramref name="b"/>.</summary>
    private static double Bound(double b, int n, int minimumSegment)
    {
        var tail = SpecialFunctions.Erfc(b / Math.Sqrt(2));
        var density = Math.Exp(-b * b / 2) / Math.PI;
        var sum = tail;
        for (var k = minimumSegment; k < n - minimumSegment; k++)
        {
            var t = Math.Sqrt(1 - ((double)k * (n - k - 1) / ((double)(n - k) * (k + 1))));
            sum += Math.Clamp(density * (t - (((b * b / 4) - 1) * t * t * t / 6)), 0, tail);
        }

        return Math.Min(1, sum);
    }

    private static (double Statistic, int Index) Largest(double[] scores, double[] weights, int minimumSegment)
    {
        var sum = 0.0;
        var best = -1.0;
        var index = minimumSegment;
        for (var k = 1; k < minimumSegment; k++)
        {
            sum += scores[k - 1];
        }

        for (var k = minimumSegment; k <= scores.Length - minimumSegment; k++)
        {
            sum += scores[k - 1];
            var statistic = Math.Abs(sum) * weights[k];
            if (statistic > best)
            {
                best = statistic;
                index = k;
            }
        }

        return (best, index);
    }
}
