using MathNet.Numerics;

namespace Platform.PatternAnalysis.Statistics;

/// <summary>Comparison of two shares.</summary>
internal static class ProportionTests
{
    private const double Z95 = 1.959963984540054;

    /// <summary>
    /// Fisher's exact test, two-sided: the probability, given both margins, of all tables that are no more likely than the
    /// one seen. It conditions on the number of hits, so it holds for small counts.
    /// </summary>
    public static double FisherExact(int hits1, int total1, int hits2, int total2)
    {
        var hits = hits1 + hits2;
        var total = total1 + total2;
        double LogProbability(int k) =>
            SpecialFunctions.BinomialLn(total1, k) + SpecialFunctions.BinomialLn(total2, hits - k) - SpecialFunctions.BinomialLn(total, hits);

        var seen = LogProbability(hits1);
        var sum = 0.0;
        for (var k = Math.Max(0, hits - total2); k <= Math.Min(hits, total1); k++)
        {
            var logProbability = LogProbability(k);
            if (logProbability <= seen + 1e-7)
            {
                sum += Math.Exp(logProbability);
            }
        }

        return Math.Min(1, sum);
    }

    /// <summary>Wilson's score interval for a share, 95 %.</summary>
    public static (double Low, double High) Wilson(int hits, int total)
    {
        var share = (double)hits / total;
        var z2 = Z95 * Z95;
        var centre = (share + (z2 / (2 * total))) / (1 + (z2 / total));
        var half = Z95 * Math.Sqrt((share * (1 - share) / total) + (z2 / (4.0 * total * total))) / (1 + (z2 / total));
        return (Math.Max(0, centre - half), Math.Min(1, centre + half));
    }

    /// <summary>95 % interval for share 1 minus share 2: Newcombe's hybrid score method (Statistics in Medicine 17, 1998, method 10).</summary>
    public static (double Low, double High) Newcombe(int hits1, int total1, int hits2, int total2)
    {
        var share1 = (double)hits1 / total1;
        var share2 = (double)hits2 / total2;
        var (low1, high1) = Wilson(hits1, total1);
        var (low2, high2) = Wilson(hits2, total2);
        var difference = share1 - share2;
        return (
            difference - Math.Sqrt(Math.Pow(share1 - low1, 2) + Math.Pow(high2 - share2, 2)),
            difference + Math.Sqrt(Math.Pow(high1 - share1, 2) + Math.Pow(share2 - low2, 2)));
    }
}
