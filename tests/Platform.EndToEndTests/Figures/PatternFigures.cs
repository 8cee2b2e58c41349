using System.Globalization;
using System.Text.Json;
using Dapper;
using Npgsql;

namespace Platform.EndToEndTests.Figures;

/// <summary>The figures that pattern sentences state, from SQL that is given no more than the day of the change.</summary>
internal static class PatternFigures
{
    private const string DaysLateSql = """
        WITH settled AS (
          SELECT i.due_date, min(r.on_day) AS paid_on, @today::date AS today
          FROM domain.invoices i
          LEFT JOIN LATERAL (SELECT (p.paid_at AT TIME ZONE 'UTC')::date AS on_day, sum(p.amount) OVER (ORDER BY p.paid_at, p.payment_id) AS total
                             FROM domain.payments p WHERE p.organization_id = i.organization_id AND p.invoice_id = i.invoice_id AND (p.paid_at AT TIME ZONE 'UTC')::date <= @today) r ON r.total >= i.amount
          WHERE i.organization_id = @organization AND i.customer_id = @customer AND i.voided_at IS NULL AND i.due_date BETWEEN @from AND @today
          GROUP BY i.invoice_id, i.due_date),
        late AS (
          -- An invoice that is open and overdue is late by so many days already.
          SELECT due_date, paid_on IS NULL AS is_open, coalesce(paid_on, today) - due_date AS delay FROM settled),
        paid AS (SELECT * FROM late WHERE NOT is_open)
        SELECT count(*) FILTER (WHERE due_date < @on) AS count_before, count(*) FILTER (WHERE due_date >= @on) AS count_after,
               abs(percentile_cont(0.5) WITHIN GROUP (ORDER BY delay) FILTER (WHERE due_date < @on)) AS days_before,
               abs(percentile_cont(0.5) WITHIN GROUP (ORDER BY delay) FILTER (WHERE due_date >= @on)) AS days_after,
               avg(delay) FILTER (WHERE due_date >= @on) AS days_mean_after,
               (SELECT abs(percentile_cont(0.5) WITHIN GROUP (ORDER BY delay)) FROM paid WHERE due_date >= @on) AS days_after_paid,
               (SELECT abs(percentile_cont(0.5) WITHIN GROUP (ORDER BY a.delay - b.delay)) FROM paid a, paid b WHERE a.due_date >= @on AND b.due_date < @on) AS days_shift_paid,
               (SELECT abs(percentile_cont(0.5) WITHIN GROUP (ORDER BY a.delay - b.delay)) FROM late a, late b WHERE a.due_date >= @on AND b.due_date < @on) AS days_shift
        FROM late
        """;

    private const string OrdersSql = """
        WITH placed AS (
          SELECT (created_at AT TIME ZONE 'UTC')::date AS on_day, amount, priority = 'rush' AS rush, @today::date AS today
          FROM domain.sales_orders
          WHERE organization_id = @organization AND customer_id = @customer AND status <> 'cancelled' AND (created_at AT TIME ZONE 'UTC')::date <= @today),
        split AS (
          SELECT count(*) FILTER (WHERE on_day < @on) AS count_before, count(*) FILTER (WHERE on_day >= @on) AS count_since,
                 count(*) FILTER (WHERE rush AND on_day < @on) AS count_rush_before, count(*) FILTER (WHERE rush AND on_day >= @on) AS count_rush_since,
                 max(today) - @on::date + 1 AS days_since, @on - @from AS days_before
          FROM placed WHERE on_day >= @from),
        gaps AS (
          SELECT on_day - lag(on_day) OVER (ORDER BY on_day) AS gap FROM (SELECT DISTINCT on_day FROM placed) d ORDER BY on_day DESC LIMIT 200),
        largest AS (SELECT amount FROM placed WHERE on_day > today - 60 ORDER BY amount DESC LIMIT 1),
        earlier AS (SELECT count(*) AS n, exp(percentile_cont(0.5) WITHIN GROUP (ORDER BY ln(amount))) AS typical FROM placed WHERE on_day >= @from AND on_day <= today - 60)
        SELECT s.count_before, s.count_since, s.count_rush_before, s.count_rush_since, s.days_since,
               s.count_rush_before::numeric / nullif(s.count_before, 0) AS share_before, s.count_rush_since::numeric / nullif(s.count_since, 0) AS share_since,
               s.count_before * 30.0 / nullif(s.days_before, 0) AS number_before, s.count_since * 30.0 / s.days_since AS number_since,
               (s.count_since::numeric / s.days_since) / nullif(s.count_before::numeric / nullif(s.days_before, 0), 0) AS number_ratio,
               (SELECT percentile_cont(0.5) WITHIN GROUP (ORDER BY gap) FROM gaps) AS days_gap, (SELECT max(gap) FROM gaps) AS days_longest,
               (SELECT max(today) - max(on_day) FROM placed) AS days_silence,
               l.amount AS money_largest, round(e.typical::numeric, 2) AS money_typical, e.n AS count_earlier, l.amount / e.typical::numeric AS number_multiple
        FROM split s LEFT JOIN largest l ON true CROSS JOIN earlier e
        """;

    // What customers ordered in each of the customer's currencies within a year, and what it makes of that.
    private const string ConcentrationSql = """
        WITH placed AS (
          SELECT customer_id, currency, amount FROM domain.sales_orders
          WHERE organization_id = @organization AND status <> 'cancelled' AND (created_at AT TIME ZONE 'UTC')::date > @today::date - 365 AND (created_at AT TIME ZONE 'UTC')::date <= @today)
        SELECT sum(amount) FILTER (WHERE customer_id = @customer) / sum(amount) AS share_of_all, count(DISTINCT customer_id) AS count_customers,
               count(*) FILTER (WHERE customer_id = @customer) AS count_placed, sum(amount) FILTER (WHERE customer_id = @customer) AS money_ordered
        FROM placed WHERE currency = (SELECT currency FROM domain.customers WHERE organization_id = @organization AND customer_id = @customer)
        """;

    /// <param name="database">The platform's.</param>
    /// <param name="organization">Whose insights they are.</param>
    /// <param name="insights">As the answer lists them.</param>
    /// <param name="known">Takes the figures.</param>
    /// <param name="day">The day that was asked for; null for today.</param>
    /// <returns>What the insights say otherwise than it is computed here.</returns>
    public static async Task<List<string>> AddAsync(NpgsqlConnection database, string organization, JsonElement insights, KnownFigures known, DateOnly? day = null)
    {
        DateOnly today = day ?? DateOnly.FromDateTime(TimeProvider.System.GetUtcNow().UtcDateTime);
        List<string> mistakes = [];
        known.Add("count", insights.GetArrayLength());
        foreach (JsonElement insight in insights.EnumerateArray())
        {
            string customer = insight.GetProperty("customerId").GetString()!;
            DateOnly? on = insight.TryGetProperty("changedOn", out JsonElement change) && change.ValueKind == JsonValueKind.String
                ? DateOnly.ParseExact(change.GetString()!, "yyyy-MM-dd", CultureInfo.InvariantCulture) : null;
            if (on is { } changed)
            {
                known.Add("date", changed.DayNumber);
            }

            if (insight.GetProperty("type").GetString() is "peer_percentile" or "order_trend" or "order_seasonality")
            {
                mistakes.AddRange(await FittedFigures.AddAsync(database, organization, insight, known, today));
                continue;
            }

            string sql = insight.GetProperty("type").GetString() switch
            {
                "payment_timing_shift" => DaysLateSql,
                "revenue_concentration" => ConcentrationSql,
                _ => OrdersSql,
            };
            DateOnly from = insight.TryGetProperty("from", out JsonElement start) && start.ValueKind == JsonValueKind.String
                ? DateOnly.ParseExact(start.GetString()!, "yyyy-MM-dd", CultureInfo.InvariantCulture) : DateOnly.MinValue;
            known.Add((IDictionary<string, object>)await database.QuerySingleAsync(sql, new { organization, customer, on = on ?? from, from, today }));
        }

        return mistakes;
    }
}
