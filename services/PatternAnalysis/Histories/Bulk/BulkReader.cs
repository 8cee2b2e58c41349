using System.Data;
using Npgsql;
using NpgsqlTypes;

namespace Platform.PatternAnalysis.Histories.Bulk;

/// <summary>
/// Reads the histories of many customers: four statements, each a plain pass over one table, streamed in PostgreSQL's binary form, orders beside the others in the same state. Which payment settles
/// which invoice, and the order of the rows, is found here: joining and sorting millions of rows costs the server several times
/// what reading them does. The same histories as <see cref="HistoryReader"/> gives one by one.
/// </summary>
internal sealed class BulkReader(NpgsqlDataSource database, TimeProvider clock)
{
    // Quoted by the server (%L): COPY takes no parameters.
    private const string Customers = """
        COPY (SELECT customer_id::text, name::text, currency::text, status::text FROM domain.customers WHERE organization_id = %1$L AND {0} ORDER BY customer_id {1}) TO STDOUT (FORMAT binary)
        """;

    private const string Orders = """
        COPY (SELECT customer_id::text, order_id::text, created_at, priority::text, amount, currency::text FROM domain.sales_orders
              WHERE organization_id = %1$L AND {0} AND created_at < %2$L AND created_at >= %2$L::timestamptz - interval '4 years' AND status <> 'cancelled') TO STDOUT (FORMAT binary)
        """;

    private const string Invoices = """
        COPY (SELECT customer_id::text, invoice_id::text, due_date, amount, currency::text FROM domain.invoices
              WHERE organization_id = %1$L AND {0} AND created_at < %2$L AND amount > 0 AND (voided_at IS NULL OR voided_at >= %2$L) AND due_date <= %3$L AND due_date > %3$L::date - 1461) TO STDOUT (FORMAT binary)
        """;

    private const string Payments = """
        COPY (SELECT invoice_id::text, amount, currency::text, paid_at FROM domain.payments
              WHERE organization_id = %1$L AND paid_at < %2$L {0}) TO STDOUT (FORMAT binary)
        """;

    private const string PaymentsOf = "AND invoice_id IN (SELECT invoice_id FROM domain.invoices WHERE organization_id = %1$L AND {0})";

    /// <summary>Some customers, or the next ones after one.</summary>
    /// <param name="Ids">Null: those after <paramref name="After"/>.</param>
    /// <param name="After">"" begins with the first.</param>
    /// <param name="Most">Customers at most.</param>
    private sealed record Scope(string[]? Ids, string After, int Most);

    /// <summary>The customers with these ids.</summary>
    public async Task<BulkHistories> ReadAsync(string organizationId, string[] ids, DateOnly asOf, CancellationToken cancellationToken) =>
        (await ReadAsync(organizationId, new Scope(ids, "", ids.Length), asOf, int.MaxValue, () => Task.CompletedTask, cancellationToken))!;

    /// <summary>The next customers by id: as many as the memory that is allowed holds.</summary>
    /// <param name="organizationId">Whose.</param>
    /// <param name="after">The last customer that is not wanted; "" begins with the first.</param>
    /// <param name="asOf">Last day that is seen.</param>
    /// <param name="mostRows">Orders, invoices and payments in memory; one customer alone may have more.</param>
    /// <param name="alive">Called between the statements.</param>
    /// <param name="cancellationToken">Stops the statements.</param>
    public async Task<BulkHistories> ReadAfterAsync(string organizationId, string after, DateOnly asOf, int mostRows, Func<Task> alive, CancellationToken cancellationToken)
    {
        // There are at least as many rows as customers, or the customers are cheap.
        for (var most = mostRows; ; most = Math.Max(1, most / 8))
        {
            if (await ReadAsync(organizationId, new Scope(null, after, most), asOf, most > 1 ? mostRows : int.MaxValue, alive, cancellationToken) is { } histories)
            {
                return histories;
            }
        }
    }

    /// <returns>Null when there are more rows than allowed.</returns>
    private async Task<BulkHistories?> ReadAsync(string organizationId, Scope scope, DateOnly asOf, int mostRows, Func<Task> alive, CancellationToken cancellationToken)
    {
        var readAt = clock.GetTimestamp();
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(IsolationLevel.RepeatableRead, cancellationToken);
        var parameters = new Parameters(organizationId, asOf, scope.Ids, scope.After);
        var (snapshot, sql) = await QuoteAsync(connection, parameters, string.Format(null, Customers, scope.Ids is null ? "customer_id > %4$L" : "customer_id = ANY(%4$L)", $"LIMIT {scope.Most}"), cancellationToken);
        var histories = new BulkHistories(organizationId, asOf, snapshot, readAt);
        await StreamAsync(connection, sql, 4, histories.AddCustomer, () => true, cancellationToken);
        histories.IsLast = histories.Count < scope.Most;
        if (histories.Count == 0)
        {
            return histories;
        }

        // Where it is everything, no condition stands in the way of a plain scan.
        var last = histories.CustomerId(histories.Count - 1);
        var isEverything = histories.IsWhole = scope.Ids is null && scope.After.Length == 0 && histories.IsLast;
        var condition = isEverything ? "true" : scope.Ids is null ? "customer_id > %4$L AND customer_id <= %5$L" : "customer_id = ANY(%4$L)";
        Table[] tables =
        [
            new(string.Format(null, Orders, condition), 6, histories.AddOrder),
            new(string.Format(null, Invoices, condition), 5, histories.AddInvoice),
            new(string.Format(null, Payments, isEverything ? "" : string.Format(null, PaymentsOf, condition)), 4, histories.AddPayment),
        ];
        await alive();
        Func<bool> hasRoom = () => histories.Rows <= mostRows;
        parameters = parameters with { Last = last };
        await using var beside = await OpenBesideAsync(connection, cancellationToken);
        var orders = Task.Run(() => StreamAsync(beside, parameters, tables[0], hasRoom, cancellationToken), CancellationToken.None);
        var fits = false;
        try
        {
            fits = await StreamAsync(connection, parameters, tables[1], hasRoom, cancellationToken);
            await alive();
            fits = fits && await StreamAsync(connection, parameters, tables[2], hasRoom, cancellationToken);
        }
        finally
        {
            fits &= await orders;
        }

        if (!fits)
        {
            return null;
        }

        histories.Complete();
        return histories;
    }

    /// <summary>A connection within a transaction that sees the same state as another one's.</summary>
    private async Task<NpgsqlConnection> OpenBesideAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using var export = new NpgsqlCommand("SELECT quote_literal(pg_export_snapshot())", connection);
        var name = (string)(await export.ExecuteScalarAsync(cancellationToken))!;
        var beside = await database.OpenConnectionAsync(cancellationToken);
        try
        {
            // Closing the connection ends the transaction.
            await using var begin = new NpgsqlCommand($"BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY; SET TRANSACTION SNAPSHOT {name}", beside);
            await begin.ExecuteNonQueryAsync(cancellationToken);
            return beside;
        }
        catch
        {
            await beside.DisposeAsync();
            throw;
        }
    }

    private static async Task<bool> StreamAsync(NpgsqlConnection connection, Parameters parameters, Table table, Func<bool> hasRoom, CancellationToken cancellationToken)
    {
        var (_, sql) = await QuoteAsync(connection, parameters, table.Sql, cancellationToken);
        return await StreamAsync(connection, sql, table.Columns, table.Add, hasRoom, cancellationToken);
    }

    /// <returns>False when there was no room for more.</returns>
    private static async Task<bool> StreamAsync(NpgsqlConnection connection, string sql, int columns, Action<CopyRows> add, Func<bool> hasRoom, CancellationToken cancellationToken)
    {
        await using var stream = await connection.BeginRawBinaryCopyAsync(sql, cancellationToken);
        var rows = new CopyRows(stream, columns);
        while (await rows.NextAsync(cancellationToken))
        {
            add(rows);
            if (!hasRoom())
            {
                await stream.CancelAsync();
                return false;
            }
        }

        return true;
    }

    private static async Task<(string Snapshot, string Sql)> QuoteAsync(NpgsqlConnection connection, Parameters parameters, string template, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand("SELECT pg_current_snapshot()::text, format(@template, @organization, @until, @as_of, coalesce(@ids::text, @after), @last)", connection);
        command.Parameters.AddWithValue("template", template);
        command.Parameters.AddWithValue("organization", parameters.OrganizationId);
        command.Parameters.AddWithValue("until", parameters.AsOf.AddDays(1).ToDateTime(TimeOnly.MinValue, DateTimeKind.Utc));
        command.Parameters.AddWithValue("as_of", parameters.AsOf);
        command.Parameters.Add(new NpgsqlParameter("ids", NpgsqlDbType.Array | NpgsqlDbType.Text) { Value = (object?)parameters.Ids ?? DBNull.Value });
        command.Parameters.AddWithValue("after", parameters.After);
        command.Parameters.AddWithValue("last", parameters.Last);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        await reader.ReadAsync(cancellationToken);
        return (reader.GetString(0), reader.GetString(1));
    }

    /// <param name="Sql">COPY, to be filled with the parameters.</param>
    /// <param name="Columns">Of each row.</param>
    /// <param name="Add">Takes a row.</param>
    private sealed record Table(string Sql, int Columns, Action<CopyRows> Add);

    private sealed record Parameters(string OrganizationId, DateOnly AsOf, string[]? Ids, string After)
    {
        public string Last { get; init; } = "";
    }
}
