using Platform.PatternAnalysis.Detection;
using Platform.PatternAnalysis.Histories;
using Platform.PatternAnalysis.Detectors.AmountAnomaly;
using Platform.PatternAnalysis.Detectors.OrderSilence;

namespace Platform.PatternAnalysis.Tests.Detectors;

public sealed class AnomalyDetectorTests
{
    private const double Level = 0.01;

    private static readonly AmountAnomalyOptions Amounts = new();
    private static readonly OrderSilenceOptions Silence = new();

    [Theory]
    [InlineData(0.05, 0.3)]
    [InlineData(0.3, 0.5)]
    public void Amounts_LogNormal_FalseAlarmsAtMostOneInHundred(double perDay, double spread)
    {
        var random = new Random(41);
        const int rounds = 500;

        var alarms = Enumerable.Range(0, rounds).Count(_ => IsFound(AmountAnomalyDetector.Test(Histories.Orders(random, 790, perDay, _ => 0, 900, spread), Histories.Customer, Amounts)));

        Assert.InRange((double)alarms / rounds, 0, 0.02);
    }

    [Fact]
    public void Amounts_TenTimesTheUsual_FoundWithItsRow()
    {
        var random = new Random(42);
        const int rounds = 200;
        var found = 0;
        for (var round = 0; round < rounds; round++)
        {
            var orders = Histories.Orders(random, 790, 0.15, _ => 0, 900, 0.3);
            orders[^2] = orders[^2] with { Amount = 9000 };
            if (AmountAnomalyDetector.Test(orders, Histories.Customer, Amounts) is Verdict.Candidate { PValue: <= Level } candidate)
            {
                found++;
                Assert.Equal([orders[^2].Id], candidate.Finding.Evidence[0].RowIds);
                Assert.Equal(9000, candidate.Finding.MoneyAtStake);
            }
        }

        Assert.InRange((double)found / rounds, 0.95, 1);
    }

    [Fact]
    public void Amounts_OtherCurrency_NotCompared()
    {
        var orders = Histories.Orders(new Random(43), 790, 0.15, _ => 0, 900, 0.3);
        orders[^2] = orders[^2] with { Amount = 90_000, Currency = "JPY" };

        Assert.IsType<Verdict.Nothing>(AmountAnomalyDetector.Test(orders, Histories.Customer, Amounts));
    }

    [Fact]
    public void Amounts_AllEqual_NothingIsClaimed()
    {
        var orders = Histories.Orders(new Random(44), 790, 0.15, _ => 0, 900, 0);
        orders[^2] = orders[^2] with { Amount = 5000 };

        var nothing = Assert.IsType<Verdict.Nothing>(AmountAnomalyDetector.Test(orders, Histories.Customer, Amounts));

        Assert.Contains("same amount", nothing.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Amounts_FourteenEarlierOrders_TooFew()
    {
        var orders = Histories.Orders(new Random(45), 790, 0.5, _ => 0).Where(order => order.PlacedOn < Histories.Day.AddDays(-100)).TakeLast(14).ToList();

        Assert.StartsWith("14 earlier orders", Assert.IsType<Verdict.TooFew>(AmountAnomalyDetector.Test(orders, Histories.Customer, Amounts)).Reason, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0.03)]
    [InlineData(0.25)]
    public void Silence_OrdersAtRandom_FalseAlarmsAtMostOneInHundred(double perDay)
    {
        var random = new Random(46);
        const int rounds = 500;

        var alarms = Enumerable.Range(0, rounds).Count(_ => IsFound(OrderSilenceDetector.Test(Histories.Orders(random, 1000, perDay, _ => 0), Histories.Customer, Silence)));

        Assert.InRange((double)alarms / rounds, 0, 0.02);
    }

    [Fact]
    public void Silence_EveryFortnightThenNone_Found()
    {
        var random = new Random(47);
        var orders = Rhythm(random, 14, 1.5, until: 71);

        var candidate = Assert.IsType<Verdict.Candidate>(OrderSilenceDetector.Test(orders, Histories.Customer, Silence));

        Assert.InRange(candidate.PValue, 0, Level);
        Assert.InRange(candidate.Finding.Figures["typical_gap"].Days, 12, 16);
        Assert.Equal([orders[^1].Id], candidate.Finding.Evidence[0].RowIds);
    }

    [Fact]
    public void Silence_BetweenSeasons_Quiet()
    {
        // Three seasons of 70 days, the last of which ended 30 days ago.
        List<OrderRow> orders = [];
        foreach (var season in (int[])[830, 465, 100])
        {
            for (var back = season; back > season - 70; back -= 2)
            {
                orders.Add(new OrderRow($"O{orders.Count}", Histories.Day.AddDays(-back), "normal", 100, "EUR"));
            }
        }

        Assert.IsType<Verdict.Nothing>(OrderSilenceDetector.Test(orders, Histories.Customer, Silence));
    }

    [Fact]
    public void Silence_ClosedAccount_Quiet() =>
        Assert.IsType<Verdict.Nothing>(OrderSilenceDetector.Test(Rhythm(new Random(48), 14, 1, until: 300), Histories.Customer with { Status = "closed" }, Silence));

    [Fact]
    public void Silence_TenOrderDays_TooFew() =>
        Assert.StartsWith("orders on 10 days", Assert.IsType<Verdict.TooFew>(OrderSilenceDetector.Test([.. Rhythm(new Random(49), 14, 1, until: 5).TakeLast(10)], Histories.Customer, Silence)).Reason, StringComparison.Ordinal);

    private static List<OrderRow> Rhythm(Random random, int gap, double spread, int until)
    {
        List<OrderRow> orders = [];
        for (var back = 900; back >= until; back -= Math.Max(1, (int)Math.Round(gap + (spread * Series.Gauss(random)))))
        {
            orders.Add(new OrderRow($"O{orders.Count}", Histories.Day.AddDays(-back), "normal", 100 + orders.Count, "EUR"));
        }

        return orders;
    }

    private static bool IsFound(Verdict verdict) => verdict is Verdict.Candidate { PValue: <= Level };
}
