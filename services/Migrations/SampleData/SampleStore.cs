using Microsoft.Extensions.Logging;
using Npgsql;
using NpgsqlTypes;

namespace Platform.Migrations.SampleData;

/// <summary>What is recorded about an organization's sample.</summary>
/// <param name="Day">The day that the sample's times count from.</param>
internal sealed record SampleRecord(int Generator, long Seed, DateOnly Day, int Customers, int Orders, int Invoices, int Payments);

/// <summary>Writes the sample into the domain tables, and takes it out again.</summary>
internal sealed partial class SampleStore(NpgsqlDataSource dataSource, TimeProvider clock, ILogger<SampleStore> logger)
{
    private const int CommandLimitSeconds = 120;

    /// <summary>The sample that an organization holds; null when there is none.</summary>
    public async Task<SampleRecord?> FindAsync(string organizationId, CancellationToken cancellationToken)
    {
        await using var command = dataSource.CreateCommand(
            "SELECT generator, seed, day, customers, sales_orders, invoices, payments FROM app.sample_data WHERE organization_id = $1");
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = organizationId });
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        return await reader.ReadAsync(cancellationToken)
            ? new SampleRecord(
                reader.GetInt32(0), reader.GetInt64(1), reader.GetFieldValue<DateOnly>(2), reader.GetInt32(3), reader.GetInt32(4),
                reader.GetInt32(5), reader.GetInt32(6))
            : null;
    }

    /// <summary>True when the organization has no customer at all, and the domain consists of tables that can be written.</summary>
    public async Task<bool> IsEmptyAsync(string organizationId, CancellationToken cancellationToken)
    {
        await using var command = dataSource.CreateCommand("SELECT NOT EXISTS (SELECT FROM domain.customers WHERE organization_id = $1)");
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = organizationId });
        return (bool)(await command.ExecuteScalarAsync(cancellationToken))!;
    }

    /// <summary>True when all four domain relations are tables; views are a user's own data and are never written.</summary>
    public async Task<bool> IsWritableAsync(CancellationToken cancellationToken)
    {
        await using var command = dataSource.CreateCommand(
            """
            SELECT count(*) = 4
              FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
             WHERE n.nspname = 'domain' AND c.relname IN ('customers', 'sales_orders', 'invoices', 'payments') AND c.relkind IN ('r', 'p')
            """);
        return (bool)(await command.ExecuteScalarAsync(cancellationToken))!;
    }

    /// <summary>Loads the sample in one transaction.</summary>
    /// <param name="replace">The sample to take out first, in the same transaction.</param>
    public async Task LoadAsync(
        string organizationId, SampleDataSet sample, DateOnly today, SampleRecord? replace, CancellationToken cancellationToken)
    {
        var started = clock.GetTimestamp();
        await using var connection = await dataSource.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        if (replace is not null)
        {
            await DeleteAsync(connection, organizationId, replace, cancellationToken);
        }

        await CopyAsync(connection, organizationId, sample, today, cancellationToken);
        await RecordAsync(connection, organizationId, sample, today, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        await using (var analyze = new NpgsqlCommand("ANALYZE domain.customers, domain.sales_orders, domain.invoices, domain.payments", connection))
        {
            await analyze.ExecuteNonQueryAsync(cancellationToken);
        }

        Log.Loaded(
            logger, organizationId, sample.Customers.Count, sample.Orders.Count, sample.Invoices.Count, sample.Payments.Count,
            (long)clock.GetElapsedTime(started).TotalMilliseconds);
    }

    // Ids are numbered without gaps, so the counts say which rows are the sample's; imported rows keep out of its way.
    private static async Task DeleteAsync(NpgsqlConnection connection, string organizationId, SampleRecord sample, CancellationToken cancellationToken)
    {
        foreach (var (table, key, prefix, digits, count) in new[]
                 {
                     ("payments", "payment_id", "PAY-", 6, sample.Payments),
                     ("invoices", "invoice_id", "INV-", 6, sample.Invoices),
                     ("sales_orders", "order_id", "SO-", 6, sample.Orders),
                     ("customers", "customer_id", "CUS-", 5, sample.Customers),
                 })
        {
            await using var command = new NpgsqlCommand(
                $"""
                DELETE FROM domain.{table}
                 WHERE organization_id = $1
                   AND {key} IN (SELECT '{prefix}' || lpad(n::text, {digits}, '0') FROM generate_series(1, $2) AS n)
                """, connection)
            {
                CommandTimeout = CommandLimitSeconds,
            };
            command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = organizationId });
            command.Parameters.Add(new NpgsqlParameter<int> { TypedValue = count });
            try
            {
                await command.ExecuteNonQueryAsync(cancellationToken);
            }
            catch (PostgresException exception) when (exception.SqlState == PostgresErrorCodes.ForeignKeyViolation)
            {
                throw new MigrationException(
                    $"The sample of organization '{organizationId}' cannot be replaced: other rows of domain refer to it ({exception.TableName}). Nothing was changed.", exception);
            }
        }
    }

    private static async Task CopyAsync(
        NpgsqlConnection connection, string organizationId, SampleDataSet sample, DateOnly today, CancellationToken cancellationToken)
    {
        await using (var rows = await BeginAsync(connection, "customers", "organization_id, customer_id, name, city, country, industry, segment, currency, credit_limit, payment_terms_days, status, created_at, last_contact_at", cancellationToken))
        {
            foreach (var customer in sample.Customers)
            {
                await rows.StartRowAsync(cancellationToken);
                await TextAsync(rows, cancellationToken, organizationId, customer.CustomerId, customer.Name, customer.City, customer.Country, customer.Industry, customer.Segment);
                await rows.WriteAsync(customer.Currency, NpgsqlDbType.Char, cancellationToken);
                await rows.WriteAsync(customer.CreditLimit, NpgsqlDbType.Numeric, cancellationToken);
                await rows.WriteAsync(customer.PaymentTermsDays, NpgsqlDbType.Integer, cancellationToken);
                await TextAsync(rows, cancellationToken, customer.Status);
                await TimeAsync(rows, customer.Created, today, cancellationToken);
                await TimeAsync(rows, customer.LastContact, today, cancellationToken);
            }

            await rows.CompleteAsync(cancellationToken);
        }

        await using (var rows = await BeginAsync(connection, "sales_orders", "organization_id, order_id, order_number, customer_id, priority, status, amount, currency, created_at, requested_date, shipped_at, delivered_at", cancellationToken))
        {
            foreach (var order in sample.Orders)
            {
                await rows.StartRowAsync(cancellationToken);
                await TextAsync(rows, cancellationToken, organizationId, order.OrderId, order.OrderId, order.CustomerId, order.Priority, order.Status);
                await rows.WriteAsync(order.Amount, NpgsqlDbType.Numeric, cancellationToken);
                await rows.WriteAsync(order.Currency, NpgsqlDbType.Char, cancellationToken);
                await TimeAsync(rows, order.Created, today, cancellationToken);
                await rows.WriteAsync(today.AddDays(order.RequestedDay), NpgsqlDbType.Date, cancellationToken);
                await TimeAsync(rows, order.Shipped, today, cancellationToken);
                await TimeAsync(rows, order.Delivered, today, cancellationToken);
            }

            await rows.CompleteAsync(cancellationToken);
        }

        await using (var rows = await BeginAsync(connection, "invoices", "organization_id, invoice_id, invoice_number, customer_id, order_id, amount, currency, created_at, due_date, disputed, voided_at", cancellationToken))
        {
            foreach (var invoice in sample.Invoices)
            {
                await rows.StartRowAsync(cancellationToken);
                await TextAsync(rows, cancellationToken, organizationId, invoice.InvoiceId, invoice.InvoiceId, invoice.CustomerId, invoice.OrderId);
                await rows.WriteAsync(invoice.Amount, NpgsqlDbType.Numeric, cancellationToken);
                await rows.WriteAsync(invoice.Currency, NpgsqlDbType.Char, cancellationToken);
                await TimeAsync(rows, invoice.Created, today, cancellationToken);
                await rows.WriteAsync(today.AddDays(invoice.DueDay), NpgsqlDbType.Date, cancellationToken);
                await rows.WriteAsync(invoice.Disputed, NpgsqlDbType.Boolean, cancellationToken);
                await TimeAsync(rows, invoice.Voided, today, cancellationToken);
            }

            await rows.CompleteAsync(cancellationToken);
        }

        await using (var rows = await BeginAsync(connection, "payments", "organization_id, payment_id, invoice_id, amount, currency, paid_at, method", cancellationToken))
        {
            foreach (var payment in sample.Payments)
            {
                await rows.StartRowAsync(cancellationToken);
                await TextAsync(rows, cancellationToken, organizationId, payment.PaymentId, payment.InvoiceId);
                await rows.WriteAsync(payment.Amount, NpgsqlDbType.Numeric, cancellationToken);
                await rows.WriteAsync(payment.Currency, NpgsqlDbType.Char, cancellationToken);
                await TimeAsync(rows, payment.Paid, today, cancellationToken);
                await TextAsync(rows, cancellationToken, payment.Method);
            }

            await rows.CompleteAsync(cancellationToken);
        }
    }

    private static Task<NpgsqlBinaryImporter> BeginAsync(NpgsqlConnection connection, string table, string columns, CancellationToken cancellationToken) =>
        connection.BeginBinaryImportAsync($"COPY domain.{table} ({columns}) FROM STDIN (FORMAT BINARY)", cancellationToken);

    private static async Task TextAsync(NpgsqlBinaryImporter rows, CancellationToken cancellationToken, params string?[] values)
    {
        foreach (var value in values)
        {
            if (value is null)
            {
                await rows.WriteNullAsync(cancellationToken);
            }
            else
            {
                await rows.WriteAsync(value, NpgsqlDbType.Text, cancellationToken);
            }
        }
    }

    private static Task TimeAsync(NpgsqlBinaryImporter rows, Moment? moment, DateOnly today, CancellationToken cancellationToken) =>
        moment is { } time
            ? rows.WriteAsync(time.At(today), NpgsqlDbType.TimestampTz, cancellationToken)
            : rows.WriteNullAsync(cancellationToken);

    private static async Task RecordAsync(
        NpgsqlConnection connection, string organizationId, SampleDataSet sample, DateOnly today, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(
            """
            INSERT INTO app.sample_data (organization_id, generator, seed, day, customers, sales_orders, invoices, payments)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
            ON CONFLICT (organization_id) DO UPDATE
               SET generator = excluded.generator, seed = excluded.seed, day = excluded.day, customers = excluded.customers,
                   sales_orders = excluded.sales_orders, invoices = excluded.invoices, payments = excluded.payments, generated_at = now()
            """, connection);
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = organizationId });
        command.Parameters.Add(new NpgsqlParameter<int> { TypedValue = SampleGenerator.Version });
        command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = sample.Seed });
        command.Parameters.Add(new NpgsqlParameter<DateOnly> { TypedValue = today });
        command.Parameters.Add(new NpgsqlParameter<int> { TypedValue = sample.Customers.Count });
        command.Parameters.Add(new NpgsqlParameter<int> { TypedValue = sample.Orders.Count });
        command.Parameters.Add(new NpgsqlParameter<int> { TypedValue = sample.Invoices.Count });
        command.Parameters.Add(new NpgsqlParameter<int> { TypedValue = sample.Payments.Count });
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    private static partial class Log
    {
        [LoggerMessage(EventId = 1, EventName = "SampleLoaded", Level = LogLevel.Information, Message = "Sample data of organization {OrganizationId}: {Customers} customers, {Orders} orders, {Invoices} invoices, {Payments} payments in {DurationMs} ms.")]
        public static partial void Loaded(ILogger logger, string organizationId, int customers, int orders, int invoices, int payments, long durationMs);
    }
}
