namespace Platform.PatternAnalysis.Statistics;

/// <summary>Location and spread that a few wild values cannot move.</summary>
internal static class RobustScale
{
    public static double Median(IReadOnlyCollection<double> values) => Quantile(values, 0.5);

    /// <summary>Quantile by linear interpolation between order statistics (type 7 of Hyndman and Fan, 1996).</summary>
    public static double Quantile(IReadOnlyCollection<double> values, double share)
    {
        if (values.Count == 0)
        {
            throw new ArgumentException("No values", nameof(values));
        }

        var sorted = values.ToArray();
        Array.Sort(sorted);
        var position = share * (sorted.Length - 1);
        var below = (int)position;
        var above = Math.Min(below + 1, sorted.Length - 1);
        return sorted[below] + ((position - below) * (sorted[above] - sorted[below]));
    }

    /// <summary>
    /// Standard deviation estimated by the median absolute deviation × 1.4826; when more than half of the values are equal, by
    /// the mean absolute deviation × 1.2533 (Iglewicz and Hoaglin, "How to Detect and Handle Outliers", 1993).
    /// </summary>
    public static double Deviation(IReadOnlyCollection<double> values)
    {
        var median = Median(values);
        var distances = values.Select(value => Math.Abs(value - median)).ToArray();
        var mad = Median(distances);
        return mad > 0 ? 1.4826 * mad : 1.2533 * distances.Average();
    }

    /// <summary>Distribution-free 95 % interval of the median: the order statistics at n/2 ± 0.98 √n.</summary>
    public static (double Low, double High) MedianInterval(IReadOnlyCollection<double> values)
    {
        var sorted = values.ToArray();
        Array.Sort(sorted);
        var half = 0.98 * Math.Sqrt(sorted.Length);
        var low = Math.Max(0, (int)Math.Floor((sorted.Length / 2.0) - half) - 1);
        var high = Math.Min(sorted.Length - 1, (int)Math.Ceiling((sorted.Length / 2.0) + half));
        return (sorted[low], sorted[high]);
    }
}
