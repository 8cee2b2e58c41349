using System.Globalization;
using Platform.PatternAnalysis.Tests.Generation;

namespace Platform.Benchmarks.PatternPower;

/// <summary>Whether insights claimed with a confidence are as often true: half of the customers stable, half with shifts of 1 to 15 days.</summary>
internal static class Reliability
{
    private static readonly double[] Edges = [0, 0.9, 0.95, 0.98, 0.99, 1.01];

    public static void Print(int customers)
    {
        List<(double Claimed, bool IsTrue)> claims = [];
        foreach (var noise in Noise.Families)
        {
            for (var seed = 1; seed <= customers; seed++)
            {
                var plan = PatternPowerBenchmark.Plan(noise, seed) with
                {
                    InvoicesBefore = PatternPowerBenchmark.LengthOf(noise, seed),
                    InvoicesAfter = 6 + (seed % 19),
                    Shift = seed % 2 == 0 ? 0 : 1 + (seed % 15),
                };
                var customer = GeneratedCustomer.Generate(100_000 + seed, plan);
                if (Tally.Shift(DefaultDetectors.Conclude(customer.History).Insights) is { } shift)
                {
                    claims.Add((shift.Confidence, customer.ChangedOn is not null && Math.Sign(shift.Effect.Value) == Math.Sign(plan.Shift)));
                }
            }
        }

        PatternPowerBenchmark.Table($"Reliability of the confidence ({claims.Count} payment-timing insights, half of the customers stable)", ["claimed", "insights", "mean claimed", "true"]);
        for (var i = 0; i + 1 < Edges.Length; i++)
        {
            var inside = claims.Where(claim => claim.Claimed >= Edges[i] && claim.Claimed < Edges[i + 1]).ToList();
            if (inside.Count > 0)
            {
                PatternPowerBenchmark.Row(
                    string.Create(CultureInfo.InvariantCulture, $"{Edges[i]:0.00} to {Math.Min(1, Edges[i + 1]):0.00}"), inside.Count,
                    inside.Average(claim => claim.Claimed).ToString("0.000", CultureInfo.InvariantCulture), PatternPowerBenchmark.Share(inside.Count(claim => claim.IsTrue), inside.Count));
            }
        }
    }
}
