using System.Globalization;

namespace Platform.Benchmarks;

/// <summary>A figure and its limit, read in turn; the ratio of each round counts, and the median of them is the result.</summary>
internal sealed class Comparison(string id, string unit)
{
    private const double NoisyFrom = 1.25;
    private readonly List<(double Limit, double Measured)> _rounds = [];

    public void Add(double limit, double measured) => _rounds.Add((limit, measured));

    public void Print(string bar, Func<double, bool> passes)
    {
        var ratio = Median([.. _rounds.Select(round => round.Measured / round.Limit)]);
        var limits = _rounds.Select(round => round.Limit).ToArray();
        var spread = limits.Max() / limits.Min();
        var verdict = spread > NoisyFrom ? "noisy" : passes(ratio) ? "met" : "NOT met";
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{id,-10} limit {Median(limits),10:N1} {unit,-4} measured {Median([.. _rounds.Select(round => round.Measured)]),10:N1} {unit,-4} ratio {ratio:N2} (bar {bar}) limit spread {spread:N2}: {verdict}"));
    }

    public static double Median(double[] values)
    {
        Array.Sort(values);
        var middle = values.Length / 2;
        return values.Length % 2 == 1 ? values[middle] : (values[middle - 1] + values[middle]) / 2;
    }
}
