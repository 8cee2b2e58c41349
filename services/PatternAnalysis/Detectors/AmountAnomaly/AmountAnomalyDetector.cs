using MathNet.Numerics.Distributions;
using Microsoft.Extensions.Options;
using Platform.Contracts.Common.V1;
using Platform.Contracts.PatternAnalysis.V1;
using Platform.PatternAnalysis.Detection;
using Platform.PatternAnalysis.Histories;
using Platform.PatternAnalysis.Statistics;
using static System.FormattableString;

namespace Platform.PatternAnalysis.Detectors.AmountAnomaly;

/// <summary>Whether a recent order is far larger than the customer's orders usually are.</summary>
internal sealed class AmountAnomalyDetector(IOptionsMonitor<AmountAnomalyOptions> options) : IPatternDetector
{
    public string Name => "amount_anomaly";

    public string Title => "Unusually large order";

    public string Method => Invariant($"""
        Logarithm of the amounts of the last {options.CurrentValue.RecentDays} days against those of the {options.CurrentValue.BaselineDays} days before: distance from the median in robust standard deviations (median absolute deviation × 1.4826; Iglewicz and Hoaglin 1993). p-value: upper tail of Student's t with 0.37 (n − 1) degrees of freedom, because the median absolute deviation carries 37 % of the information of the standard deviation, widened for the uncertainty of the median by √(1 + π / 2n), times the number of recent orders (Bonferroni). Assumes amounts that are about log-normal. Small orders carry no risk and are not reported; neither is less than {options.CurrentValue.MinimumMultiple:0.#} times the typical amount.
        """);

    public int MinimumSample => options.CurrentValue.MinimumOrders;

    public HistoryParts Needs => HistoryParts.Orders;

    public Verdict Detect(CustomerHistory history, PeerStatistics peers, CancellationToken cancellationToken) => Test(history.Orders, history.Subject, options.CurrentValue);

    public static Verdict Test(IReadOnlyList<OrderRow> orders, Subject subject, AmountAnomalyOptions options)
    {
        // Amounts in another currency cannot be compared.
        var comparable = orders.Where(order => order.Currency == subject.Currency && order.Amount > 0).ToList();
        var change = subject.AsOf.AddDays(1 - options.RecentDays);
        var start = change.AddDays(-options.BaselineDays);
        var before = comparable.Where(order => order.PlacedOn >= start && order.PlacedOn < change).ToList();
        var recent = comparable.Where(order => order.PlacedOn >= change).ToList();
        if (before.Count < options.MinimumOrders)
        {
            return new Verdict.TooFew(Invariant($"{before.Count} earlier {(before.Count == 1 ? "order" : "orders")}; at least {options.MinimumOrders} are needed to know what is usual"));
        }

        if (recent.Count == 0)
        {
            return new Verdict.Nothing(Invariant($"there are no orders in the last {options.RecentDays} days"));
        }

        var logarithms = before.Select(order => Math.Log((double)order.Amount)).ToList();
        var median = RobustScale.Median(logarithms);
        var deviation = RobustScale.Deviation(logarithms);
        var largest = recent.MaxBy(order => order.Amount)!;
        var distance = Math.Log((double)largest.Amount) - median;
        var multiple = Math.Exp(distance);
        var error = deviation * Math.Sqrt(Math.PI / (2 * before.Count));

        // With equal amounts so far any other amount is surprising, but nothing tells how much.
        var z = deviation > 0 ? distance / Math.Sqrt((deviation * deviation) + (error * error)) : 0;
        var p = deviation > 0 ? Math.Min(1, recent.Count * StudentT.CDF(0, 1, 0.37 * (before.Count - 1), -z)) : 1;
        if (multiple < options.MinimumMultiple || deviation <= 0)
        {
            return new Verdict.Nothing(
                deviation <= 0 ? "all earlier orders have the same amount, so nothing tells how much they vary" : Invariant($"the largest recent order is {multiple:0.#} times the typical one: nothing unusual"), p);
        }

        var typical = (decimal)Math.Round(Math.Exp(median), 2);
        return new Verdict.Candidate(p, new Finding
        {
            SampleSize = before.Count + recent.Count,
            Effect = new Effect { Value = multiple, Unit = "times the typical amount", Low = Math.Exp(distance - (1.96 * error)), High = Math.Exp(distance + (1.96 * error)) },
            RelativeEffect = 1 - (1 / multiple),
            MoneyAtStake = largest.Amount,
            From = start,
            Until = subject.AsOf.AddDays(1),
            ChangedOn = largest.PlacedOn,
            Evidence = [Figures.Rows("domain.sales_orders", HistoryReader.OrdersSql, [largest.Id])],
            Text = Invariant($"On {Figures.Iso(largest.PlacedOn)} {subject.Name} ordered for {Figures.Amount(largest.Amount, subject.Currency)}, {multiple:0.#} times the typical {Figures.Amount(typical, subject.Currency)} of {before.Count} earlier orders."),
            Recommendation = "Confirm the order with the customer, and check the credit limit before it ships.",
            Figures = new Dictionary<string, Value>
            {
                ["amount"] = Figures.Money(largest.Amount, subject.Currency),
                ["typical_amount"] = Figures.Money(typical, subject.Currency),
                ["multiple"] = Figures.Number(multiple),
                ["robust_z"] = Figures.Number(z),
                ["earlier_orders"] = Figures.Count(before.Count),
                ["placed_on"] = Figures.Day(largest.PlacedOn),
            },
        });
    }
}
