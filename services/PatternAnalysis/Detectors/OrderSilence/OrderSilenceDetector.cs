using MathNet.Numerics.Distributions;
using Microsoft.Extensions.Options;
using Platform.Contracts.Common.V1;
using Platform.Contracts.PatternAnalysis.V1;
using Platform.PatternAnalysis.Detection;
using Platform.PatternAnalysis.Histories;
using Platform.PatternAnalysis.Statistics;
using static System.FormattableString;

namespace Platform.PatternAnalysis.Detectors.OrderSilence;

/// <summary>Whether an order that should have come did not.</summary>
internal sealed class OrderSilenceDetector(IOptionsMonitor<OrderSilenceOptions> options) : IPatternDetector
{
    public string Name => "order_silence";

    public string Title => "Expected order that did not come";

    public string Method => Invariant($"""
        Days since the last order against the gaps between earlier days with orders (the latest {options.CurrentValue.MaximumGaps}). p-value: upper tail of a gamma distribution fitted to the gaps by moments, its shape held at or below {options.CurrentValue.MaximumShape:0.#} so that very regular customers do not raise early alarms. A silence no longer than an earlier one (a season, a holiday) is not reported, nor one below {options.CurrentValue.MinimumMultiple:0.#} typical gaps. Effect: silence divided by the median gap; its interval comes from the 95 % interval of that median by order statistics. Assumes that gaps do not depend on each other.
        """);

    public int MinimumSample => options.CurrentValue.MinimumGaps + 1;

    public HistoryParts Needs => HistoryParts.Orders;

    public Verdict Detect(CustomerHistory history, PeerStatistics peers, CancellationToken cancellationToken) => Test(history.Orders, history.Subject, options.CurrentValue);

    public static Verdict Test(IReadOnlyList<OrderRow> orders, Subject subject, OrderSilenceOptions options)
    {
        if (subject.Status == "closed")
        {
            return new Verdict.Nothing("the account is closed, so no order is expected");
        }

        var days = orders.Select(order => order.PlacedOn.DayNumber).Distinct().Order().ToList();
        var gaps = days.Zip(days.Skip(1), (earlier, later) => (double)(later - earlier)).TakeLast(options.MaximumGaps).ToList();
        if (gaps.Count < options.MinimumGaps)
        {
            return new Verdict.TooFew(Invariant($"orders on {days.Count} {(days.Count == 1 ? "day" : "days")}; at least {options.MinimumGaps + 1} are needed to know the rhythm"));
        }

        var silence = (double)(subject.AsOf.DayNumber - days[^1]);
        var typical = RobustScale.Median(gaps);
        var mean = gaps.Average();
        var variance = gaps.Sum(gap => (gap - mean) * (gap - mean)) / (gaps.Count - 1);
        var shape = variance > 0 ? Math.Min(options.MaximumShape, mean * mean / variance) : options.MaximumShape;
        var p = silence <= 0 ? 1 : 1 - Gamma.CDF(shape, shape / mean, silence);
        var longest = gaps.Max();
        if (silence <= longest || silence < options.MinimumMultiple * typical)
        {
            return new Verdict.Nothing(Invariant($"the last order is {silence:0} days ago; {longest:0} days without one have happened before"), p);
        }

        var year = subject.AsOf.AddDays(-365);
        var own = orders.Where(order => order.Currency == subject.Currency).ToList();
        var stake = own.Where(order => order.PlacedOn > year).Sum(order => order.Amount);
        if (stake == 0)
        {
            stake = own.TakeLast(12).Sum(order => order.Amount);
        }

        var last = DateOnly.FromDayNumber(days[^1]);
        var interval = RobustScale.MedianInterval(gaps);
        var (low, high) = (Math.Max(1, interval.Low), Math.Max(1, interval.High));
        var latest = orders.Where(order => order.PlacedOn == last).Select(order => order.Id).ToList();
        return new Verdict.Candidate(p, new Finding
        {
            SampleSize = gaps.Count,
            Effect = new Effect { Value = silence / typical, Unit = "times the typical gap", Low = silence / high, High = silence / low },
            RelativeEffect = 1 - (typical / silence),
            MoneyAtStake = stake,
            From = last,
            Until = subject.AsOf.AddDays(1),
            ChangedOn = last.AddDays((int)Math.Ceiling(typical)),
            Evidence = [Figures.Rows("domain.sales_orders", HistoryReader.OrdersSql, latest)],
            Text = Invariant($"{subject.Name} has not ordered for {silence:0} days (last order {Figures.Iso(last)}); usually an order comes every {typical:0.#} days, and the longest gap before was {longest:0} days."),
            Recommendation = "Contact the customer now: an order that was to be expected did not come, which may mean a lost account or a stuck order.",
            Figures = new Dictionary<string, Value>
            {
                ["silence"] = Figures.Days(silence),
                ["typical_gap"] = Figures.Days(typical),
                ["longest_gap"] = Figures.Days(longest),
                ["gaps"] = Figures.Count(gaps.Count),
                ["last_order"] = Figures.Day(last),
                ["ordered_12m"] = Figures.Money(stake, subject.Currency),
            },
        });
    }
}
