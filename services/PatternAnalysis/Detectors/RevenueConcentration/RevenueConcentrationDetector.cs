using MathNet.Numerics.Distributions;
using Microsoft.Extensions.Options;
using Platform.Contracts.Common.V1;
using Platform.Contracts.PatternAnalysis.V1;
using Platform.PatternAnalysis.Detection;
using Platform.PatternAnalysis.Histories;
using static System.FormattableString;

namespace Platform.PatternAnalysis.Detectors.RevenueConcentration;

/// <summary>Whether much of what all customers order hangs on this one.</summary>
internal sealed class RevenueConcentrationDetector(IOptionsMonitor<RevenueConcentrationOptions> options) : IPatternDetector
{
    private const double Z95 = 1.959963984540054;

    public string Name => "revenue_concentration";

    public string Title => "Concentration on one customer";

    public string Method => Invariant($"""
        Share of the customer in the amounts that all customers ordered in the last 12 months in its currency, cancelled orders left out. How far the share would differ in another such year: orders as a compound Poisson process, so the variance of a sum is the sum of the squared amounts, and the share's by the delta method. p-value: one-sided normal test against a share of {options.CurrentValue.Share:0.##}. Effect: the share with its 95 % interval. Beside it the Herfindahl–Hirschman index, the sum of all squared shares (Hirschman 1964). At least {options.CurrentValue.MinimumOrders} orders and {options.CurrentValue.MinimumCustomers} customers; assumes that orders come independently, and compares amounts of one currency only.
        """);

    public int MinimumSample => options.CurrentValue.MinimumOrders;

    /// <summary>Half of that of a sudden change: what it tells is true for years, so a clearer case can be waited for.</summary>
    public double ErrorShare => 0.5;

    public HistoryParts Needs => HistoryParts.Orders | HistoryParts.PeerOrders;

    public Verdict Detect(CustomerHistory history, PeerStatistics peers, CancellationToken cancellationToken) => Test(history.Orders, history.Subject, peers, options.CurrentValue);

    public static Verdict Test(IReadOnlyList<OrderRow> orders, Subject subject, PeerStatistics peers, RevenueConcentrationOptions options)
    {
        var start = subject.AsOf.AddDays(-365);
        List<OrderRow> year = [];
        for (var i = orders.Count - 1; i >= 0 && orders[i].PlacedOn > start; i--)
        {
            if (orders[i].Currency == subject.Currency && orders[i].Amount > 0)
            {
                year.Add(orders[i]);
            }
        }

        if (year.Count < options.MinimumOrders)
        {
            return new Verdict.TooFew(Invariant($"{year.Count} {(year.Count == 1 ? "order" : "orders")} in the last 12 months; at least {options.MinimumOrders} are needed to say what share they make"));
        }

        if (!peers.Revenue.TryGetValue(subject.Currency, out var all) || all.Customers < options.MinimumCustomers)
        {
            return new Verdict.TooFew(Invariant($"{all?.Customers ?? 0} customers ordered in {subject.Currency}; at least {options.MinimumCustomers} are needed to compare"));
        }

        // Read at another time than the history, the sum of all may lack the newest orders.
        var own = (double)year.Sum(order => order.Amount);
        var squares = year.Sum(order => (double)order.Amount * (double)order.Amount);
        var (total, allSquares) = (Math.Max(all.Total, own), Math.Max(all.Squares, squares));
        var share = own / total;
        var error = Math.Sqrt(((1 - share) * (1 - share) * squares) + (share * share * (allSquares - squares))) / total;
        var p = error > 0 ? 1 - Normal.CDF(0, 1, (share - options.Share) / error) : share > options.Share ? 0 : 1;
        return share <= options.Share
            ? new Verdict.Nothing(Invariant($"{Figures.Percent(share)} of what all customers ordered in the last 12 months: no concentration"), p)
            : new Verdict.Candidate(p, Found(year, subject, all, share, Z95 * error));
    }

    private static Finding Found(List<OrderRow> year, Subject subject, RevenuePeers all, double share, double half)
    {
        var amount = year.Sum(order => order.Amount);
        var (low, high) = (Math.Max(0, share - half), Math.Min(1, share + half));
        return new Finding
        {
            SampleSize = year.Count,
            Effect = new Effect { Value = share, Unit = "ratio", Low = low, High = high },
            RelativeEffect = share,
            MoneyAtStake = amount,
            From = subject.AsOf.AddDays(-364),
            Until = subject.AsOf.AddDays(1),
            Evidence = [Figures.Rows("domain.sales_orders", HistoryReader.OrdersSql, [.. year.OrderByDescending(order => order.Amount).Select(order => order.Id)])],
            Text = Invariant($"{subject.Name} makes {Figures.Percent(share)} of what {all.Customers} customers ordered in {subject.Currency} in the last 12 months ({Figures.Amount(amount, subject.Currency)} in {year.Count} orders; 95 % interval {Figures.Percent(low)} to {Figures.Percent(high)}; Herfindahl–Hirschman index of all {all.Concentration:0.###})."),
            Recommendation = "Losing this customer would be felt: watch it closely, insure its open invoices, and win others.",
            Figures = new Dictionary<string, Value>
            {
                ["share"] = Figures.Ratio(share),
                ["share_low"] = Figures.Ratio(low),
                ["share_high"] = Figures.Ratio(high),
                ["customers"] = Figures.Count(all.Customers),
                ["orders"] = Figures.Count(year.Count),
                ["herfindahl"] = Figures.Ratio(all.Concentration),
                ["ordered_12m"] = Figures.Money(amount, subject.Currency),
            },
        };
    }
}
