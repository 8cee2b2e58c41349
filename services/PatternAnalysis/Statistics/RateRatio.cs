using MathNet.Numerics.Distributions;

namespace Platform.PatternAnalysis.Statistics;

/// <summary>Ratio of two rates of events with its exact 95 % interval.</summary>
/// <param name="Ratio">Null when there was no event before, so that nothing can be divided by.</param>
/// <param name="Low">Lower end, 0 or more.</param>
/// <param name="High">Null: without an upper end.</param>
internal readonly record struct RateRatio(double? Ratio, double Low, double? High)
{
    /// <summary>
    /// Given the sum of two Poisson counts, the later one is binomial; the interval of Clopper and Pearson for its share gives that
    /// of the ratio (Przyborowski and Wilenski, Biometrika 31, 1940).
    /// </summary>
    public static RateRatio Of(int later, double laterTime, int earlier, double earlierTime)
    {
        var times = earlierTime / laterTime;
        var low = later == 0 ? 0 : Odds(Beta.InvCDF(later, earlier + 1, 0.025)) * times;
        double? high = earlier == 0 ? null : Odds(Beta.InvCDF(later + 1, earlier, 0.975)) * times;
        return new RateRatio(earlier == 0 ? null : later * times / earlier, low, high);
    }

    private static double Odds(double share) => share / (1 - share);
}
