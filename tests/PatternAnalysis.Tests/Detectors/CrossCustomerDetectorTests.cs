using Platform.PatternAnalysis.Detection;
using Platform.PatternAnalysis.Detectors.OrderSeasonality;
using Platform.PatternAnalysis.Detectors.OrderTrend;
using Platform.PatternAnalysis.Detectors.PeerPercentile;
using Platform.PatternAnalysis.Detectors.RevenueConcentration;
using Platform.PatternAnalysis.Histories;

namespace Platform.PatternAnalysis.Tests.Detectors;

/// <summary>Trend, season, place among the others and concentration, each with a known truth and without one.</summary>
public sealed class CrossCustomerDetectorTests
{
    private const double Level = 0.01;
    private const int Days = 1200;

    [Fact]
    public void TrendAndSeason_SteadyCustomers_FalseAlarmsAsPromised()
    {
        var random = new Random(71);
        const int rounds = 400;
        var (trends, seasons) = (0, 0);
        for (var round = 0; round < rounds; round++)
        {
            var orders = Histories.Orders(random, Days, 0.1 + (0.2 * random.NextDouble()), _ => 0);
            trends += OrderTrendDetector.Test(new CustomerHistory(Histories.Customer, orders, []), new OrderTrendOptions()) is Verdict.Candidate { PValue: <= Level } ? 1 : 0;
            seasons += OrderSeasonalityDetector.Test(new CustomerHistory(Histories.Customer, orders, []), new OrderSeasonalityOptions()) is Verdict.Candidate { PValue: <= Level } ? 1 : 0;
        }

        Assert.InRange((double)trends / rounds, 0, 0.025);
        Assert.InRange((double)seasons / rounds, 0, 0.025);
    }

    [Fact]
    public void Trend_DoublesInThreeYears_FoundWithTheTruthInItsInterval()
    {
        var random = new Random(72);
        const int rounds = 60;
        var (found, covered) = (0, 0);
        for (var round = 0; round < rounds; round++)
        {
            var orders = Varying(random, back => 0.15 + (0.3 * (Days - back) / Days));
            if (OrderTrendDetector.Test(new CustomerHistory(Histories.Customer, orders, []), new OrderTrendOptions()) is Verdict.Candidate { PValue: <= Level, Finding: var finding })
            {
                found++;
                var truth = 0.3 / Days * 365.25 * 30.44;
                covered += finding.Effect.Low <= truth && truth <= finding.Effect.High ? 1 : 0;
                Assert.Contains("grow", finding.Text, StringComparison.Ordinal);
            }
        }

        Assert.InRange(found, 50, rounds);
        Assert.InRange((double)covered / found, 0.85, 1);
    }

    [Fact]
    public void Trend_SuddenChange_LeftToTheShift()
    {
        var random = new Random(73);
        var candidates = Enumerable.Range(0, 40).Count(_ =>
            OrderTrendDetector.Test(new CustomerHistory(Histories.Customer, Varying(random, back => back > 500 ? 0.1 : 0.4), []), new OrderTrendOptions()) is Verdict.Candidate { PValue: <= Level });

        Assert.InRange(candidates, 0, 4);
    }

    [Fact]
    public void Season_HighInJune_FoundWithItsMonth()
    {
        var random = new Random(74);
        const int rounds = 40;
        var (found, right) = (0, 0);
        for (var round = 0; round < rounds; round++)
        {
            var orders = Varying(random, back => 0.3 * (1 + (0.8 * Math.Cos(2 * Math.PI * (Histories.Day.AddDays(-back).DayOfYear - 166) / 365.25))));
            if (OrderSeasonalityDetector.Test(new CustomerHistory(Histories.Customer, orders, []), new OrderSeasonalityOptions()) is Verdict.Candidate { PValue: <= Level, Finding: var finding })
            {
                found++;
                right += finding.Figures["peak_month"].Text is "May" or "June" or "July" ? 1 : 0;
                Assert.True(finding.Effect.Low < finding.Effect.Value && finding.Effect.Value < finding.Effect.High);
            }
        }

        Assert.InRange(found, 36, rounds);
        Assert.InRange((double)right / found, 0.95, 1);
    }

    /// <summary>One wave over the year explains two fifths of such a season, and what it leaves looks like neighbours that are alike.</summary>
    [Fact]
    public void Season_SeventyDaysOfTheYear_FoundWithItsMonths()
    {
        var random = new Random(80);
        for (var round = 0; round < 20; round++)
        {
            var orders = Varying(random, back => Histories.Day.AddDays(-back).DayOfYear is >= 152 and < 222 ? 0.4 : 0.002);

            var found = Assert.IsType<Verdict.Candidate>(OrderSeasonalityDetector.Test(new CustomerHistory(Histories.Customer, orders, []), new OrderSeasonalityOptions()));

            Assert.InRange(found.PValue, 0, 1e-4);
            Assert.True(found.Finding.Figures["peak_month"].Text is "June" or "July", found.Finding.Text);
            Assert.InRange(found.Finding.Figures["per_month_high"].Number, 7, 14);
            Assert.InRange(found.Finding.Figures["per_month_low"].Number, 0, 1);
        }
    }

    [Fact]
    public void Peers_LaterThanAllOthers_FoundAndAnOrdinaryOneNot()
    {
        var peers = new PaymentPeers([.. Enumerable.Range(0, 100).Select(i => i / 10.0)]);
        var late = Histories.Invoices(new Random(75), 60, 6, _ => 25, 4);

        var finding = Assert.IsType<Verdict.Candidate>(PeerPercentileDetector.Test(late, Histories.Customer, peers, new PeerPercentileOptions()));

        Assert.InRange(finding.PValue, 0, 1e-6);
        Assert.Equal(1, finding.Finding.Figures["percentile"].Ratio);
        Assert.True(finding.Finding.Effect.Low <= finding.Finding.Effect.Value && finding.Finding.Effect.Value <= finding.Finding.Effect.High);
        Assert.All(finding.Finding.Evidence[0].RowIds, id => Assert.Contains(late, invoice => invoice.Id == id && invoice.DueOn > Histories.Day.AddDays(-365)));
        Assert.IsType<Verdict.Nothing>(PeerPercentileDetector.Test(Histories.Invoices(new Random(76), 60, 6, _ => 5, 4), Histories.Customer, peers, new PeerPercentileOptions()));
    }

    [Fact]
    public void Peers_AtTheLimit_AccusedAsSeldomAsTheSignTestPromises()
    {
        var random = new Random(77);
        var peers = new PaymentPeers([.. Enumerable.Range(0, 100).Select(i => i * 0.1)]);
        const int rounds = 400;

        var alarms = Enumerable.Range(0, rounds).Count(_ => PeerPercentileDetector.Test(
            Histories.Invoices(random, 40, 8, _ => 9.4, 6), Histories.Customer, peers, new PeerPercentileOptions()) is Verdict.Candidate { PValue: <= Level });

        Assert.InRange((double)alarms / rounds, 0, 0.025);
    }

    [Fact]
    public void Peers_FewInvoicesOrCustomers_NothingIsSaidAndWhy()
    {
        var invoices = Histories.Invoices(new Random(78), 60, 6, _ => 25, 4);

        Assert.Contains("at least 12", TooFew(invoices[^8..], new PaymentPeers([.. new double[100]])), StringComparison.Ordinal);
        Assert.Contains("at least 40", TooFew(invoices, new PaymentPeers([1, 2, 3])), StringComparison.Ordinal);
        Assert.Contains("at least 40", TooFew(invoices, null), StringComparison.Ordinal);

        static string TooFew(List<SettlementRow> of, PaymentPeers? peers) =>
            Assert.IsType<Verdict.TooFew>(PeerPercentileDetector.Test(of, Histories.Customer, peers, new PeerPercentileOptions())).Reason;
    }

    [Fact]
    public void Concentration_ThirdOfTheRevenue_FoundWithShareAndInterval()
    {
        var orders = Histories.Orders(new Random(79), 360, 0.5, _ => 0);
        var own = (double)orders.Sum(order => order.Amount);
        var squares = orders.Sum(order => (double)order.Amount * (double)order.Amount);

        var finding = Assert.IsType<Verdict.Candidate>(Concentration(orders, new RevenuePeers(50, 3 * own, 3 * squares, 0.15)));
        var ordinary = Assert.IsType<Verdict.Nothing>(Concentration(orders, new RevenuePeers(50, 20 * own, 20 * squares, 0.03)));

        Assert.Equal(1 / 3.0, finding.Finding.Effect.Value, 6);
        Assert.InRange(finding.PValue, 0, 1e-6);
        Assert.InRange(finding.Finding.Effect.High - finding.Finding.Effect.Low, 0.02, 0.2);
        Assert.InRange(ordinary.PValue, 0.9, 1);
        Assert.IsType<Verdict.TooFew>(Concentration(orders[..5], new RevenuePeers(50, 3 * own, 3 * squares, 0.15)));
        Assert.IsType<Verdict.TooFew>(Concentration(orders, new RevenuePeers(3, 3 * own, 3 * squares, 0.15)));

        static Verdict Concentration(List<OrderRow> of, RevenuePeers all) => RevenueConcentrationDetector.Test(
            of, Histories.Customer, new PeerStatistics { Revenue = new Dictionary<string, RevenuePeers> { ["EUR"] = all } }, new RevenueConcentrationOptions());
    }

    [Theory]
    [InlineData(0, "0 %")]
    [InlineData(0.0004, "less than 0.1 %")]
    [InlineData(0.999, "99.9 %")]
    [InlineData(0.99951, "more than 99.9 %")]
    [InlineData(1, "100 %")]
    public void Percent_NearlyAllOrNothing_NotRoundedToIt(double ratio, string words) => Assert.Equal(words, Figures.Percent(ratio));

    private static List<OrderRow> Varying(Random random, Func<int, double> perDay)
    {
        List<OrderRow> orders = [];
        for (var back = Days; back >= 0; back--)
        {
            if (random.NextDouble() < perDay(back))
            {
                orders.Add(new OrderRow($"O{back}", Histories.Day.AddDays(-back), "normal", 100, "EUR"));
            }
        }

        return orders;
    }
}
