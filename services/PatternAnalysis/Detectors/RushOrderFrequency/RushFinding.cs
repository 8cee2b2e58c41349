using Platform.Contracts.Common.V1;
using Platform.Contracts.PatternAnalysis.V1;
using Platform.PatternAnalysis.Detection;
using Platform.PatternAnalysis.Histories;
using Platform.PatternAnalysis.Statistics;
using static System.FormattableString;

namespace Platform.PatternAnalysis.Detectors.RushOrderFrequency;

/// <summary>A change of the share of rush orders in figures and words.</summary>
internal static class RushFinding
{
    public static Finding Of(List<OrderRow> orders, Subject subject, Change change, PeerComparison? peers)
    {
        var (low, high) = ProportionTests.Newcombe(change.RushSince, change.OrdersSince, change.RushBefore, change.OrdersBefore);
        var daysBefore = Math.Max(1, change.On.DayNumber - change.From.DayNumber);
        var daysSince = subject.AsOf.DayNumber - change.On.DayNumber + 1;
        var rate = RateRatio.Of(change.RushSince, daysSince, change.RushBefore, daysBefore);
        var rises = change.Difference > 0;
        var rush = orders.Where(order => order.IsRush && (!rises || order.PlacedOn >= change.On)).ToList();
        var touched = rises ? rush.Where(order => order.PlacedOn >= change.On) : rush.Where(order => order.PlacedOn < change.On);
        var stake = touched.Where(order => order.Currency == subject.Currency).Sum(order => order.Amount);
        var figures = new Dictionary<string, Value>
        {
            ["share_recent"] = Figures.Ratio(change.ShareSince),
            ["share_before"] = Figures.Ratio(change.ShareBefore),
            ["rush_recent"] = Figures.Count(change.RushSince),
            ["rush_before"] = Figures.Count(change.RushBefore),
            ["orders_recent"] = Figures.Count(change.OrdersSince),
            ["orders_before"] = Figures.Count(change.OrdersBefore),
            ["recent_days"] = Figures.Days(daysSince),
            ["rush_amount"] = Figures.Money(stake, subject.Currency),
            ["changed_on"] = Figures.Day(change.On),
            ["rate_ratio"] = rate.Ratio is { } ratio ? Figures.Number(ratio) : new Value { Unknown = "there was no rush order before the change" },
            ["rate_ratio_low"] = Figures.Number(rate.Low),
        };
        if (rate.High is { } most)
        {
            figures["rate_ratio_high"] = Figures.Number(most);
        }

        if (peers is not null)
        {
            figures["peers_share_before"] = Figures.Ratio(peers.SharePeersBefore);
            figures["peers_share_recent"] = Figures.Ratio(peers.SharePeersSince);
            figures["peer_percentile"] = Figures.Ratio(peers.Percentile);
        }

        var others = peers is null ? "" : $"; among all other customers it went from {Figures.Percent(peers.SharePeersBefore)} to {Figures.Percent(peers.SharePeersSince)}";
        return new Finding
        {
            SampleSize = orders.Count,
            Effect = new Effect { Value = change.Difference, Unit = "ratio", Low = low, High = high },
            RelativeEffect = Math.Min(1, Math.Abs(change.Difference) / 0.5),
            MoneyAtStake = stake,
            From = change.From,
            Until = subject.AsOf.AddDays(1),
            ChangedOn = change.On,
            Evidence = [Figures.Rows("domain.sales_orders", HistoryReader.OrdersSql, [.. Enumerable.Reverse(rush).Select(order => order.Id)])],
            Text = Invariant($"The share of rush orders of {subject.Name} {(rises ? "rose" : "fell")} from {Figures.Percent(change.ShareBefore)} ({change.RushBefore} of {change.OrdersBefore}) to {Figures.Percent(change.ShareSince)} ({change.RushSince} of {change.OrdersSince}) since {Figures.Iso(change.On)}{others}."),
            Recommendation = rises
                ? "Ask what drives the urgency, and agree a forecast or a surcharge for rush orders before capacity suffers."
                : "Planning has become easier; confirm that the calmer ordering is meant to last before releasing reserved capacity.",
            Figures = figures,
        };
    }
}
