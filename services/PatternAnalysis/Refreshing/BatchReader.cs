using Npgsql;
using NpgsqlTypes;
using Platform.PatternAnalysis.Histories;

namespace Platform.PatternAnalysis.Refreshing;

/// <summary>Histories of some customers, read together in one state of the data.</summary>
/// <param name="Snapshot">The state.</param>
/// <param name="ReadAt">Timestamp of the monotonic clock at which it was read.</param>
/// <param name="Customers">Each with the version of its data.</param>
internal sealed record HistoryBatch(string Snapshot, long ReadAt, IReadOnlyList<(CustomerHistory History, string DataVersion)> Customers);

/// <summary>
/// Reads the histories of many customers with three statements instead of three for each. The same rows, in the same order, as
/// <see cref="HistoryReader"/> gives for one; which payment settles an invoice is found while they stream by.
/// </summary>
internal sealed class BatchReader(NpgsqlDataSource database, TimeProvider clock)
{
    private const string SubjectsSql = """
        SELECT c.customer_id, c.name, c.currency::text, c.status,
               left(md5(concat_ws('|', c.status, @as_of::date, coalesce(o.version, '0:0:0'), coalesce(i.version, '0:0'), coalesce(p.version, '0'))), 16), pg_current_snapshot()::text
        FROM domain.customers c
        LEFT JOIN (SELECT customer_id, concat_ws(':', count(*), count(*) FILTER (WHERE status = 'cancelled'), count(*) FILTER (WHERE priority = 'rush'), max(created_at), sum(amount)) AS version
                   FROM domain.sales_orders WHERE organization_id = @organization AND customer_id = ANY(@ids) AND created_at < @until GROUP BY customer_id) o USING (customer_id)
        LEFT JOIN (SELECT customer_id, concat_ws(':', count(*), count(voided_at), max(created_at), sum(amount), sum(due_date - date '2000-01-01')) AS version
                   FROM domain.invoices WHERE organization_id = @organization AND customer_id = ANY(@ids) AND created_at < @until GROUP BY customer_id) i USING (customer_id)
        LEFT JOIN (SELECT i.customer_id, concat_ws(':', count(*), max(p.paid_at), sum(p.amount), sum(extract(epoch FROM p.paid_at))) AS version
                   FROM domain.payments p JOIN domain.invoices i ON i.organization_id = p.organization_id AND i.invoice_id = p.invoice_id
                   WHERE i.organization_id = @organization AND i.customer_id = ANY(@ids) AND p.paid_at < @until GROUP BY i.customer_id) p USING (customer_id)
        WHERE c.organization_id = @organization AND c.customer_id = ANY(@ids) ORDER BY c.customer_id
        """;

    private const string OrdersSql = """
        SELECT customer_id, order_id, (created_at AT TIME ZONE 'UTC')::date AS placed_on, priority, amount, currency::text
        FROM domain.sales_orders
        WHERE organization_id = @organization AND customer_id = ANY(@ids) AND created_at < @until AND created_at >= @until - interval '4 years' AND status <> 'cancelled'
        ORDER BY customer_id, placed_on, order_id
        """;

    private const string InvoicesSql = """
        SELECT i.customer_id, i.invoice_id, i.due_date, i.amount, i.currency::text, p.amount, (p.paid_at AT TIME ZONE 'UTC')::date
        FROM domain.invoices i
        LEFT JOIN domain.payments p ON p.organization_id = @organization AND p.invoice_id = i.invoice_id AND p.currency = i.currency AND p.paid_at < @until
        WHERE i.organization_id = @organization AND i.customer_id = ANY(@ids) AND i.created_at < @until AND i.amount > 0
          AND (i.voided_at IS NULL OR i.voided_at >= @until) AND i.due_date <= @as_of AND i.due_date > @as_of::date - 1461
        ORDER BY i.customer_id, i.due_date, i.invoice_id, p.paid_at, p.payment_id
        """;

    /// <param name="organizationId">Whose customers.</param>
    /// <param name="ids">At most some thousand customers.</param>
    /// <param name="asOf">Last day that is seen.</param>
    /// <param name="cancellationToken">Stops the statements.</param>
    public async Task<HistoryBatch> ReadAsync(string organizationId, string[] ids, DateOnly asOf, CancellationToken cancellationToken)
    {
        var readAt = clock.GetTimestamp();
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(System.Data.IsolationLevel.RepeatableRead, cancellationToken);
        await using var batch = new NpgsqlBatch(connection, transaction);
        foreach (var sql in (string[])[SubjectsSql, OrdersSql, InvoicesSql])
        {
            batch.BatchCommands.Add(Command(sql, organizationId, ids, asOf));
        }

        List<(Subject Subject, string Version)> subjects = [];
        var snapshot = "";
        await using var reader = await batch.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            subjects.Add((new Subject(organizationId, reader.GetString(0), reader.GetString(1), reader.GetString(2), reader.GetString(3), asOf), reader.GetString(4)));
            snapshot = reader.GetString(5);
        }

        await reader.NextResultAsync(cancellationToken);
        var orders = await OrdersAsync(reader, cancellationToken);
        await reader.NextResultAsync(cancellationToken);
        var invoices = await InvoicesAsync(reader, asOf, cancellationToken);
        IReadOnlyList<OrderRow> noOrders = [];
        IReadOnlyList<SettlementRow> noInvoices = [];
        return new HistoryBatch(snapshot, readAt, subjects.ConvertAll(found => (
            new CustomerHistory(
                found.Subject,
                orders.TryGetValue(found.Subject.CustomerId, out var own) ? own : noOrders,
                invoices.TryGetValue(found.Subject.CustomerId, out var due) ? due : noInvoices),
            found.Version)));
    }

    private static async Task<Dictionary<string, List<OrderRow>>> OrdersAsync(NpgsqlDataReader reader, CancellationToken cancellationToken)
    {
        Dictionary<string, List<OrderRow>> orders = new(StringComparer.Ordinal);
        while (await reader.ReadAsync(cancellationToken))
        {
            Of(orders, reader.GetString(0)).Add(new OrderRow(reader.GetString(1), reader.GetFieldValue<DateOnly>(2), reader.GetString(3), reader.GetDecimal(4), reader.GetString(5)));
        }

        return orders;
    }

    private static async Task<Dictionary<string, List<SettlementRow>>> InvoicesAsync(NpgsqlDataReader reader, DateOnly asOf, CancellationToken cancellationToken)
    {
        Dictionary<string, List<SettlementRow>> invoices = new(StringComparer.Ordinal);
        Settlement? current = null;
        while (await reader.ReadAsync(cancellationToken))
        {
            var id = reader.GetString(1);
            if (current?.Id != id)
            {
                current?.AddTo(invoices, asOf);
                current = new Settlement(reader.GetString(0), id, reader.GetFieldValue<DateOnly>(2), reader.GetDecimal(3), reader.GetString(4));
            }

            if (!reader.IsDBNull(5))
            {
                current.Pay(reader.GetDecimal(5), reader.GetFieldValue<DateOnly>(6));
            }
        }

        current?.AddTo(invoices, asOf);
        return invoices;
    }

    private static NpgsqlBatchCommand Command(string sql, string organizationId, string[] ids, DateOnly asOf)
    {
        var command = new NpgsqlBatchCommand(sql);
        command.Parameters.AddWithValue("organization", organizationId);
        command.Parameters.Add(new NpgsqlParameter("ids", NpgsqlDbType.Array | NpgsqlDbType.Text) { Value = ids });
        command.Parameters.AddWithValue("until", asOf.AddDays(1).ToDateTime(TimeOnly.MinValue, DateTimeKind.Utc));
        if (sql.Contains("@as_of", StringComparison.Ordinal))
        {
            command.Parameters.Add(new NpgsqlParameter("as_of", NpgsqlDbType.Date) { Value = asOf });
        }

        return command;
    }

    private static List<T> Of<T>(Dictionary<string, List<T>> all, string customerId)
    {
        if (!all.TryGetValue(customerId, out var own))
        {
            all[customerId] = own = [];
        }

        return own;
    }

    /// <summary>An invoice whose payments come by in the order they were received. Paid when all of them reach the amount, on the first day on which they had.</summary>
    private sealed class Settlement(string customerId, string id, DateOnly dueOn, decimal amount, string currency)
    {
        private decimal received;
        private DateOnly? reachedOn;

        public string Id { get; } = id;

        public void Pay(decimal payment, DateOnly on)
        {
            received += payment;
            if (received >= amount && (reachedOn is null || on < reachedOn))
            {
                reachedOn = on;
            }
        }

        public void AddTo(Dictionary<string, List<SettlementRow>> invoices, DateOnly asOf)
        {
            var paidOn = received >= amount ? reachedOn : null;
            Of(invoices, customerId).Add(new SettlementRow(Id, dueOn, (paidOn ?? asOf).DayNumber - dueOn.DayNumber, paidOn is null, amount, currency));
        }
    }
}
