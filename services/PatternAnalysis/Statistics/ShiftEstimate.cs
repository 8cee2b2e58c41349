namespace Platform.PatternAnalysis.Statistics;

/// <summary>Size of a change of level with its 95 % interval.</summary>
internal readonly record struct ShiftEstimate(double Shift, double Low, double High)
{
    // Enough for a median of differences; more observations are thinned evenly.
    private const int MaxPerSide = 400;

    /// <summary>
    /// The Hodges–Lehmann estimate: the median of all differences after − before; its interval is given by the order
    /// statistics of those differences (Moses; Hollander and Wolfe, "Nonparametric Statistical Methods", §4.3, normal approximation).
    /// </summary>
    public static ShiftEstimate HodgesLehmann(IReadOnlyList<double> before, IReadOnlyList<double> after)
    {
        var first = Thin(before);
        var second = Thin(after);
        var differences = new double[first.Count * second.Count];
        var next = 0;
        foreach (var b in first)
        {
            foreach (var a in second)
            {
                differences[next++] = a - b;
            }
        }

        Array.Sort(differences);
        double pairs = differences.Length;
        var rank = (int)Math.Floor((pairs / 2) - (1.959963984540054 * Math.Sqrt(pairs * (first.Count + second.Count + 1) / 12)));
        rank = Math.Clamp(rank, 1, differences.Length);
        return new ShiftEstimate(RobustScale.Median(differences), differences[rank - 1], differences[differences.Length - rank]);
    }

    private static IReadOnlyList<double> Thin(IReadOnlyList<double> values) =>
        values.Count <= MaxPerSide ? values : [.. Enumerable.Range(0, MaxPerSide).Select(i => values[(int)((long)i * values.Count / MaxPerSide)])];
}
