using Platform.PatternAnalysis.Detection;
using Platform.PatternAnalysis.Detectors.RushOrderFrequency;

namespace Platform.PatternAnalysis.Tests.Detectors;

public sealed class RushOrderDetectorTests
{
    private const double Level = 0.01;

    private static readonly RushOrderOptions Options = new();

    [Fact]
    public void Test_StableShare_FalseAlarmsAtMostOneInHundred()
    {
        var random = new Random(21);
        const int rounds = 500;

        var alarms = Enumerable.Range(0, rounds).Count(_ => IsFound(RushOrderDetector.Test(Histories.Orders(random, 455, 0.25, _ => 0.12), Histories.Customer, Options)));

        Assert.InRange((double)alarms / rounds, 0, 0.02);
    }

    [Fact]
    public void Test_ShareRisen_Found()
    {
        var random = new Random(22);
        const int rounds = 300;

        var found = Enumerable.Range(0, rounds).Count(_ => IsFound(RushOrderDetector.Test(Histories.Orders(random, 455, 0.4, back => back < 90 ? 0.42 : 0.06), Histories.Customer, Options)));

        Assert.InRange((double)found / rounds, 0.95, 1);
    }

    [Fact]
    public void Test_ShareRisen_FiguresOfTheRows()
    {
        var orders = Histories.Orders(new Random(23), 455, 0.4, back => back < 90 ? 0.5 : 0.05);

        var candidate = Assert.IsType<Verdict.Candidate>(RushOrderDetector.Test(orders, Histories.Customer, Options));

        Assert.InRange(candidate.Finding.ChangedOn!.Value.DayNumber - Histories.Day.AddDays(-89).DayNumber, -45, 45);
        var recent = orders.Where(order => order.PlacedOn >= candidate.Finding.ChangedOn).ToList();

        var rush = recent.Where(order => order.Priority == "rush").ToList();
        Assert.Equal(rush.Count, candidate.Finding.Figures["rush_recent"].Count);
        Assert.Equal(recent.Count, candidate.Finding.Figures["orders_recent"].Count);
        Assert.Equal(rush.Sum(order => order.Amount), candidate.Finding.MoneyAtStake);
        Assert.Equal(rush.Select(order => order.Id).Order(), candidate.Finding.Evidence[0].RowIds.Order());
        Assert.Contains($"{rush.Count} of {recent.Count}", candidate.Finding.Text, StringComparison.Ordinal);
        Assert.InRange(candidate.Finding.Effect.Value, candidate.Finding.Effect.Low, candidate.Finding.Effect.High);
    }

    [Fact]
    public void Test_ThirteenOrders_TooFewWithCounts()
    {
        var orders = Histories.Orders(new Random(24), 455, 0.4, _ => 0.1).TakeLast(13).ToList();

        var few = Assert.IsType<Verdict.TooFew>(RushOrderDetector.Test(orders, Histories.Customer, Options));

        Assert.StartsWith("13 orders in the last 730 days; at least 14 are needed", few.Reason, StringComparison.Ordinal);
    }

    private static bool IsFound(Verdict verdict) => verdict is Verdict.Candidate { PValue: <= Level };
}
