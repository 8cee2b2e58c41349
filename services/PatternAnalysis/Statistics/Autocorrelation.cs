namespace Platform.PatternAnalysis.Statistics;

/// <summary>How much neighbours in a series resemble each other.</summary>
internal static class Autocorrelation
{
    private const double Most = 0.9;

    /// <summary>
    /// Factor by which the variance of a mean exceeds that of independent values, (1 + r) / (1 − r) for a first-order
    /// autoregression. r is that of the residuals around the levels before and after the split, plus the bias 4/n of splitting where it
    /// is clearest (simulated; two means alone would take 2/n away), minus half a standard error (1/√n). The subtrahend weighs two
    /// errors: without it independent customers' shifts are missed, with more of it customers whose payments resemble each other are accused. Never below 1.
    /// </summary>
    /// <param name="scores">In order of time.</param>
    /// <param name="split">First one of the second level.</param>
    public static double VarianceInflation(ReadOnlySpan<double> scores, int split)
    {
        var n = scores.Length;
        return Factor(Math.Clamp(Estimate(scores, split) - (0.5 / Math.Sqrt(n)), 0, Most));
    }

    /// <summary>Correlation of neighbouring residuals around the two levels, without the bias that a split where it is clearest brings.</summary>
    public static double Estimate(ReadOnlySpan<double> scores, int split) => Resemblance(scores, split) + (4.0 / scores.Length);

    private static double Factor(double r) => (1 + r) / (1 - r);

    /// <summary>Correlation of neighbouring residuals around the two levels; 0 when nothing is left of them.</summary>
    private static double Resemblance(ReadOnlySpan<double> scores, int split)
    {
        var before = Mean(scores[..split]);
        var after = Mean(scores[split..]);
        double products = 0, squares = 0, previous = 0;
        for (var i = 0; i < scores.Length; i++)
        {
            var residual = scores[i] - (i < split ? before : after);
            squares += residual * residual;
            products += i > 0 ? residual * previous : 0;
            previous = residual;
        }

        return squares > 0 ? products / squares : 0;
    }

    private static double Mean(ReadOnlySpan<double> values)
    {
        var sum = 0.0;
        foreach (var value in values)
        {
            sum += value;
        }

        return values.IsEmpty ? 0 : sum / values.Length;
    }
}
