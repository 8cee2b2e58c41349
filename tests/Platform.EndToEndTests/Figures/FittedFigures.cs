using System.Globalization;
using System.Text.Json;
using Dapper;
using Npgsql;

namespace Platform.EndToEndTests.Figures;

/// <summary>
/// What is fitted to a customer's months, or said of its place among all: computed here from the rows, with an elimination of its own
/// instead of the service's matrices.
/// </summary>
internal static class FittedFigures
{
    // Whole months from the first one that the insight looks at to the last one that is over.
    private const string MonthsSql = """
        SELECT count(o.order_id)::float8
        FROM generate_series(@from::date, date_trunc('month', @today::date + 1) - interval '1 month', interval '1 month') m
        LEFT JOIN domain.sales_orders o ON o.organization_id = @organization AND o.customer_id = @customer AND o.status <> 'cancelled'
          AND (o.created_at AT TIME ZONE 'UTC') >= m AND (o.created_at AT TIME ZONE 'UTC') < m + interval '1 month'
        GROUP BY m ORDER BY m
        """;

    private const string PeersSql = """
        WITH today AS (SELECT @today::date AS day),
        reached AS (
          SELECT invoice_id, min(on_day) AS on_day
          FROM (SELECT i.invoice_id, i.amount, (p.paid_at AT TIME ZONE 'UTC')::date AS on_day, sum(p.amount) OVER (PARTITION BY i.invoice_id ORDER BY p.paid_at, p.payment_id) AS total
                FROM domain.payments p JOIN domain.invoices i ON i.organization_id = p.organization_id AND i.invoice_id = p.invoice_id AND i.currency = p.currency
                WHERE i.organization_id = @organization AND (p.paid_at AT TIME ZONE 'UTC')::date <= @today) running
          WHERE total >= amount GROUP BY invoice_id),
        medians AS (
          SELECT i.customer_id, count(*) AS invoices, percentile_cont(0.5) WITHIN GROUP (ORDER BY coalesce(r.on_day, t.day) - i.due_date) AS days
          FROM domain.invoices i CROSS JOIN today t LEFT JOIN reached r USING (invoice_id)
          WHERE i.organization_id = @organization AND i.voided_at IS NULL AND i.amount > 0 AND i.due_date <= t.day AND i.due_date > t.day - 365
          GROUP BY i.customer_id HAVING count(*) >= 5)
        SELECT own.invoices AS count_invoices, abs(own.days) AS days_own_median, count(*) AS count_customers,
               abs(percentile_cont(0.5) WITHIN GROUP (ORDER BY m.days)) AS days_middle, avg((m.days < own.days)::int) AS share_below,
               own.days - percentile_cont(0.5) WITHIN GROUP (ORDER BY m.days) AS number_effect
        FROM medians m CROSS JOIN medians own WHERE own.customer_id = @customer GROUP BY own.invoices, own.days
        """;

    /// <summary>Adds the figures; the mistakes are sizes of the insight itself that differ from those computed here.</summary>
    public static async Task<IEnumerable<string>> AddAsync(NpgsqlConnection database, string organization, JsonElement insight, KnownFigures known, DateOnly today)
    {
        string customer = insight.GetProperty("customerId").GetString()!;
        double effect = insight.GetProperty("effect").GetProperty("value").GetDouble();
        if (insight.GetProperty("type").GetString() == "peer_percentile")
        {
            IDictionary<string, object> row = (IDictionary<string, object>)await database.QuerySingleAsync(PeersSql, new { organization, customer, today });
            known.Add(row);
            return Differs(insight, effect, Convert.ToDouble(row["number_effect"], CultureInfo.InvariantCulture));
        }

        DateOnly from = DateOnly.ParseExact(insight.GetProperty("from").GetString()!, "yyyy-MM-dd", CultureInfo.InvariantCulture);
        double[] months = [.. await database.QueryAsync<double>(MonthsSql, new { organization, customer, from, today })];
        double mean = months.Average();
        known.Add("count", months.Length);
        Number(known, mean);
        if (insight.GetProperty("type").GetString() == "order_trend")
        {
            double slope = Fit(months, waves: 1)[1];
            Number(known, Math.Max(0, mean - (slope * (months.Length - 1) / 2)));
            Number(known, Math.Max(0, mean + (slope * (months.Length - 1) / 2)));
            return Differs(insight, effect, slope * 12);
        }

        // With or without the wave of half a year, whichever the service found clearer.
        string text = insight.GetProperty("text").GetString()!;
        return Enumerable.Range(1, 2).Select(waves => Season(months, waves, from, mean, effect, text, insight, known)).MinBy(mistakes => mistakes.Count)!;
    }

    private static List<string> Season(double[] months, int waves, DateOnly from, double mean, double effect, string text, JsonElement insight, KnownFigures known)
    {
        double[] terms = Fit(months, waves);
        double[] year = [.. Enumerable.Range(0, 12).Select(month => Row(month, waves).Skip(2).Zip(terms.Skip(2), (value, term) => value * term).Sum())];
        double middle = terms[0] + (terms[1] * (months.Length - 1) / 2);
        Number(known, middle + year.Max());
        Number(known, Math.Max(0, middle + year.Min()));
        string Month(double value) => CultureInfo.InvariantCulture.DateTimeFormat.GetMonthName(((from.Month - 1 + Array.IndexOf(year, value)) % 12) + 1);
        List<string> mistakes = [.. Differs(insight, effect, (year.Max() - year.Min()) / 2 / mean)];
        if (!text.Contains($"around {Month(year.Max())} ", StringComparison.Ordinal) || !text.Contains($"around {Month(year.Min())},", StringComparison.Ordinal))
        {
            mistakes.Add($"the fitted year is highest in {Month(year.Max())} and lowest in {Month(year.Min())}, not as in: {text}");
        }

        return mistakes;
    }

    // "12" of 12.04 is said without a decimal and read as a count.
    private static void Number(KnownFigures known, double value)
    {
        known.Add("number", (decimal)value);
        if (Math.Round(value, 1) == Math.Round(value))
        {
            known.Add("count", (decimal)Math.Round(value));
        }
    }

    private static IEnumerable<string> Differs(JsonElement insight, double said, double computed) =>
        Math.Abs(said - computed) <= 1e-6 * Math.Max(1, Math.Abs(computed)) ? [] : [$"{insight.GetProperty("type").GetString()} of {insight.GetProperty("customerId").GetString()}: {said}, computed {computed}"];

    /// <summary>Least squares of level, line and waves over twelve months and, with two, over six.</summary>
    private static double[] Fit(double[] months, int waves)
    {
        int terms = 2 + (2 * waves);
        double[][] rows = [.. months.Select((y, i) => (double[])[.. Row(i, waves), y])];
        double[][] normal = [.. Enumerable.Range(0, terms).Select(a => (double[])[.. Enumerable.Range(0, terms + 1).Select(b => rows.Sum(r => r[a] * r[b]))])];
        for (int pivot = 0; pivot < terms; pivot++)
        {
            int largest = Enumerable.Range(pivot, terms - pivot).MaxBy(r => Math.Abs(normal[r][pivot]));
            (normal[pivot], normal[largest]) = (normal[largest], normal[pivot]);
            for (int other = 0; other < terms; other++)
            {
                double factor = other == pivot ? 0 : normal[other][pivot] / normal[pivot][pivot];
                normal[other] = [.. normal[other].Select((value, column) => value - (factor * normal[pivot][column]))];
            }
        }

        return [.. Enumerable.Range(0, terms).Select(term => normal[term][terms] / normal[term][term])];
    }

    private static double[] Row(int month, int waves) =>
        [1, month, .. Enumerable.Range(1, waves).SelectMany(wave => (double[])[Math.Cos(month * wave * Math.PI / 6), Math.Sin(month * wave * Math.PI / 6)])];
}
