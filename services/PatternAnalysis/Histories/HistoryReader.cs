using Npgsql;
using NpgsqlTypes;

namespace Platform.PatternAnalysis.Histories;

/// <summary>Reads the history of one customer. Cancellation stops the query on the server.</summary>
internal sealed class HistoryReader(NpgsqlDataSource database)
{
    /// <summary>Orders up to the day, by day and id, at most four years back.</summary>
    public const string OrdersSql = """
        SELECT order_id, (created_at AT TIME ZONE 'UTC')::date AS placed_on, priority, amount, currency::text
        FROM domain.sales_orders
        WHERE organization_id = @organization AND customer_id = @customer AND created_at < @until AND created_at >= @until - interval '4 years' AND status <> 'cancelled'
        ORDER BY placed_on, order_id COLLATE "C"
        """;

    /// <summary>The day on which the payments of invoice i reached its amount, as p.paid_on; null while they do not. What came at the same instant came together.</summary>
    public const string PaidOn = """
        LEFT JOIN LATERAL (
          SELECT CASE WHEN sum(r.amount) >= i.amount THEN min(r.received_on) FILTER (WHERE r.running >= i.amount) END AS paid_on
          FROM (SELECT amount, (paid_at AT TIME ZONE 'UTC')::date AS received_on, sum(amount) OVER (ORDER BY paid_at) AS running
                FROM domain.payments
                WHERE organization_id = @organization AND invoice_id = i.invoice_id AND currency = i.currency AND paid_at < @until) r) p ON true
        """;

    /// <summary>Invoices due up to the day, by due day and id, at most four years back.</summary>
    public const string InvoicesSql = $"""
        SELECT i.invoice_id, i.due_date, coalesce(p.paid_on, @as_of::date) - i.due_date AS days_late, p.paid_on IS NULL AS is_open, i.amount, i.currency::text
        FROM domain.invoices i
        {PaidOn}
        WHERE i.organization_id = @organization AND i.customer_id = @customer AND i.created_at < @until AND i.amount > 0
          AND (i.voided_at IS NULL OR i.voided_at >= @until) AND i.due_date <= @as_of AND i.due_date > @as_of::date - 1461
        ORDER BY i.due_date, i.invoice_id COLLATE "C"
        """;

    public Task<IReadOnlyList<OrderRow>> OrdersAsync(Subject subject, CancellationToken cancellationToken) => ReadAsync(
        OrdersSql, subject, row => new OrderRow(row.GetString(0), row.GetFieldValue<DateOnly>(1), row.GetString(2), row.GetDecimal(3), row.GetString(4)), cancellationToken);

    public Task<IReadOnlyList<SettlementRow>> InvoicesAsync(Subject subject, CancellationToken cancellationToken) => ReadAsync(
        InvoicesSql,
        subject,
        row => new SettlementRow(row.GetString(0), row.GetFieldValue<DateOnly>(1), row.GetInt32(2), row.GetBoolean(3), row.GetDecimal(4), row.GetString(5)),
        cancellationToken);

    private async Task<IReadOnlyList<T>> ReadAsync<T>(string sql, Subject subject, Func<NpgsqlDataReader, T> read, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(sql);
        command.Parameters.Add(new NpgsqlParameter("organization", NpgsqlDbType.Text) { Value = subject.OrganizationId });
        command.Parameters.Add(new NpgsqlParameter("customer", NpgsqlDbType.Text) { Value = subject.CustomerId });
        command.Parameters.Add(new NpgsqlParameter("until", NpgsqlDbType.TimestampTz) { Value = subject.Until });
        if (sql.Contains("@as_of", StringComparison.Ordinal))
        {
            command.Parameters.Add(new NpgsqlParameter("as_of", NpgsqlDbType.Date) { Value = subject.AsOf });
        }

        List<T> rows = [];
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            rows.Add(read(reader));
        }

        return rows;
    }
}
