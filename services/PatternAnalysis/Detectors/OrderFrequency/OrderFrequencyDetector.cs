using Microsoft.Extensions.Options;
using Platform.Contracts.Common.V1;
using Platform.Contracts.PatternAnalysis.V1;
using Platform.PatternAnalysis.Detection;
using Platform.PatternAnalysis.Histories;
using Platform.PatternAnalysis.Statistics;
using static System.FormattableString;

namespace Platform.PatternAnalysis.Detectors.OrderFrequency;

/// <summary>Whether, when and by how much the customer began to order more or less often.</summary>
internal sealed class OrderFrequencyDetector(IOptionsMonitor<OrderFrequencyOptions> options) : IPatternDetector
{
    public string Name => "order_frequency_shift";

    public string Title => "Order-frequency shift";

    public string Method => Invariant($"""
        Gaps between days with orders, the gap that runs as a lower bound (right-censored; Gehan scores). One change of level by the largest standardised rank sum over all splits, p-value and autocorrelation as for payment timing, without the wave, and neighbouring gaps may be anything around 0 ± 0.2 alike. Ranks make it robust to single long gaps such as holidays. When a wave over the year explains more of the ranks than the step (with 18 months or more), it is a season. Effect: ratio of orders per day since and before with the exact conditional interval (Przyborowski and Wilenski 1940), which assumes Poisson counts; a ratio within 1 / {options.CurrentValue.MinimumRatio:0.##} to {options.CurrentValue.MinimumRatio:0.##} is not reported. Assumes that without a change the order of the gaps means nothing.
        """);

    public int MinimumSample => options.CurrentValue.MinimumGaps + 1;

    /// <summary>Three times that of the rarer findings: fewer orders are the first sign of a customer that leaves.</summary>
    public double ErrorShare => 3;

    public HistoryParts Needs => HistoryParts.Orders;

    public Verdict Detect(CustomerHistory history, PeerStatistics peers, CancellationToken cancellationToken) => Test(history.Orders, history.Subject, options.CurrentValue);

    public static Verdict Test(IReadOnlyList<OrderRow> orders, Subject subject, OrderFrequencyOptions options)
    {
        List<int> days = [.. orders.Select(order => order.PlacedOn.DayNumber).Distinct().TakeLast(options.MaximumGaps + 1)];
        if (days.Count <= options.MinimumGaps)
        {
            return new Verdict.TooFew(Invariant($"orders on {days.Count} {(days.Count == 1 ? "day" : "days")}; at least {options.MinimumGaps + 1} are needed to tell a change from chance"));
        }

        // Gap i runs from day i; the last one still does.
        var gaps = new double[days.Count];
        var runs = new bool[days.Count];
        for (var i = 0; i < gaps.Length; i++)
        {
            runs[i] = i == gaps.Length - 1;
            gaps[i] = (runs[i] ? subject.AsOf.DayNumber : days[i + 1]) - days[i];
        }

        // Unlike payments, of which one run settles several invoices, one order says nothing about when the next but one comes.
        var point = RankScan.Find(gaps, runs, [], options.MinimumSegment, options.Permutations, seed: gaps.Length, allowance: 0);
        var changedOn = DateOnly.FromDayNumber(days[point.Index]);
        var from = DateOnly.FromDayNumber(days[0]);
        List<OrderRow> since = [.. orders.Where(order => order.PlacedOn >= changedOn)];
        var before = orders.Count(order => order.PlacedOn >= from && order.PlacedOn < changedOn);
        var (daysBefore, daysSince) = (changedOn.DayNumber - from.DayNumber, subject.AsOf.DayNumber - changedOn.DayNumber + 1);
        var rate = RateRatio.Of(since.Count, daysSince, before, daysBefore);
        var ratio = rate.Ratio!.Value;
        if (ratio < options.MinimumRatio && ratio > 1 / options.MinimumRatio)
        {
            return new Verdict.Nothing(Invariant($"orders come {ratio:0.##} times as often since {Figures.Iso(changedOn)} as before: no change that matters"), point.PValue);
        }

        if (days[^1] - days[0] >= 548 && AnnualWave.RemoveIfClearerThanStep(LatenessScores.Of(gaps, runs), days.ToArray(), point.Index) is not null)
        {
            return new Verdict.Nothing("how often orders come follows the seasons of the year");
        }

        return new Verdict.Candidate(point.PValue, Found(subject, orders, since, before, daysBefore, daysSince, rate, from, changedOn));
    }

    private static Finding Found(
        Subject subject, IReadOnlyList<OrderRow> orders, List<OrderRow> since, int before, int daysBefore, int daysSince, RateRatio rate, DateOnly from, DateOnly changedOn)
    {
        var ratio = rate.Ratio!.Value;
        var (perMonthBefore, perMonthSince) = (before * 30.0 / daysBefore, since.Count * 30.0 / daysSince);
        var year = subject.AsOf.AddDays(-365);
        var stake = orders.Where(order => order.PlacedOn > year && order.Currency == subject.Currency).Sum(order => order.Amount);
        return new Finding
        {
            SampleSize = before + since.Count,
            Effect = new Effect { Value = ratio, Unit = "times as often", Low = rate.Low, High = rate.High!.Value },
            RelativeEffect = 1 - Math.Min(ratio, 1 / ratio),
            MoneyAtStake = stake,
            From = from,
            Until = subject.AsOf.AddDays(1),
            ChangedOn = changedOn,
            Evidence = [Figures.Rows("domain.sales_orders", HistoryReader.OrdersSql, [.. Enumerable.Reverse(since).Select(order => order.Id)])],
            Text = Invariant($"Since {Figures.Iso(changedOn)} {subject.Name} orders {ratio:0.##} times as often as before (95 % interval {rate.Low:0.##} to {rate.High:0.##}): {perMonthSince:0.#} orders per 30 days ({since.Count} orders) against {perMonthBefore:0.#} ({before} orders)."),
            Recommendation = ratio > 1
                ? "Check that stock, capacity and the credit limit keep up, and ask whether the growth is meant to last."
                : "Ask the customer why it orders less, before it stops.",
            Figures = new Dictionary<string, Value>
            {
                ["rate_ratio"] = Figures.Number(ratio),
                ["per_30_days_before"] = Figures.Number(perMonthBefore),
                ["per_30_days_since"] = Figures.Number(perMonthSince),
                ["orders_before"] = Figures.Count(before),
                ["orders_since"] = Figures.Count(since.Count),
                ["changed_on"] = Figures.Day(changedOn),
                ["ordered_12m"] = Figures.Money(stake, subject.Currency),
            },
        };
    }
}
