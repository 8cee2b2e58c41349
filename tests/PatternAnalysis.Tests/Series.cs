namespace Platform.PatternAnalysis.Tests;

/// <summary>Seeded numbers with known truth.</summary>
internal static class Series
{
    public static List<double> Normal(Random random, int count, double mean, double deviation) =>
        [.. Enumerable.Range(0, count).Select(_ => mean + (deviation * Gauss(random)))];

    public static double Gauss(Random random) => Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());

    public static double Exponential(Random random, double mean) => -mean * Math.Log(1 - random.NextDouble());
}
