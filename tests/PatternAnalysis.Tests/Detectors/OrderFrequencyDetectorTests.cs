using Platform.PatternAnalysis.Detection;
using Platform.PatternAnalysis.Detectors.OrderFrequency;

namespace Platform.PatternAnalysis.Tests.Detectors;

public sealed class OrderFrequencyDetectorTests
{
    private const double Level = 0.01;
    private static readonly OrderFrequencyOptions Options = new();

    [Fact]
    public void Test_SteadyCustomers_FalseAlarmsAsPromised()
    {
        var random = new Random(61);
        const int rounds = 400;

        var alarms = Enumerable.Range(0, rounds).Count(_ =>
            OrderFrequencyDetector.Test(Histories.Orders(random, 500, 0.15, _ => 0), Histories.Customer, Options) is Verdict.Candidate { PValue: <= Level });

        // 1 % at most; three standard deviations of a share of 1 % among 400.
        Assert.InRange((double)alarms / rounds, 0, 0.025);
    }

    [Theory]
    [InlineData(0.3, 0.1)]
    [InlineData(0.1, 0.3)]
    public void Test_RateChangesThreefold_FoundWithDirectionDayAndInterval(double before, double since)
    {
        var random = new Random(62);
        const int rounds = 60;
        var (found, covered, near) = (0, 0, 0);
        for (var round = 0; round < rounds; round++)
        {
            var orders = Histories.Orders(random, 300, since, _ => 0);
            var earlier = Histories.Orders(random, 450, before, _ => 0).Select(order => order with { Id = "E" + order.Id, PlacedOn = order.PlacedOn.AddDays(-301) });
            if (OrderFrequencyDetector.Test([.. earlier, .. orders], Histories.Customer, Options) is Verdict.Candidate { PValue: <= Level, Finding: var finding })
            {
                found++;
                covered += finding.Effect.Low <= since / before && since / before <= finding.Effect.High ? 1 : 0;
                near += Math.Abs(finding.ChangedOn!.Value.DayNumber - Histories.Day.AddDays(-300).DayNumber) <= 45 ? 1 : 0;
                Assert.Equal(since > before, finding.Effect.Value > 1);
                Assert.Equal(orders.Count(order => order.PlacedOn >= finding.ChangedOn) + earlier.Count(order => order.PlacedOn >= finding.ChangedOn), finding.Evidence[0].TotalRows);
            }
        }

        Assert.InRange(found, 50, rounds);
        Assert.InRange((double)near / found, 0.8, 1);
        Assert.InRange((double)covered / found, 0.75, 1);
    }

    [Fact]
    public void Test_FewOrders_NothingIsSaidAndWhy()
    {
        var verdict = Assert.IsType<Verdict.TooFew>(OrderFrequencyDetector.Test(Histories.Orders(new Random(63), 60, 0.1, _ => 0), Histories.Customer, Options));

        Assert.Contains("at least 17 are needed", verdict.Reason, StringComparison.Ordinal);
        Assert.Equal(17, new OrderFrequencyDetector(new Testing.FixedOptions<OrderFrequencyOptions>(Options)).MinimumSample);
    }

    [Fact]
    public void Test_RatioBelowTheMinimum_NotReported() => Assert.IsType<Verdict.Nothing>(
        OrderFrequencyDetector.Test(Histories.Orders(new Random(64), 900, 0.3, _ => 0), Histories.Customer, new OrderFrequencyOptions { MinimumRatio = 5 }));
}
