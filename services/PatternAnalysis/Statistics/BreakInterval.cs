namespace Platform.PatternAnalysis.Statistics;

/// <summary>How well the place of a change of level is known.</summary>
internal static class BreakInterval
{
    // 97.5 % point of the place of the largest value of a two-sided Brownian motion with drift −|s|/2 (Yao, Annals of Statistics 15, 1987).
    private const double Quantile = 11.03;

    /// <summary>
    /// Observations to either side within which the change lies with 95 %: (σ / shift)² × 11.03, rounded up (Bai, Review of
    /// Economics and Statistics 79, 1997), with a robust σ.
    /// </summary>
    public static int HalfWidth(double deviation, double shift)
    {
        var ratio = deviation / shift;
        return (int)Math.Min(10_000, Math.Ceiling(Quantile * ratio * ratio));
    }
}
