using Microsoft.Extensions.Options;
using Platform.Contracts.Common.V1;
using Platform.Contracts.PatternAnalysis.V1;
using Platform.PatternAnalysis.Detection;
using Platform.PatternAnalysis.Histories;
using Platform.PatternAnalysis.Statistics;
using static System.FormattableString;

namespace Platform.PatternAnalysis.Detectors.OrderTrend;

/// <summary>Whether orders become steadily more or fewer.</summary>
internal sealed class OrderTrendDetector(IOptionsMonitor<OrderTrendOptions> options) : IPatternDetector
{
    public string Name => "order_trend";

    public string Title => "Trend of orders";

    public string Method => Invariant($"""
        Orders of each whole month, at least {options.CurrentValue.MinimumMonths} months with {options.CurrentValue.MinimumOrders} orders, as a level, a straight line and one wave over the year (ordinary least squares), so that a season is not taken for a trend. p-value: Student's t of the line's slope; autocorrelated residuals widen it. When one sudden change explains more than the line (by the Bayesian information criterion), it is left to the order-frequency shift. Effect: change of the orders of a month within a year, with its 95 % interval; less than {options.CurrentValue.MinimumChange:0.##} of the mean is not reported. Assumes that the months scatter about evenly around the line.
        """);

    public int MinimumSample => options.CurrentValue.MinimumOrders;

    /// <summary>Half of that of a sudden change: what it tells is true for years, so a clearer case can be waited for.</summary>
    public double ErrorShare => 0.5;

    public HistoryParts Needs => HistoryParts.Orders;

    public Verdict Detect(CustomerHistory history, PeerStatistics peers, CancellationToken cancellationToken) => Test(history, options.CurrentValue);

    public static Verdict Test(CustomerHistory history, OrderTrendOptions options)
    {
        if (MonthlySample.Missing(history, options.MinimumOrders, options.MinimumMonths, "to tell a trend from chance") is { } missing)
        {
            return missing;
        }

        var (months, line) = (history.Months, history.Months.Fit!);
        var (p, change) = (line.SlopePValue(), line.Slope * 12);
        if (Math.Abs(change) < options.MinimumChange * months.Mean)
        {
            return new Verdict.Nothing(Invariant($"{months.Mean:0.#} orders a month without a trend that matters"), p);
        }

        return line.IsRatherAStep
            ? new Verdict.Nothing("orders changed at once rather than steadily, if they did")
            : new Verdict.Candidate(p, Found(history.Orders, history.Subject, months, line, change));
    }

    private static Finding Found(IReadOnlyList<OrderRow> orders, Subject subject, MonthlyOrders months, MonthlyRegression line, double change)
    {
        var (low, high) = line.SlopeInterval();
        var half = line.Slope * (months.Counts.Length - 1) / 2;
        var (from, to) = (Math.Max(0, months.Mean - half), Math.Max(0, months.Mean + half));
        var year = orders.Where(order => order.PlacedOn > subject.AsOf.AddDays(-365)).ToList();
        var stake = year.Where(order => order.Currency == subject.Currency).Sum(order => order.Amount);
        var rises = change > 0;
        return new Finding
        {
            SampleSize = (long)months.Total,
            Effect = new Effect { Value = change, Unit = "orders per month within a year", Low = low * 12, High = high * 12 },
            RelativeEffect = Math.Min(1, Math.Abs(change) / months.Mean),
            MoneyAtStake = stake,
            From = months.First,
            Until = subject.AsOf.AddDays(1),
            Evidence = [Figures.Rows("domain.sales_orders", HistoryReader.OrdersSql, [.. Enumerable.Reverse(year).Select(order => order.Id)])],
            Text = Invariant($"Orders of {subject.Name} {(rises ? "grow" : "decline")} steadily, by {Math.Abs(change):0.#} a month within a year (95 % interval {(rises ? low * 12 : -high * 12):0.#} to {(rises ? high * 12 : -low * 12):0.#}): from about {from:0.#} a month in {Figures.Iso(months.First)[..7]} to about {to:0.#} now ({months.Total:0} orders in {months.Counts.Length} months)."),
            Recommendation = rises
                ? "Plan stock, capacity and the credit limit for further growth."
                : "Ask the customer what else it buys elsewhere, before the decline becomes a loss.",
            Figures = new Dictionary<string, Value>
            {
                ["change_per_year"] = Figures.Number(change),
                ["per_month_first"] = Figures.Number(from),
                ["per_month_last"] = Figures.Number(to),
                ["per_month_mean"] = Figures.Number(months.Mean),
                ["months"] = Figures.Count(months.Counts.Length),
                ["ordered_12m"] = Figures.Money(stake, subject.Currency),
            },
        };
    }
}
