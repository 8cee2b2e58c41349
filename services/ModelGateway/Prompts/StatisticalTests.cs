using MathNet.Numerics.Distributions;

namespace Platform.ModelGateway.Prompts;

/// <summary>Tests of a comparison that is looked at once.</summary>
internal static class StatisticalTests
{
    private const double Normal95 = 1.959963984540054;

    /// <summary>Two-proportion z-test with a pooled variance, two-sided.</summary>
    internal static double SuccessPValue(Trials baseline, Trials version)
    {
        var pooled = (double)(baseline.Successes + version.Successes) / (baseline.Count + version.Count);
        var deviation = Math.Sqrt(pooled * (1 - pooled) * ((1.0 / baseline.Count) + (1.0 / version.Count)));
        return deviation == 0 ? 1 : TwoSided((version.Rate - baseline.Rate) / deviation);
    }

    /// <summary>95 % interval of the difference, version less baseline (Newcombe 1998, method 10).</summary>
    internal static (double Low, double High) SuccessInterval(Trials baseline, Trials version)
    {
        var (lowV, highV) = Wilson(version);
        var (lowB, highB) = Wilson(baseline);
        var difference = version.Rate - baseline.Rate;
        return (
            difference - Math.Sqrt(Math.Pow(version.Rate - lowV, 2) + Math.Pow(highB - baseline.Rate, 2)),
            difference + Math.Sqrt(Math.Pow(highV - version.Rate, 2) + Math.Pow(baseline.Rate - lowB, 2)));
    }

    /// <summary>Mann-Whitney with mid-ranks, corrected for ties and continuity: the chance that a value of the version is the larger one, and the two-sided p-value.</summary>
    internal static (double Larger, double PValue) MannWhitney(IReadOnlyList<int> baseline, IReadOnlyList<int> version)
    {
        double n = baseline.Count, m = version.Count;
        if (n == 0 || m == 0)
        {
            return (0.5, 1);
        }

        var all = baseline.Select(value => (Value: value, Version: false)).Concat(version.Select(value => (Value: value, Version: true))).OrderBy(one => one.Value).ToArray();
        double ranks = 0, ties = 0;
        for (var first = 0; first < all.Length;)
        {
            var last = first;
            while (last + 1 < all.Length && all[last + 1].Value == all[first].Value)
            {
                last++;
            }

            double size = last - first + 1;
            ties += (size * size * size) - size;
            for (var index = first; index <= last; index++)
            {
                ranks += all[index].Version ? (first + last + 2) / 2.0 : 0;
            }

            first = last + 1;
        }

        var u = ranks - (m * (m + 1) / 2);
        var total = n + m;
        var deviation = Math.Sqrt(n * m / 12 * (total + 1 - (ties / (total * (total - 1)))));
        var distance = Math.Max(0, Math.Abs(u - (n * m / 2)) - 0.5);
        return (u / (n * m), deviation > 0 ? TwoSided(distance / deviation) : 1);
    }

    /// <summary>Holm's adjustment: none of several true differences of nothing is called one more often than the level says.</summary>
    internal static double[] Holm(IReadOnlyList<double> pValues)
    {
        var adjusted = new double[pValues.Count];
        var largest = 0.0;
        foreach (var (index, rank) in Enumerable.Range(0, pValues.Count).OrderBy(index => pValues[index]).Select((index, rank) => (index, rank)))
        {
            largest = Math.Max(largest, Math.Min(1, pValues[index] * (pValues.Count - rank)));
            adjusted[index] = largest;
        }

        return adjusted;
    }

    internal static double Median(IEnumerable<int> values)
    {
        var sorted = values.Order().ToArray();
        return sorted.Length == 0 ? 0 : (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2.0;
    }

    private static (double Low, double High) Wilson(Trials trials)
    {
        double n = trials.Count, square = Normal95 * Normal95;
        var centre = (trials.Rate + (square / (2 * n))) / (1 + (square / n));
        var half = Normal95 / (1 + (square / n)) * Math.Sqrt((trials.Rate * (1 - trials.Rate) / n) + (square / (4 * n * n)));
        return (centre - half, centre + half);
    }

    private static double TwoSided(double z) => 2 * Normal.CDF(0, 1, -Math.Abs(z));
}
