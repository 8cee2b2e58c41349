using Dapper;
using Npgsql;

namespace Platform.EndToEndTests.Figures;

/// <summary>What an answer about some customers may say: their figures from the SQL of this test, and what follows from them.</summary>
internal sealed class KnownFigures
{
    private readonly List<(string Kind, decimal Value, string Column)> known = [];

    public DateOnly Day { get; private init; }

    public List<string> Names { get; } = [];

    /// <summary>The rows of customers on a day, as money, counts, shares, days and dates by column name.</summary>
    public static async Task<KnownFigures> ReadAsync(NpgsqlConnection database, string organization, IReadOnlyList<string> customers, DateOnly day)
    {
        KnownFigures figures = new() { Day = day };
        figures.Add("date", day.DayNumber);
        List<IDictionary<string, object>> rows = [];
        foreach (object row in await database.QueryAsync(CustomerSql.Text, new { organization, ids = customers.ToArray(), day }))
        {
            rows.Add((IDictionary<string, object>)row);
        }

        foreach (IDictionary<string, object> row in rows)
        {
            figures.Add(row);
        }

        figures.Add("count", rows.Count);
        return figures;
    }

    public void Add(string kind, decimal value, string column = "") => known.Add((kind, value, column));

    private void Add(string kind, object? value, string column)
    {
        if (value is not null and not DBNull)
        {
            Add(kind, Convert.ToDecimal(value, System.Globalization.CultureInfo.InvariantCulture), column);
        }
    }

    /// <param name="said">A figure of an answer.</param>
    /// <param name="column">The column that its clause speaks of; null: any.</param>
    public bool Holds(SaidFigure said, string? column = null)
    {
        decimal step = 0.5m / (decimal)Math.Pow(10, said.Decimals);
        string kind = said.Kind == "count" && said.Decimals > 0 ? "number" : said.Kind;
        return known.Exists(k => k.Kind == kind && (column is null || k.Column == column) && (kind is "count" or "date"
            ? k.Value == said.Value
            : Math.Abs(Math.Abs(k.Value) - said.Value) <= (kind == "money" && said.Decimals > 0 ? 0 : step) + 0.0000001m));
    }

    public void Add(IDictionary<string, object> row)
    {
        // Who has no invoice owes a known zero.
        if (row.TryGetValue("count_open", out object? open) && open is null or DBNull)
        {
            foreach (string column in row.Keys.Where(c => c.StartsWith("money_", StringComparison.Ordinal) || c.StartsWith("count_", StringComparison.Ordinal)))
            {
                Add(column[..5], 0m, column);
            }

            foreach (string column in row.Keys.Where(c => c.StartsWith("share_", StringComparison.Ordinal)))
            {
                Add("percent", 0m, column);
            }
        }

        foreach ((string column, object value) in row)
        {
            switch (column[..column.IndexOf('_', StringComparison.Ordinal)])
            {
                case "customer":
                    break;
                case "name":
                    Names.Add((string)value);
                    break;
                case "share":
                    if (value is not null and not DBNull)
                    {
                        Add("percent", Convert.ToDecimal(value, System.Globalization.CultureInfo.InvariantCulture) * 100, column);
                    }

                    break;
                case "date":
                    if (value is DateOnly or DateTime)
                    {
                        DateOnly date = value is DateTime time ? DateOnly.FromDateTime(time) : (DateOnly)value;
                        Add("date", date.DayNumber, column);
                        Add("days", Day.DayNumber - date.DayNumber);
                    }

                    break;
                case string kind:
                    Add(kind, value, column);
                    break;
            }
        }
    }
}

/// <summary>Figures of customers on a day, written for this test alone: it shares nothing with the service. Column names begin with what they are.</summary>
internal static class CustomerSql
{
    public const string Text = """
        WITH bound AS (SELECT @day::date AS day, ((@day::date + 1)::timestamp AT TIME ZONE 'UTC') AS until),
        invoice AS (
          SELECT i.customer_id, i.amount, i.due_date, i.disputed, (i.created_at AT TIME ZONE 'UTC')::date AS issued, settled.paid, settled.reached
          FROM domain.invoices i CROSS JOIN bound b
          LEFT JOIN LATERAL (
            SELECT max(r.total) FILTER (WHERE r.place = r.places) AS paid, min(r.on_day) FILTER (WHERE r.total >= i.amount) AS reached
            FROM (SELECT (p.paid_at AT TIME ZONE 'UTC')::date AS on_day, sum(p.amount) OVER w AS total, row_number() OVER w AS place, count(*) OVER () AS places
                  FROM domain.payments p
                  WHERE p.organization_id = i.organization_id AND p.invoice_id = i.invoice_id AND p.currency = i.currency AND p.paid_at < b.until
                  WINDOW w AS (ORDER BY p.paid_at, p.payment_id)) r) settled ON true
          WHERE i.organization_id = @organization AND i.customer_id = ANY(@ids) AND i.created_at < b.until AND i.amount > 0 AND (i.voided_at IS NULL OR i.voided_at >= b.until)),
        state AS (
          SELECT *, coalesce(paid, 0) >= amount AS is_paid, CASE WHEN coalesce(paid, 0) >= amount THEN 0 ELSE amount - coalesce(paid, 0) END AS rest,
                 greatest(reached - due_date, 0) AS late, day - due_date AS over
          FROM invoice CROSS JOIN bound),
        owed AS (
          SELECT customer_id, count(*) FILTER (WHERE NOT is_paid) AS count_open, coalesce(sum(rest), 0) AS money_open,
                 count(*) FILTER (WHERE NOT is_paid AND over > 0) AS count_overdue, coalesce(sum(rest) FILTER (WHERE over > 0), 0) AS money_overdue,
                 count(*) FILTER (WHERE NOT is_paid AND over <= 0) AS count_not_due, coalesce(sum(rest) FILTER (WHERE over <= 0), 0) AS money_not_due,
                 count(*) FILTER (WHERE NOT is_paid AND over BETWEEN 1 AND 30) AS count_30, coalesce(sum(rest) FILTER (WHERE over BETWEEN 1 AND 30), 0) AS money_30,
                 count(*) FILTER (WHERE NOT is_paid AND over BETWEEN 31 AND 60) AS count_60, coalesce(sum(rest) FILTER (WHERE over BETWEEN 31 AND 60), 0) AS money_60,
                 count(*) FILTER (WHERE NOT is_paid AND over BETWEEN 61 AND 90) AS count_90, coalesce(sum(rest) FILTER (WHERE over BETWEEN 61 AND 90), 0) AS money_90,
                 count(*) FILTER (WHERE NOT is_paid AND over > 90) AS count_older, coalesce(sum(rest) FILTER (WHERE over > 90), 0) AS money_older,
                 coalesce(sum(rest) FILTER (WHERE disputed), 0) AS money_disputed, sum(rest) FILTER (WHERE over > 60) AS money_old,
                 count(*) AS count_issued, count(*) FILTER (WHERE is_paid) AS count_paid, count(*) FILTER (WHERE is_paid AND late > 0) AS count_late,
                 avg(late) FILTER (WHERE is_paid) AS days_late, percentile_cont(0.5) WITHIN GROUP (ORDER BY late) FILTER (WHERE is_paid) AS days_median,
                 avg(reached - issued) FILTER (WHERE is_paid) AS days_settle, sum(amount) FILTER (WHERE issued > day - 90) AS money_invoiced
          FROM state GROUP BY customer_id),
        placed AS (
          SELECT o.customer_id, o.amount, o.priority, (o.created_at AT TIME ZONE 'UTC')::date AS on_day, b.day,
                 o.status = 'open' OR (o.shipped_at >= b.until AND o.status <> 'cancelled') AS is_open, o.order_id
          FROM domain.sales_orders o CROSS JOIN bound b
          WHERE o.organization_id = @organization AND o.customer_id = ANY(@ids) AND o.created_at < b.until AND o.status <> 'cancelled'),
        ordered AS (
          SELECT customer_id, count(*) FILTER (WHERE on_day > (day - interval '12 months')::date) AS count_orders, sum(amount) FILTER (WHERE on_day > (day - interval '12 months')::date) AS money_volume,
                 count(*) FILTER (WHERE on_day > day - 90) AS count_recent, count(*) FILTER (WHERE on_day > day - 180 AND on_day <= day - 90) AS count_before,
                 count(*) FILTER (WHERE is_open) AS count_open_orders,
                 count(*) FILTER (WHERE priority = 'rush' AND on_day > (day - interval '12 months')::date) AS count_rush,
                 count(*) FILTER (WHERE priority = 'rush' AND on_day > day - 90) AS count_rush_recent
          FROM placed GROUP BY customer_id)
        SELECT c.name AS name_customer, f.*, r.*,
               CASE WHEN f.money_open > 0 THEN f.money_overdue / f.money_open END AS share_overdue,
               CASE WHEN f.money_open > 0 THEN f.money_old / f.money_open END AS share_old,
               CASE WHEN f.money_open > 0 THEN f.money_disputed / f.money_open END AS share_disputed,
               abs(0.5 * (greatest(f.days_settle - 10, 0) / 365 * 0.08 - 0.02)) AS share_discount,
               f.count_late::numeric / nullif(f.count_paid, 0) AS share_late, f.money_open / nullif(c.credit_limit, 0) AS share_credit,
               greatest(f.money_open / nullif(c.credit_limit, 0) - 1, 0) AS share_over,
               f.money_open / nullif(f.money_invoiced, 0) * 90 AS days_dso, abs(r.count_recent::numeric / nullif(r.count_before, 0) - 1) AS share_trend,
               r.count_rush::numeric / nullif(r.count_orders, 0) AS share_rush, r.count_rush_recent::numeric / nullif(r.count_recent, 0) AS share_rush_recent,
               (r.count_rush - r.count_rush_recent)::numeric / nullif(r.count_orders - r.count_recent, 0) AS share_rush_before,
               c.credit_limit AS money_limit, c.payment_terms_days AS days_terms,
               CASE WHEN c.last_contact_at < b.until THEN (c.last_contact_at AT TIME ZONE 'UTC')::date END AS date_contact,
               lo.on_day AS date_order, lo.amount AS money_last_order, lp.on_day AS date_payment, lp.amount AS money_last_payment
        FROM domain.customers c CROSS JOIN bound b
        LEFT JOIN owed f ON f.customer_id = c.customer_id
        LEFT JOIN ordered r ON r.customer_id = c.customer_id
        LEFT JOIN LATERAL (SELECT on_day, amount FROM placed p WHERE p.customer_id = c.customer_id ORDER BY on_day DESC, order_id DESC LIMIT 1) lo ON true
        LEFT JOIN LATERAL (
          SELECT (p.paid_at AT TIME ZONE 'UTC')::date AS on_day, p.amount
          FROM domain.payments p JOIN domain.invoices i ON i.organization_id = p.organization_id AND i.invoice_id = p.invoice_id AND i.currency = p.currency
          WHERE i.organization_id = c.organization_id AND i.customer_id = c.customer_id AND p.paid_at < b.until AND (i.voided_at IS NULL OR i.voided_at >= b.until)
          ORDER BY p.paid_at DESC, p.payment_id DESC LIMIT 1) lp ON true
        WHERE c.organization_id = @organization AND c.customer_id = ANY(@ids)
        """;
}
