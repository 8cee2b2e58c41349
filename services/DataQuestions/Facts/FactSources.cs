using System.Text;

namespace Platform.DataQuestions.Facts;

/// <summary>
/// The common table expressions that facts are computed from. Parameters: @organization, @ids (absent for the portfolio),
/// @as_of (the day) and @until (the first instant after it, UTC). Rows dated after the day are not seen.
/// </summary>
internal static class FactSources
{
    private const string Several = "SELECT invoice_id FROM settled WHERE payments > 1";

    private static readonly (string Name, string? Needs, Func<FactScope, string> Sql)[] All =
    [
        ("customers", null, scope => $"""
            customers AS (
              SELECT {Entity(scope, FactScope.Customer, "c.customer_id")} AS entity_id, c.customer_id, c.currency::text AS currency, c.credit_limit,
                     c.payment_terms_days, c.status, c.last_contact_at
              FROM domain.customers c
              WHERE c.organization_id = @organization{Filter(scope, FactScope.Customer, "c.customer_id")})
            """),
        ("orders", null, scope => $"""
            orders AS (
              SELECT {Entity(scope, FactScope.Customer, "o.customer_id", FactScope.Order, "o.order_id")} AS entity_id, o.order_id, o.customer_id, o.currency::text AS currency,
                     o.amount, o.priority, o.status, (o.created_at AT TIME ZONE 'UTC')::date AS ordered_on, o.requested_date,
                     CASE WHEN o.shipped_at < @until THEN (o.shipped_at AT TIME ZONE 'UTC')::date END AS shipped_on,
                     CASE WHEN o.delivered_at < @until THEN (o.delivered_at AT TIME ZONE 'UTC')::date END AS delivered_on,
                     o.status <> 'cancelled' AND (o.status = 'open' OR o.shipped_at >= @until) AS is_open
              FROM domain.sales_orders o
              WHERE o.organization_id = @organization AND o.created_at < @until{Filter(scope, FactScope.Customer, "o.customer_id", FactScope.Order, "o.order_id")})
            """),
        // Payments in another currency than the invoice's do not settle it. A refund that takes the sum below the amount reopens it.
        ("issued", null, scope => $"""
            issued AS MATERIALIZED (
              SELECT {Entity(scope, FactScope.Customer, "i.customer_id", FactScope.Invoice, "i.invoice_id")} AS entity_id, i.invoice_id, i.customer_id, i.currency::text AS currency,
                     i.amount, i.disputed, i.due_date, (i.created_at AT TIME ZONE 'UTC')::date AS issued_on
              FROM domain.invoices i
              WHERE i.organization_id = @organization AND i.created_at < @until AND i.amount > 0
                AND (i.voided_at IS NULL OR i.voided_at >= @until){Filter(scope, FactScope.Customer, "i.customer_id", FactScope.Invoice, "i.invoice_id")})
            """),
        // The list of ids leads to the payments' index; without it a plan made for any list reads all payments of the organization.
        ("received", "issued", scope => $"""
            received AS MATERIALIZED (
              SELECT i.entity_id, i.invoice_id, i.currency, i.amount AS due, p.payment_id, p.amount, p.paid_at, (p.paid_at AT TIME ZONE 'UTC')::date AS received_on
              FROM issued i
              JOIN domain.payments p ON p.organization_id = @organization AND p.invoice_id = i.invoice_id AND p.currency = i.currency AND p.paid_at < @until{(scope == FactScope.Portfolio ? "" : "\n                AND p.invoice_id = ANY(ARRAY(SELECT invoice_id FROM issued))")})
            """),
        // Running sums are only needed where several payments settle one invoice, which few have: over all rows they cost more than all facts.
        ("settled", "received", _ => """
            settled AS (
              SELECT invoice_id, sum(amount) AS paid, count(*) AS payments, min(received_on) AS received_on FROM received GROUP BY invoice_id)
            """),
        // Of some customers the list comes first: a plan made for any list expects one row and would read it once for each payment.
        ("reached", "settled", scope => $"""
            reached AS (
              SELECT invoice_id, min(received_on) FILTER (WHERE running >= due) AS reached_on
              FROM (SELECT r.invoice_id, r.received_on, r.due, sum(r.amount) OVER (PARTITION BY r.invoice_id ORDER BY r.paid_at, r.payment_id) AS running
                    FROM received r WHERE r.invoice_id {(scope == FactScope.Portfolio ? $"IN ({Several})" : $"= ANY(ARRAY({Several}))")}) several
              GROUP BY invoice_id)
            """),
        ("positions", "reached", _ => """
            positions AS MATERIALIZED (
              SELECT i.*, coalesce(s.paid, 0) AS paid, CASE WHEN s.paid >= i.amount THEN s.reached_on END AS paid_on,
                     greatest(i.amount - coalesce(s.paid, 0), 0) AS outstanding,
                     CASE WHEN s.paid >= i.amount THEN greatest(s.reached_on - i.due_date, 0) END AS days_late
              FROM issued i
              LEFT JOIN (SELECT t.invoice_id, t.paid, CASE WHEN t.payments = 1 THEN t.received_on ELSE m.reached_on END AS reached_on
                         FROM settled t LEFT JOIN reached m ON m.invoice_id = t.invoice_id) s ON s.invoice_id = i.invoice_id)
            """),
    ];

    /// <summary>The WITH clause that <paramref name="selects"/> need, or an empty text.</summary>
    public static string With(FactScope scope, params IReadOnlyCollection<string> selects)
    {
        var needed = new HashSet<string>(StringComparer.Ordinal);
        foreach (var (name, needs, _) in All.Reverse())
        {
            if (needed.Contains(name) || selects.Any(select => Mentions(select, name)))
            {
                needed.Add(name);
                if (needs is not null)
                {
                    needed.Add(needs);
                }
            }
        }

        var text = new StringBuilder();
        foreach (var (name, _, sql) in All)
        {
            if (needed.Contains(name))
            {
                text.Append(text.Length == 0 ? "WITH " : ",\n").Append(sql(scope));
            }
        }

        return text.ToString();
    }

    private static bool Mentions(string select, string source) =>
        select.Contains("FROM " + source, StringComparison.Ordinal) || select.Contains("JOIN " + source, StringComparison.Ordinal);

    private static string Entity(FactScope scope, FactScope first, string column, FactScope second = FactScope.None, string other = "") =>
        scope == first ? column : second != FactScope.None && scope == second ? other : "''";

    private static string Filter(FactScope scope, FactScope first, string column, FactScope second = FactScope.None, string other = "") =>
        scope == first ? $" AND {column} = ANY(@ids)" : second != FactScope.None && scope == second ? $" AND {other} = ANY(@ids)" : "";
}
