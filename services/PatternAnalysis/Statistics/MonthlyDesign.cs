using System.Collections.Concurrent;
using MathNet.Numerics.LinearAlgebra;

namespace Platform.PatternAnalysis.Statistics;

/// <summary>
/// Ordinary least squares of monthly figures on 1, t from its middle, and the cosines and sines of the year and of parts of it. What the fit of any so many
/// months needs, whatever they hold, is made once.
/// </summary>
internal sealed class MonthlyDesign
{
    public const int MonthsOfYear = 12;

    /// <summary>Terms before those of the waves.</summary>
    public const int Straight = 2;

    // Months times waves: as many as there are lengths of history.
    private static readonly ConcurrentDictionary<(int Months, int Waves), MonthlyDesign> Made = new();

    private readonly Matrix<double> terms;
    private readonly Matrix<double> inverse;
    private readonly Matrix<double> solution;

    private MonthlyDesign(int months, int count)
    {
        terms = Matrix<double>.Build.Dense(months, count, (month, term) => term switch
        {
            0 => 1,
            1 => FromMiddle(month, months),
            _ => Wave(month, term),
        });
        inverse = (terms.Transpose() * terms).Inverse();
        solution = inverse * terms.Transpose();
        Freedom = months - count;
    }

    public int Freedom { get; }

    /// <summary>Variance of the change from one month to the next, in units of the residual variance.</summary>
    public double SlopeVariance => inverse[1, 1];

    /// <param name="months">How many.</param>
    /// <param name="waves">None, that of the year, or those of the year and of half a year.</param>
    public static MonthlyDesign Of(int months, int waves) =>
        Made.GetOrAdd((months, waves), static of => new MonthlyDesign(of.Months, Straight + (2 * of.Waves)));

    public static double FromMiddle(int month, int months) => month - ((months - 1) / 2.0);

    /// <summary>Cosine and sine of the year, then of half a year.</summary>
    public static double Wave(int month, int term)
    {
        var angle = 2 * Math.PI * month / MonthsOfYear * (term / 2);
        return term % 2 == 0 ? Math.Cos(angle) : Math.Sin(angle);
    }

    /// <returns>The terms, what they leave of each month, and the squares of that.</returns>
    public (double[] Terms, double[] Left, double Squares) Fit(double[] months)
    {
        var values = Vector<double>.Build.Dense(months);
        var fitted = solution * values;
        var left = values - (terms * fitted);
        return (fitted.ToArray(), left.ToArray(), left.DotProduct(left));
    }

    /// <summary>Variance of half of the difference of two months, in units of the residual variance.</summary>
    public double VarianceOf(int peak, int trough)
    {
        var contrast = Vector<double>.Build.Dense(inverse.RowCount, term => term < Straight ? 0 : (Wave(peak, term) - Wave(trough, term)) / 2);
        return contrast * inverse * contrast;
    }
}
