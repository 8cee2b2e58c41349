using MathNet.Numerics.Distributions;

namespace Platform.PatternAnalysis.Statistics;

/// <summary>
/// Monthly figures as a level, a straight trend and one wave over the year (ordinary least squares on 1, t, cos, sin). Residuals that
/// resemble their neighbours widen every interval and p-value, see <see cref="Autocorrelation"/>.
/// </summary>
internal sealed class MonthlyRegression
{
    private readonly double variance;
    private readonly double freedom;

    private MonthlyRegression(double slope, double variance, double freedom, bool isRatherAStep)
    {
        (Slope, this.variance, this.freedom) = (slope, variance, freedom);
        IsRatherAStep = isRatherAStep;
    }

    /// <summary>Change from one month to the next.</summary>
    public double Slope { get; }

    /// <summary>One sudden change of the level explains more than the trend.</summary>
    public bool IsRatherAStep { get; }

    private double Width => StudentT.InvCDF(0, 1, freedom, 0.975);

    /// <param name="months">At least eight.</param>
    public static MonthlyRegression? Of(double[] months)
    {
        var n = months.Length;
        var design = MonthlyDesign.Of(n, waves: 1);
        var (terms, left, squares) = design.Fit(months);
        if (squares <= 1e-9)
        {
            return null;
        }

        var slope = terms[1];
        double[] withoutWave = [.. left.Select((value, month) => value + (slope * MonthlyDesign.FromMiddle(month, n)))];
        return new MonthlyRegression(
            slope, design.SlopeVariance * (squares / design.Freedom * Autocorrelation.VarianceInflation(left, n)), design.Freedom,
            IsStep(squares, slope * slope / design.SlopeVariance, ClearestStep(withoutWave), n));
    }

    public (double Low, double High) SlopeInterval() => (Slope - (Width * Math.Sqrt(variance)), Slope + (Width * Math.Sqrt(variance)));

    /// <summary>Student's t.</summary>
    public double SlopePValue() => 2 * StudentT.CDF(0, 1, freedom, -Math.Abs(Slope) / Math.Sqrt(variance));

    // By the Bayesian information criterion (Schwarz, Annals of Statistics 6, 1978); a place that is searched for counts as two parameters
    // (after Zhang and Siegmund, Biometrics 63, 2007).
    private static bool IsStep(double residual, double byLine, double byStep, int n) =>
        n * Math.Log(residual / Math.Max(1e-9, residual + byLine - byStep)) > 2 * Math.Log(n);

    /// <summary>Squares that the clearest single step explains, for values with the mean 0.</summary>
    private static double ClearestStep(double[] values)
    {
        var (best, sum) = (0.0, 0.0);
        for (var k = 1; k < values.Length; k++)
        {
            sum += values[k - 1];
            best = Math.Max(best, sum * sum * values.Length / ((double)k * (values.Length - k)));
        }

        return best;
    }
}
