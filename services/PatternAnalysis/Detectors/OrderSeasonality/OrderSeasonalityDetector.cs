using System.Globalization;
using Microsoft.Extensions.Options;
using Platform.Contracts.Common.V1;
using Platform.Contracts.PatternAnalysis.V1;
using Platform.PatternAnalysis.Detection;
using Platform.PatternAnalysis.Histories;
using Platform.PatternAnalysis.Statistics;
using static System.FormattableString;

namespace Platform.PatternAnalysis.Detectors.OrderSeasonality;

/// <summary>Whether orders follow the seasons of the year.</summary>
internal sealed class OrderSeasonalityDetector(IOptionsMonitor<OrderSeasonalityOptions> options) : IPatternDetector
{
    public string Name => "order_seasonality";

    public string Title => "Season of orders";

    public string Method => Invariant($"""
        Orders of each whole month, at least {options.CurrentValue.MinimumMonths} months with {options.CurrentValue.MinimumOrders} orders, as a level, a straight line, so that growth is not taken for a season, and waves with the period of a year, alone or with those of half a year (ordinary least squares). p-value: the smaller one of the two F tests of the waves' terms, doubled because two are tried; autocorrelated residuals widen it. Effect: half of the difference between the highest and the lowest month of the fitted year as a share of the mean, with its 95 % interval; less than {options.CurrentValue.MinimumSwing:0.##} is not reported. Assumes the same season every year; one that lasts less than about six weeks may be missed.
        """);

    public int MinimumSample => options.CurrentValue.MinimumOrders;

    /// <summary>Half of that of a sudden change: what it tells is true for years, so a clearer case can be waited for.</summary>
    public double ErrorShare => 0.5;

    public HistoryParts Needs => HistoryParts.Orders;

    public Verdict Detect(CustomerHistory history, PeerStatistics peers, CancellationToken cancellationToken) => Test(history, options.CurrentValue);

    public static Verdict Test(CustomerHistory history, OrderSeasonalityOptions options)
    {
        if (MonthlySample.Missing(history, options.MinimumOrders, options.MinimumMonths, "to know a season") is { } missing)
        {
            return missing;
        }

        var months = history.Months;
        if (SeasonalCurve.Clearest(months.Counts) is not { } curve)
        {
            return new Verdict.Nothing("nothing is left of the months to judge a season by");
        }

        var swing = curve.Swing / months.Mean;
        return swing < options.MinimumSwing
            ? new Verdict.Nothing("orders do not follow the seasons of the year enough to matter", curve.PValue)
            : new Verdict.Candidate(curve.PValue, Found(history.Orders, history.Subject, months, curve, swing));
    }

    private static Finding Found(IReadOnlyList<OrderRow> orders, Subject subject, MonthlyOrders months, SeasonalCurve curve, double swing)
    {
        var (low, high) = curve.SwingInterval();
        var (peak, trough) = (Month(months, curve.Peak), Month(months, curve.Trough));
        var year = orders.Where(order => order.PlacedOn > subject.AsOf.AddDays(-365)).ToList();
        var ordered = year.Where(order => order.Currency == subject.Currency).Sum(order => order.Amount);
        return new Finding
        {
            SampleSize = (long)months.Total,
            Effect = new Effect { Value = swing, Unit = "ratio", Low = low / months.Mean, High = high / months.Mean },
            RelativeEffect = Math.Min(1, swing),
            MoneyAtStake = ordered * (decimal)Math.Min(1, swing),
            From = months.First,
            Until = subject.AsOf.AddDays(1),
            Evidence = [Figures.Rows("domain.sales_orders", HistoryReader.OrdersSql, [.. Enumerable.Reverse(year).Select(order => order.Id)])],
            Text = Invariant($"Orders of {subject.Name} follow the year: about {curve.Highest:0.#} a month around {peak} and {curve.Lowest:0.#} around {trough}, with a mean of {months.Mean:0.#} (95 % interval of the swing to either side {Figures.Percent(low / months.Mean)} to {Figures.Percent(high / months.Mean)} of the mean; {months.Total:0} orders in {months.Counts.Length} months)."),
            Recommendation = Invariant($"Plan stock and capacity for {peak}, and do not take the quiet time around {trough} for a lost customer."),
            Figures = new Dictionary<string, Value>
            {
                ["swing"] = Figures.Ratio(swing),
                ["per_month_mean"] = Figures.Number(months.Mean),
                ["per_month_high"] = Figures.Number(curve.Highest),
                ["per_month_low"] = Figures.Number(curve.Lowest),
                ["peak_month"] = new() { Text = peak },
                ["low_month"] = new() { Text = trough },
                ["months"] = Figures.Count(months.Counts.Length),
                ["ordered_12m"] = Figures.Money(ordered, subject.Currency),
            },
        };
    }

    private static string Month(MonthlyOrders months, int after) => CultureInfo.InvariantCulture.DateTimeFormat.GetMonthName(((months.First.Month - 1 + after) % 12) + 1);
}
