using Microsoft.Extensions.Options;
using Platform.PatternAnalysis.Detection;
using Platform.PatternAnalysis.Histories;
using Platform.PatternAnalysis.Statistics;
using static System.FormattableString;

namespace Platform.PatternAnalysis.Detectors.RushOrderFrequency;

/// <summary>Whether, when and by how much the share of rush orders changed, against the customer's own past and against all customers.</summary>
internal sealed class RushOrderDetector(IOptionsMonitor<RushOrderOptions> options) : IPatternDetector
{
    public string Name => "rush_order_frequency";

    public string Title => "Rush-order frequency";

    public string Method => Invariant($"""
        Orders of the last {options.CurrentValue.WindowDays} days, cancelled ones left out, each rush or not. Own past: the split that separates the shares most clearly over all splits with at least {options.CurrentValue.MinimumSegment} orders on either side (maximal binomial likelihood ratio, Worsley 1983); p-value by up to {options.CurrentValue.Permutations} permutations of the orders, which correct for the scan and hold for small counts; rush orders that come in bursts widen it. The last {options.CurrentValue.RecentDays} days are also held against the time before by Fisher's exact test, and twice the smaller of the two p-values counts (Bonferroni), because most changes worth a call are recent. The split conditions on the number of orders, so growth alone is no finding. Effect: difference of the shares with Newcombe's 95 % interval (Statistics in Medicine 17, 1998), and the ratio of rush orders per day with the exact conditional interval (Clopper and Pearson 1934 on the binomial given the sum). Peers: the share expected since the change is the customer's own earlier share, drawn towards that of all customers (beta-binomial, empirical Bayes), moved as the odds of all customers moved; when the binomial tail beyond it is above {options.CurrentValue.PeerLevel:0.##}, the change is not the customer's and not reported. Assumes that orders are urgent independently of each other; a change below {options.CurrentValue.MinimumChange:0.##} is not reported.
        """);

    public int MinimumSample => options.CurrentValue.MinimumOrders;

    public HistoryParts Needs => HistoryParts.Orders | HistoryParts.PeerOrders;

    public Verdict Detect(CustomerHistory history, PeerStatistics peers, CancellationToken cancellationToken) =>
        Test(history.Orders, history.Subject, options.CurrentValue, peers.Rush);

    public static Verdict Test(IReadOnlyList<OrderRow> orders, Subject subject, RushOrderOptions options, RushPeers? peers = null)
    {
        var start = subject.AsOf.AddDays(1 - options.WindowDays);
        List<OrderRow> seen = [.. orders.Where(order => order.PlacedOn >= start)];
        if (seen.Count < options.MinimumOrders)
        {
            return new Verdict.TooFew(Invariant(
                $"{seen.Count} {(seen.Count == 1 ? "order" : "orders")} in the last {options.WindowDays} days; at least {options.MinimumOrders} are needed, with fewer even the clearest change may be chance"));
        }

        bool[] rush = [.. seen.Select(order => order.IsRush)];
        var total = rush.Count(isRush => isRush);
        if (total == 0 || total == rush.Length)
        {
            return new Verdict.Nothing(Invariant($"{(total == 0 ? "none" : "all")} of {rush.Length} orders {(total == 0 ? "is" : "are")} a rush order"));
        }

        var point = ShareScan.Find(rush, options.MinimumSegment, options.Permutations, seed: rush.Length);
        var change = Change.At(seen, point.Index);
        var p = Math.Min(1, 2 * Math.Min(point.PValue, RecentPValue(seen, subject.AsOf.AddDays(1 - options.RecentDays), options)));
        if (Math.Abs(change.Difference) < options.MinimumChange)
        {
            return new Verdict.Nothing(
                $"{Figures.Percent(change.ShareSince)} rush orders since {Figures.Iso(change.On)} and {Figures.Percent(change.ShareBefore)} before: no change that matters", p);
        }

        var comparison = peers is null ? null : PeerComparison.Of(change, peers, subject.AsOf);
        if (comparison is { } against && against.TailProbability > options.PeerLevel)
        {
            return new Verdict.Nothing(Invariant(
                $"the share of rush orders changed as that of all customers did ({Figures.Percent(against.SharePeersBefore)} before and {Figures.Percent(against.SharePeersSince)} since {Figures.Iso(change.On)})"), p);
        }

        return new Verdict.Candidate(p, RushFinding.Of(seen, subject, change, comparison));
    }

    /// <summary>Of the recent days against the time before; where there are too few orders on one side, 1.</summary>
    private static double RecentPValue(List<OrderRow> orders, DateOnly from, RushOrderOptions options)
    {
        var index = orders.FindIndex(order => order.PlacedOn >= from);
        if (index < options.MinimumSegment || orders.Count - index < options.MinimumSegment)
        {
            return 1;
        }

        var recent = Change.At(orders, index);
        return ProportionTests.FisherExact(recent.RushSince, recent.OrdersSince, recent.RushBefore, recent.OrdersBefore);
    }
}
