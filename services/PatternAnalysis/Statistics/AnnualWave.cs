namespace Platform.PatternAnalysis.Statistics;

/// <summary>Two explanations of a series that cost the same number of parameters: one step, or a wave with the period of a year.</summary>
internal static class AnnualWave
{
    private const double Year = 365.25;

    /// <summary>
    /// What is left of scores with the mean 0 when the wave (cos and sin of the day in the year, least squares) is taken away,
    /// if the wave explains more of their squares than the step does; else null. A wave can be told from a step only when more
    /// than one of its periods has been seen.
    /// </summary>
    public static double[]? RemoveIfClearerThanStep(ReadOnlySpan<double> scores, ReadOnlySpan<int> days, int split)
    {
        var n = scores.Length;
        double left = 0;
        double c = 0, s = 0, cc = 0, ss = 0, cs = 0, cy = 0, sy = 0;
        for (var i = 0; i < n; i++)
        {
            left += i < split ? scores[i] : 0;
            var (sin, cos) = Math.SinCos(2 * Math.PI * days[i] / Year);
            (c, s, cc, ss, cs) = (c + cos, s + sin, cc + (cos * cos), ss + (sin * sin), cs + (cos * sin));
            (cy, sy) = (cy + (cos * scores[i]), sy + (sin * scores[i]));
        }

        (cc, ss, cs) = (cc - (c * c / n), ss - (s * s / n), cs - (c * s / n));
        var determinant = (cc * ss) - (cs * cs);
        var byStep = left * left * n / ((double)split * (n - split));
        if (determinant <= 1e-9 || ((cy * cy * ss) - (2 * cy * sy * cs) + (sy * sy * cc)) / determinant <= byStep)
        {
            return null;
        }

        var (onCos, onSin) = (((cy * ss) - (sy * cs)) / determinant, ((sy * cc) - (cy * cs)) / determinant);
        var rest = new double[n];
        for (var i = 0; i < n; i++)
        {
            var (sin, cos) = Math.SinCos(2 * Math.PI * days[i] / Year);
            rest[i] = scores[i] - (onCos * (cos - (c / n))) - (onSin * (sin - (s / n)));
        }

        return rest;
    }
}
