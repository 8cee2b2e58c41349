using Platform.Contracts.Common.V1;
using Platform.Contracts.PatternAnalysis.V1;
using Platform.PatternAnalysis.Detection;
using Platform.PatternAnalysis.Histories;
using Platform.PatternAnalysis.Patterns;
using Platform.PatternAnalysis.Statistics;
using Platform.PatternAnalysis.Tiers;

namespace Platform.PatternAnalysis.Series;

/// <summary>Series of one customer for plotting. Days late below 0 mean early; an open invoice counts with its days so far.</summary>
internal sealed class SeriesReader(HistoryReader histories, SubjectReader subjects, PatternReader patterns, TimeProvider clock)
{
    public static IReadOnlyList<string> Measures { get; } = ["days_late", "order_amount", "orders_per_month", "rush_share"];

    /// <exception cref="UnknownCustomerException">There is no such customer.</exception>
    public async Task<TimeSeries> ReadAsync(PatternKey key, string measure, DateOnly? from, DateOnly? until, CancellationToken cancellationToken)
    {
        var today = DateOnly.FromDateTime(clock.GetUtcNow().UtcDateTime);
        var subject = (await subjects.FindAsync(key, today, cancellationToken) ?? throw new UnknownCustomerException(key.CustomerId)).Subject;
        bool Inside(DateOnly day) => (from is null || day >= from) && (until is null || day < until);
        if (measure == "days_late")
        {
            return await DaysLateAsync(key, subject, Inside, cancellationToken);
        }

        var orders = await histories.OrdersAsync(subject, cancellationToken);
        var inside = orders.Where(order => Inside(order.PlacedOn)).ToList();
        var series = new TimeSeries { Measure = measure };
        switch (measure)
        {
            case "order_amount":
                series.Unit = subject.Currency;
                series.Points.Add(inside.Where(order => order.Currency == subject.Currency)
                    .Select(order => new Point { On = Figures.Date(order.PlacedOn), Value = (double)order.Amount, RowId = order.Id }));
                break;
            case "orders_per_month":
                series.Unit = "orders";
                series.Points.Add(ByMonth(inside, today).Select(month => new Point { On = Figures.Date(month.First), Value = month.Orders.Count }));
                break;
            case "rush_share":
                series.Unit = "ratio";
                series.Points.Add(ByMonth(inside, today).Where(month => month.Orders.Count > 0)
                    .Select(month => new Point { On = Figures.Date(month.First), Value = (double)month.Orders.Count(order => order.Priority == "rush") / month.Orders.Count }));
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(measure), measure, "Not one of the measures");
        }

        return series;
    }

    private async Task<TimeSeries> DaysLateAsync(PatternKey key, Subject subject, Func<DateOnly, bool> inside, CancellationToken cancellationToken)
    {
        var invoices = await histories.InvoicesAsync(subject, cancellationToken);
        var series = new TimeSeries { Measure = "days_late", Unit = "days" };
        series.Points.Add(invoices.Where(invoice => inside(invoice.DueOn))
            .Select(invoice => new Point { On = Figures.Date(invoice.DueOn), Value = invoice.DaysLate, RowId = invoice.Id }));

        // The change is the one that the insight states, so that chart and sentence agree.
        var reading = await patterns.GetAsync(key, cancellationToken);
        var shift = reading.Patterns.Insights.FirstOrDefault(insight => insight.Type == "payment_timing_shift");
        if (shift is { ChangedOn: not null })
        {
            AddLevel(series, shift.Period.From, shift.Figures["median_before"]);
            AddLevel(series, shift.ChangedOn, shift.Figures["median_after"]);
        }
        else if (invoices.Count > 0
            && KaplanMeier.Quantile([.. invoices.Select(invoice => (double)invoice.DaysLate)], [.. invoices.Select(invoice => invoice.IsOpen)], 0.5) is { } median)
        {
            series.Levels.Add(new Point { On = Figures.Date(invoices[0].DueOn), Value = median });
        }

        return series;
    }

    private static void AddLevel(TimeSeries series, Date from, Value median)
    {
        if (median.KindCase == Value.KindOneofCase.Days)
        {
            series.Levels.Add(new Point { On = from, Value = median.Days });
        }
    }

    // Months without orders count as 0; the running month is left out, because it is not over.
    private static IEnumerable<(DateOnly First, List<OrderRow> Orders)> ByMonth(List<OrderRow> orders, DateOnly today)
    {
        if (orders.Count == 0)
        {
            yield break;
        }

        var byMonth = orders.ToLookup(order => new DateOnly(order.PlacedOn.Year, order.PlacedOn.Month, 1));
        var end = new DateOnly(today.Year, today.Month, 1);
        for (var month = byMonth.Min(group => group.Key); month < end; month = month.AddMonths(1))
        {
            yield return (month, [.. byMonth[month]]);
        }
    }
}
