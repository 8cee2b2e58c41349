using MathNet.Numerics.Distributions;

namespace Platform.PatternAnalysis.Statistics;

/// <summary>
/// What the year does to monthly figures: ordinary least squares on 1, t and the cosines and sines of the year, alone or with those of half
/// a year, which a short season needs. Residuals that resemble their neighbours widen every interval and p-value, see <see cref="Autocorrelation"/>.
/// </summary>
internal sealed class SeasonalCurve
{
    private const int Tried = 2;

    private readonly MonthlyDesign design;
    private readonly double variance;
    private readonly double level;
    private readonly double[] year;

    private SeasonalCurve(MonthlyDesign design, double[] terms, double variance, double pValue)
    {
        (this.design, this.variance, level, PValue) = (design, variance, terms[0], pValue);
        year = [.. Enumerable.Range(0, MonthlyDesign.MonthsOfYear).Select(month =>
            Enumerable.Range(MonthlyDesign.Straight, terms.Length - MonthlyDesign.Straight).Sum(term => terms[term] * MonthlyDesign.Wave(month, term)))];
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
        var straight = MonthlyDesign.Of(months.Length, waves: 0).Fit(months).Squares;
        var (one, two) = (Of(months, 1, straight), Of(months, 2, straight));
        return one is null || two?.PValue < one.PValue ? two : one;
    }

    /// <summary>Of the swing, 95 %, as of one contrast of the terms.</summary>
    public (double Low, double High) SwingInterval()
    {
        var width = StudentT.InvCDF(0, 1, design.Freedom, 0.975) * Math.Sqrt(variance * design.VarianceOf(Peak, Trough));
        return (Math.Max(0, Swing - width), Swing + width);
    }

    /// <param name="months">What is fitted.</param>
    /// <param name="waves">How many.</param>
    /// <param name="straight">Squares that are left without waves.</param>
    private static SeasonalCurve? Of(double[] months, int waves, double straight)
    {
        var design = MonthlyDesign.Of(months.Length, waves);
        var (terms, left, squares) = design.Fit(months);
        if (squares <= 1e-9)
        {
            return null;
        }

        var (added, variance) = (2 * waves, squares / design.Freedom * Autocorrelation.VarianceInflation(left, months.Length));
        var explained = Math.Max(0, straight - squares);
        return new SeasonalCurve(design, terms, variance, Math.Min(1, Tried * (1 - FisherSnedecor.CDF(added, design.Freedom, explained / added / variance))));
    }
}
