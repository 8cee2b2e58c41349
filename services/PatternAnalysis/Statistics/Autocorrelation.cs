namespace Platform.PatternAnalysis.Statistics;

/// <summary>How much neighbours in a series resemble each other.</summary>
internal static class Autocorrelation
{
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

        if (squares <= 0)
        {
            return 1;
        }

        var r = Math.Clamp((products / squares) + (4.0 / scores.Length) - (0.5 / Math.Sqrt(scores.Length)), 0, 0.9);
        return (1 + r) / (1 - r);
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
