using Npgsql;
using NpgsqlTypes;
using Platform.Contracts.Common.V1;
using Platform.Contracts.PatternAnalysis.V1;
using Platform.PatternAnalysis.Patterns;

namespace Platform.PatternAnalysis.Comparison;

/// <summary>The same measures of several customers, each with its place among all customers, over the 12 months up to a day.</summary>
internal sealed class CustomerComparison(NpgsqlDataSource database)
{
    private static readonly (string Name, string Label, string Unknown, Func<double, Value> Value)[] Measures =
    [
        ("median_days_late", "Median days late", "no invoice due in the last 12 months has been paid", value => new Value { Days = value }),
        ("late_rate", "Share paid late", "no invoice due in the last 12 months has been paid", value => new Value { Ratio = value }),
        ("orders_per_month", "Orders per month", "the customer has no orders yet", value => new Value { Number = value }),
        ("rush_share", "Share of rush orders", "there are no orders in the last 12 months", value => new Value { Ratio = value }),
    ];

    private const string Sql = """
        WITH settled AS (
          SELECT i.customer_id, i.due_date, p.paid_on
          FROM domain.invoices i
          JOIN (SELECT r.invoice_id, CASE WHEN sum(r.amount) >= max(r.due) THEN min(r.received_on) FILTER (WHERE r.running >= r.due) END AS paid_on
                FROM (SELECT p.invoice_id, p.amount, i.amount AS due, (p.paid_at AT TIME ZONE 'UTC')::date AS received_on,
                             sum(p.amount) OVER (PARTITION BY p.invoice_id ORDER BY p.paid_at, p.payment_id) AS running
                      FROM domain.invoices i
                      JOIN domain.payments p ON p.organization_id = i.organization_id AND p.invoice_id = i.invoice_id AND p.currency = i.currency AND p.paid_at < @until
                      WHERE i.organization_id = @organization AND i.amount > 0 AND i.due_date > @as_of::date - 365 AND i.due_date <= @as_of) r
                GROUP BY r.invoice_id) p ON p.invoice_id = i.invoice_id
          WHERE i.organization_id = @organization AND p.paid_on IS NOT NULL AND (i.voided_at IS NULL OR i.voided_at >= @until)),
        payment AS (
          SELECT customer_id, percentile_cont(0.5) WITHIN GROUP (ORDER BY greatest(paid_on - due_date, 0)) AS median_days_late, avg((paid_on > due_date)::int)::float8 AS late_rate
          FROM settled GROUP BY customer_id),
        ordering AS (
          SELECT customer_id,
                 count(*) FILTER (WHERE recent) / greatest(least(12, (@as_of::date - min(placed_on) + 1) / 30.4375), 1)::float8 AS orders_per_month,
                 (count(*) FILTER (WHERE recent AND priority = 'rush'))::float8 / nullif(count(*) FILTER (WHERE recent), 0) AS rush_share
          FROM (SELECT customer_id, priority, (created_at AT TIME ZONE 'UTC')::date AS placed_on, created_at >= @until - interval '12 months' AS recent
                FROM domain.sales_orders WHERE organization_id = @organization AND created_at < @until AND status <> 'cancelled') o
          GROUP BY customer_id),
        measured AS (
          SELECT c.customer_id, p.median_days_late, p.late_rate, o.orders_per_month, o.rush_share
          FROM domain.customers c LEFT JOIN payment p USING (customer_id) LEFT JOIN ordering o USING (customer_id)
          WHERE c.organization_id = @organization)
        SELECT m.customer_id, m.median_days_late, m.late_rate, m.orders_per_month, m.rush_share,
               (SELECT avg((x.median_days_late < m.median_days_late)::int)::float8 FROM measured x),
               (SELECT avg((x.late_rate < m.late_rate)::int)::float8 FROM measured x),
               (SELECT avg((x.orders_per_month < m.orders_per_month)::int)::float8 FROM measured x),
               (SELECT avg((x.rush_share < m.rush_share)::int)::float8 FROM measured x)
        FROM measured m WHERE m.customer_id = ANY(@customers)
        """;

    /// <exception cref="UnknownCustomerException">A customer does not exist.</exception>
    public async Task<CompareCustomersResponse> CompareAsync(string organizationId, IReadOnlyList<string> customerIds, DateOnly asOf, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(Sql);
        command.Parameters.AddWithValue("organization", organizationId);
        command.Parameters.AddWithValue("as_of", asOf);
        command.Parameters.AddWithValue("until", asOf.AddDays(1).ToDateTime(TimeOnly.MinValue, DateTimeKind.Utc));
        command.Parameters.Add(new NpgsqlParameter("customers", NpgsqlDbType.Array | NpgsqlDbType.Text) { Value = customerIds.ToArray() });
        var rows = new Dictionary<string, double?[]>(StringComparer.Ordinal);
        await using (var reader = await command.ExecuteReaderAsync(cancellationToken))
        {
            while (await reader.ReadAsync(cancellationToken))
            {
                var values = new double?[Measures.Length * 2];
                for (var i = 0; i < values.Length; i++)
                {
                    values[i] = reader.IsDBNull(i + 1) ? null : reader.GetDouble(i + 1);
                }

                rows[reader.GetString(0)] = values;
            }
        }

        var response = new CompareCustomersResponse();
        for (var measure = 0; measure < Measures.Length; measure++)
        {
            var (name, label, unknown, toValue) = Measures[measure];
            var comparison = new Contracts.PatternAnalysis.V1.Comparison { Measure = name, Label = label };
            foreach (var customerId in customerIds)
            {
                var values = rows.TryGetValue(customerId, out var found) ? found : throw new UnknownCustomerException(customerId);
                comparison.Values.Add(values[measure] is { } value ? toValue(value) : new Value { Unknown = unknown });
                comparison.Percentiles.Add(values[measure + Measures.Length] ?? -1);
            }

            response.Comparisons.Add(comparison);
        }

        return response;
    }
}
