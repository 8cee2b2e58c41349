using Platform.PatternAnalysis.Tests.Generation;

namespace Platform.PatternAnalysis.Tests.Detection;

/// <summary>
/// Bar Q2 over 2,400 generated customers and all detectors together; the full tables come from the command pattern-power. Noise with
/// autocorrelation has a floor of its own: docs/pattern-detection.md says why.
/// </summary>
public sealed class KnownTruthTests
{
    private const int PerFamily = 150;

    private static readonly List<Noise> Independent = [.. Noise.Families.Where(noise => !IsDependent(noise))];

    [Fact]
    public void Conclude_StableCustomers_AtMostOneInHundredAccusedByAnyDetector()
    {
        var accused = Independent.Sum(noise => Enumerable.Range(1, PerFamily).Count(seed =>
            DefaultDetectors.Conclude(GeneratedCustomer.Generate(30_000 + seed, new CustomerPlan { Noise = noise, InvoicesBefore = 24 + (seed % 60) }).History).Insights.Count > 0));

        // 1 % promised; at most 1.7 % of 1,200 by chance (three standard deviations).
        Assert.InRange((double)accused / (PerFamily * Independent.Count), 0, 0.017);
    }

    [Fact]
    public void Conclude_ShiftsFromEightDaysOverTwelveInvoices_FoundInNineteenOfTwenty()
    {
        var found = Independent.Sum(noise => Enumerable.Range(1, PerFamily).Count(seed => DefaultDetectors.Conclude(GeneratedCustomer.Generate(40_000 + seed, new CustomerPlan
        {
            Noise = noise, InvoicesBefore = 24 + (seed % 60), InvoicesAfter = 12 + (seed % 13), Shift = (seed % 2 == 0 ? 1 : -1) * (8 + (seed % 13)),
        }).History).Insights.Any(insight => insight.Type == "payment_timing_shift")));

        Assert.InRange((double)found / (PerFamily * Independent.Count), 0.95, 1);
    }

    /// <summary>What 48 invoices cannot tell from independent payments costs some of both; docs/pattern-detection.md has the figures.</summary>
    [Fact]
    public void Conclude_NeighboursAlike_FewAccusedAndMostShiftsFound()
    {
        const int customers = 2 * PerFamily;
        var noise = Noise.Families.Single(family => family.Name.StartsWith("neighbours", StringComparison.Ordinal));
        bool IsShifted(int seed, double shift) => DefaultDetectors.Conclude(GeneratedCustomer.Generate(50_000 + seed, new CustomerPlan
        {
            Noise = noise, InvoicesBefore = 24 + (seed % 60), InvoicesAfter = 12 + (seed % 13), Shift = shift,
        }).History).Insights.Any(insight => insight.Type == "payment_timing_shift");

        var accused = Enumerable.Range(1, customers).Count(seed => IsShifted(seed, 0));
        var found = Enumerable.Range(1, customers).Count(seed => IsShifted(seed, 8 + (seed % 13)));

        Assert.InRange((double)accused / customers, 0, 0.04);
        Assert.InRange((double)found / customers, 0.88, 1);
    }

    [Fact]
    public void Conclude_SameHistory_SameInsights()
    {
        var history = GeneratedCustomer.Generate(7, new CustomerPlan { Noise = Noise.Families[0], Shift = 10 }).History;

        Assert.Equal(DefaultDetectors.Conclude(history).Insights, DefaultDetectors.Conclude(history).Insights);
    }

    private static bool IsDependent(Noise noise) => noise.Name.StartsWith("neighbours", StringComparison.Ordinal) || noise.Name.StartsWith("season", StringComparison.Ordinal);
}
