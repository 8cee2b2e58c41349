using MathNet.Numerics.Distributions;
using MathNet.Numerics.LinearAlgebra;

namespace Platform.PatternAnalysis.Statistics;

/// <summary>
/// Monthly figures as a level, a straight trend and one wave over the year (ordinary least squares on 1, t, cos, sin). Residuals that
/// resemble their neighbours widen every interval and p-value, see <see cref="Autocorrelation"/>.
/// </summary>
internal sealed class MonthlyRegression
{
    private const int Terms = 4;
    private readonly Vector<double> terms;
    private readonly Matrix<double> covariance;
    private readonly double freedom;

    private MonthlyRegression(Vector<double> terms, Matrix<double> covariance, double freedom, bool isRatherAStep)
    {
        (this.terms, this.covariance, this.freedom) = (terms, covariance, freedom);
        IsRatherAStep = isRatherAStep;
    }

    /// <summary>Change from one month to the next.</summary>
    public double Slope => terms[1];

    /// <summary>One sudden change of the level explains more than the trend.</summary>
    public bool IsRatherAStep { get; }

    private double Width => StudentT.InvCDF(0, 1, freedom, 0.975);

    /// <param name="months">At least eight.</param>
    public static MonthlyRegression? Of(double[] months)
    {
        var n = months.Length;
        var y = Vector<double>.Build.DenseOfArray(months);
        var x = Matrix<double>.Build.Dense(n, Terms, (i, term) => term switch
        {
            0 => 1,
            1 => i - ((n - 1) / 2.0),
            2 => Math.Cos(2 * Math.PI * i / 12),
            _ => Math.Sin(2 * Math.PI * i / 12),
        });
        var inverse = (x.Transpose() * x).Inverse();
        var terms = inverse * (x.Transpose() * y);
        var left = y - (x * terms);
        var squares = left.DotProduct(left);
        if (squares <= 1e-9)
        {
            return null;
        }

        var inflation = Autocorrelation.VarianceInflation(left.ToArray(), n);
        var withoutTrend = (left + (x.Column(1) * terms[1])).ToArray();
        return new MonthlyRegression(
            terms, inverse * (squares / (n - Terms) * inflation), n - Terms,
            IsStep(squares, terms[1] * terms[1] / inverse[1, 1], ClearestStep(withoutTrend), n));
    }

    public (double Low, double High) SlopeInterval() => (Slope - (Width * Math.Sqrt(covariance[1, 1])), Slope + (Width * Math.Sqrt(covariance[1, 1])));

    /// <summary>Student's t.</summary>
    public double SlopePValue() => 2 * StudentT.CDF(0, 1, freedom, -Math.Abs(Slope) / Math.Sqrt(covariance[1, 1]));

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
