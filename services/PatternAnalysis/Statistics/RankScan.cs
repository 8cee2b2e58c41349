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
/// permutations of the same scores, which also hold for ties. Neighbours that resemble each other, and the seasons, make false changes: what is
/// compared with the permutations is therefore the evidence for a step beside both, see <see cref="StepEvidence"/>.
/// </summary>
internal static class RankScan
{
    // Where the bound is used as it is: above, nobody asks how likely exactly; below, permutations could not tell values apart.
    private const double Unremarkable = 0.15;
    private const double BeyondDoubt = 2e-4;

    // Without other customers neighbours may be a little unlike, or alike.
    private const double Deviation = 0.2;

    /// <summary>Neighbours are expected to resemble each other more than those of a permutation, by this many standard deviations of the prior. Chosen on simulated series.</summary>
    private const double Alike = 1;

    /// <param name="values">In order of time.</param>
    /// <param name="minimumSegment">Fewest observations on either side of the change.</param>
    /// <param name="maximumPermutations">Bounds the work, see <see cref="Permutations"/>.</param>
    /// <param name="seed">Of the permutations, so that the same data give the same answer.</param>
    public static ChangePoint Find(IReadOnlyList<double> values, int minimumSegment, int maximumPermutations, int seed) =>
        Find([.. values], [], [], minimumSegment, maximumPermutations, seed);

    /// <inheritdoc cref="Find(IReadOnlyList{double}, int, int, int)"/>
    /// <param name="isCensored">True where the value is only a lower bound; empty when every value is known.</param>
    /// <param name="days">Day of each value, so that a wave over the year is thought of; empty: none is.</param>
    /// <param name="peers">How much neighbours resemble each other among the organization's customers; null: only the series itself tells.</param>
    /// <param name="allowance">By how many standard deviations of what neighbours may resemble each other they are expected to do so.</param>
    public static ChangePoint Find(
        ReadOnlySpan<double> values, ReadOnlySpan<bool> isCensored, ReadOnlySpan<int> days, int minimumSegment, int maximumPermutations, int seed, AutocorrelationPeers? peers = null, double allowance = Alike)
    {
        if (values.Length < 2 * minimumSegment)
        {
            throw new ArgumentException("Fewer values than two segments need", nameof(values));
        }

        return FindInScores(LatenessScores.Of(values, isCensored), days, minimumSegment, maximumPermutations, seed, peers, allowance);
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
    public static ChangePoint FindInScores(
        double[] scores, ReadOnlySpan<int> days, int minimumSegment, int maximumPermutations, int seed, AutocorrelationPeers? peers = null, double allowance = Alike)
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
        var bound = Bound(largest, scores.Length, minimumSegment);
        if (bound > Unremarkable)
        {
            return new ChangePoint(index, bound);
        }

        var deviation = peers is null ? Deviation : Math.Sqrt(peers.Variance);
        var prior = new AutocorrelationPrior(Math.Max(0, peers?.Mean ?? 0) + (allowance * deviation), deviation);
        var observed = new StepEvidence(scores.Length, days, minimumSegment, prior).Of(scores, StepEvidence.Independent(scores, squares, minimumSegment));

        // No permutation whose largest sum stays below this is as clear.
        var least = StepEvidence.LeastStatistic(observed, scores.Length, minimumSegment);
        var certain = Bound(least, scores.Length, minimumSegment);
        if (certain is > Unremarkable or < BeyondDoubt)
        {
            return new ChangePoint(index, certain);
        }

        // Permutations are independent.
        var evidence = new StepEvidence(scores.Length, days, minimumSegment, prior with { Mean = 0 });
        return new ChangePoint(index, Math.Min(certain, new Permutations(seed).PValue(scores, IsAsClear, maximumPermutations)));

        bool IsAsClear(double[] order) =>
            Largest(order, weights, minimumSegment).Statistic >= least - 1e-9
            && StepEvidence.Independent(order, squares, minimumSegment) is var independent && independent >= observed - 1e-9
            && evidence.Of(order, independent) >= observed - 1e-9;
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
