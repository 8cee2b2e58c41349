using Microsoft.Extensions.Options;
using Platform.Contracts.Common.V1;
using Platform.Contracts.PatternAnalysis.V1;
using Platform.PatternAnalysis.Detection;
using Platform.PatternAnalysis.Histories;
using Platform.PatternAnalysis.Statistics;
using static System.FormattableString;

namespace Platform.PatternAnalysis.Detectors.RushOrderFrequency;

/// <summary>Whether the share of rush orders changed against the customer's own past.</summary>
internal sealed class RushOrderDetector(IOptionsMonitor<RushOrderOptions> options) : IPatternDetector
{
    public string Name => "rush_order_frequency";

    public string Title => "Rush-order frequency";

    public string Method => Invariant($"""
        Share of orders with priority "rush" in the last {options.CurrentValue.RecentDays} days against the {options.CurrentValue.BaselineDays} days before, cancelled orders left out. p-value: Fisher's exact test, two-sided, which conditions on the number of rush orders. Effect: difference of the shares with Newcombe's 95 % interval (Statistics in Medicine 17, 1998). Assumes that orders are urgent independently of each other; a change below {options.CurrentValue.MinimumChange:0.##} is not reported.
        """);

    public int MinimumSample => options.CurrentValue.MinimumOrders * 2;

    public HistoryParts Needs => HistoryParts.Orders;

    public Verdict Detect(CustomerHistory history, PeerStatistics peers, CancellationToken cancellationToken) => Test(history.Orders, history.Subject, options.CurrentValue);

    public static Verdict Test(IReadOnlyList<OrderRow> orders, Subject subject, RushOrderOptions options)
    {
        var change = subject.AsOf.AddDays(1 - options.RecentDays);
        var start = change.AddDays(-options.BaselineDays);
        var recent = orders.Where(order => order.PlacedOn >= change).ToList();
        var before = orders.Where(order => order.PlacedOn >= start && order.PlacedOn < change).ToList();
        if (recent.Count < options.MinimumOrders || before.Count < options.MinimumOrders)
        {
            return new Verdict.TooFew(Invariant(
                $"{recent.Count} {(recent.Count == 1 ? "order" : "orders")} in the last {options.RecentDays} days and {before.Count} in the {options.BaselineDays} days before; at least {options.MinimumOrders} each are needed"));
        }

        var rushRecent = recent.Where(order => order.Priority == "rush").ToList();
        var rushBefore = before.Where(order => order.Priority == "rush").ToList();
        var shareRecent = (double)rushRecent.Count / recent.Count;
        var shareBefore = (double)rushBefore.Count / before.Count;
        var difference = shareRecent - shareBefore;
        var p = ProportionTests.FisherExact(rushRecent.Count, recent.Count, rushBefore.Count, before.Count);
        if (Math.Abs(difference) < options.MinimumChange)
        {
            return new Verdict.Nothing(
                $"{Figures.Percent(shareRecent)} rush orders recently and {Figures.Percent(shareBefore)} before: no change that matters", p);
        }

        var (low, high) = ProportionTests.Newcombe(rushRecent.Count, recent.Count, rushBefore.Count, before.Count);
        var stake = rushRecent.Where(order => order.Currency == subject.Currency).Sum(order => order.Amount);
        if (difference < 0)
        {
            stake = rushBefore.Where(order => order.Currency == subject.Currency).Sum(order => order.Amount);
        }

        var direction = difference > 0 ? "rose" : "fell";
        return new Verdict.Candidate(p, new Finding
        {
            SampleSize = recent.Count + before.Count,
            Effect = new Effect { Value = difference, Unit = "ratio", Low = low, High = high },
            RelativeEffect = Math.Min(1, Math.Abs(difference) / 0.5),
            MoneyAtStake = stake,
            From = start,
            Until = subject.AsOf.AddDays(1),
            ChangedOn = change,
            Evidence = [Figures.Rows("domain.sales_orders", HistoryReader.OrdersSql, [.. Enumerable.Reverse(rushRecent.Concat(difference < 0 ? rushBefore : [])).Select(order => order.Id)])],
            Text = Invariant($"The share of rush orders of {subject.Name} {direction} from {Figures.Percent(shareBefore)} ({rushBefore.Count} of {before.Count}) to {Figures.Percent(shareRecent)} ({rushRecent.Count} of {recent.Count}) in the last {options.RecentDays} days."),
            Recommendation = difference > 0
                ? "Ask what drives the urgency, and agree a forecast or a surcharge for rush orders before capacity suffers."
                : "Planning has become easier; confirm that the calmer ordering is meant to last before releasing reserved capacity.",
            Figures = new Dictionary<string, Value>
            {
                ["share_recent"] = Figures.Ratio(shareRecent),
                ["share_before"] = Figures.Ratio(shareBefore),
                ["rush_recent"] = Figures.Count(rushRecent.Count),
                ["rush_before"] = Figures.Count(rushBefore.Count),
                ["orders_recent"] = Figures.Count(recent.Count),
                ["orders_before"] = Figures.Count(before.Count),
                ["recent_days"] = Figures.Days(options.RecentDays),
                ["rush_amount"] = Figures.Money(stake, subject.Currency),
            },
        });
    }
}
