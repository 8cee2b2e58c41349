using System.Collections.Concurrent;
using MathNet.Numerics.Distributions;
using MathNet.Numerics.LinearAlgebra;

namespace Platform.PatternAnalysis.Statistics;

/// <summary>
/// What the year does to monthly figures: ordinary least squares on 1, t and the cosines and sines of the year, alone or with those of half
/// a year, which a short season needs. Residuals that resemble their neighbours widen every interval and p-value, see <see cref="Autocorrelation"/>.
/// </summary>
internal sealed class SeasonalCurve
{
    private const int MonthsOfYear = 12;
    private const int Straight = 2;
    private const int Tried = 2;

    // Months times waves: as many as there are lengths of history.
    private static readonly ConcurrentDictionary<(int Months, int Waves), Design> Designs = new();

    private readonly Design design;
    private readonly double variance;
    private readonly double level;
    private readonly double[] year;

    private SeasonalCurve(Design design, double[] terms, double variance, double pValue)
    {
        (this.design, this.variance, level, PValue) = (design, variance, terms[0], pValue);
        year = [.. Enumerable.Range(0, MonthsOfYear).Select(month => Enumerable.Range(Straight, terms.Length - Straight).Sum(term => terms[term] * Wave(month, term)))];
        Peak = Array.IndexOf(year, year.Max());
        Trough = Array.IndexOf(year, year.Min());
    }

    /// <summary>F test of all terms of the waves together, for the clearer one of those that were tried.</summary>
    public double PValue { get; }

    /// <summary>Which month is highest, 0 to 11 from the first one on.</summary>
    public int Peak { get; }

    /// <summary>Which month is lowest, 0 to 11 from the first one on.</summary>
    public int Trough { get; }

    /// <summary>Figure of the highest month in the middle of the trend.</summary>
    public double Highest => level + year[Peak];

    /// <summary>Figure of the lowest month in the middle of the trend; 0 when the waves go below.</summary>
    public double Lowest => Math.Max(0, level + year[Trough]);

    /// <summary>Half of the difference between the highest and the lowest month of the waves.</summary>
    public double Swing => (year[Peak] - year[Trough]) / 2;

    /// <summary>The clearer one of a year's wave alone and with that of half a year; as two are tried, its p-value is doubled (Bonferroni).</summary>
    /// <param name="months">At least twenty.</param>
    /// <returns>Null when nothing is left to explain.</returns>
    public static SeasonalCurve? Clearest(double[] months)
    {
        var (one, two) = (Of(months, 1), Of(months, 2));
        return one is null || two?.PValue < one.PValue ? two : one;
    }

    /// <summary>Of the swing, 95 %, as of one contrast of the terms.</summary>
    public (double Low, double High) SwingInterval()
    {
        var width = StudentT.InvCDF(0, 1, design.Freedom, 0.975) * Math.Sqrt(variance * design.VarianceOf(Peak, Trough));
        return (Math.Max(0, Swing - width), Swing + width);
    }

    private static SeasonalCurve? Of(double[] months, int waves)
    {
        var design = Designs.GetOrAdd((months.Length, waves), static of => new Design(of.Months, Straight + (2 * of.Waves)));
        var line = Designs.GetOrAdd((months.Length, 0), static of => new Design(of.Months, Straight));
        var (terms, left) = design.Fit(months);
        var residual = left.Sum(value => value * value);
        if (residual <= 1e-9)
        {
            return null;
        }

        var inflation = Autocorrelation.VarianceInflation(left, months.Length);
        var (added, variance) = (terms.Length - Straight, residual / design.Freedom * inflation);
        var explained = Math.Max(0, line.Fit(months).Left.Sum(value => value * value) - residual);
        return new SeasonalCurve(design, terms, variance, Math.Min(1, Tried * (1 - FisherSnedecor.CDF(added, design.Freedom, explained / added / variance))));
    }

    /// <summary>Cosine and sine of the year, then of half a year.</summary>
    private static double Wave(int month, int term)
    {
        var angle = 2 * Math.PI * month / MonthsOfYear * (term / 2);
        return term % 2 == 0 ? Math.Cos(angle) : Math.Sin(angle);
    }

    /// <summary>What the fit of any so many months needs, whatever they hold.</summary>
    private sealed class Design
    {
        private readonly Matrix<double> terms;
        private readonly Matrix<double> inverse;
        private readonly Matrix<double> solution;

        public Design(int months, int count)
        {
            terms = Matrix<double>.Build.Dense(months, count, (month, term) => term switch
            {
                0 => 1,
                1 => month - ((months - 1) / 2.0),
                _ => Wave(month, term),
            });
            inverse = (terms.Transpose() * terms).Inverse();
            solution = inverse * terms.Transpose();
            Freedom = months - count;
        }

        public int Freedom { get; }

        public (double[] Terms, double[] Left) Fit(double[] months)
        {
            var values = Vector<double>.Build.Dense(months);
            var fitted = solution * values;
            return (fitted.ToArray(), (values - (terms * fitted)).ToArray());
        }

        /// <summary>Of half of the difference of two months, in units of the residual variance.</summary>
        public double VarianceOf(int peak, int trough)
        {
            var contrast = Vector<double>.Build.Dense(inverse.RowCount, term => term < Straight ? 0 : (Wave(peak, term) - Wave(trough, term)) / 2);
            return contrast * inverse * contrast;
        }
    }
}
