using System.Text.Json;
using Npgsql;
using Platform.Migrations.ChangeEvents;
using Platform.Testing;
using Xunit;

namespace Platform.Migrations.Tests.ChangeEvents;

public sealed class ChangeTriggersTests(PlatformServers servers)
{
    private const string Rows = """
        INSERT INTO domain.customers (organization_id, customer_id, name, currency, created_at) VALUES ('default', 'c1', 'One', 'EUR', now()), ('default', 'c2', 'Two', 'EUR', now());
        INSERT INTO domain.invoices (organization_id, invoice_id, invoice_number, customer_id, amount, currency, created_at, due_date) VALUES ('default', 'i1', 'i1', 'c1', 100, 'EUR', now(), now());
        """;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Insert_Payment_NamesTheCustomerOfItsInvoice()
    {
        await using var database = await WithRowsAsync();
        await using var listener = await Listener.StartAsync(database);

        await database.ExecuteAsync("INSERT INTO domain.payments (organization_id, payment_id, invoice_id, amount, currency, paid_at) VALUES ('default', 'p1', 'i1', 40, 'EUR', now())", Token);

        var notice = await listener.NextAsync();
        Assert.Equal(("default", "payments", true), (notice.Organization, notice.Table, notice.Complete));
        Assert.Equal(["c1"], notice.Customers);
        Assert.Equal([$"{notice.LastEventId}|default|payments|c1"], await EventsAsync(database));
    }

    [Fact]
    public async Task Update_InvoiceMovesToAnotherCustomer_NamesBoth()
    {
        await using var database = await WithRowsAsync();

        await database.ExecuteAsync("UPDATE domain.invoices SET customer_id = 'c2' WHERE invoice_id = 'i1'", Token);

        Assert.Equal(["invoices|c1", "invoices|c2"], await database.RowsAsync("SELECT table_name, customer_id FROM app.change_events ORDER BY customer_id", Token));
    }

    [Fact]
    public async Task Delete_Customer_IsRecorded()
    {
        await using var database = await WithRowsAsync();

        await database.ExecuteAsync("DELETE FROM domain.customers WHERE customer_id = 'c2'", Token);

        Assert.Equal(["customers|c2"], await database.RowsAsync("SELECT table_name, customer_id FROM app.change_events", Token));
    }

    [Fact]
    public async Task Update_NoRowMatches_SaysNothing()
    {
        await using var database = await WithRowsAsync();

        await database.ExecuteAsync("UPDATE domain.customers SET name = 'x' WHERE customer_id = 'none'", Token);

        Assert.Equal(0L, await database.ScalarAsync<long>("SELECT count(*) FROM app.change_events", Token));
    }

    [Fact]
    public async Task Insert_TenThousandCustomers_IsOneSmallNotificationAndOneEventEach()
    {
        await using var database = await WithRowsAsync();
        await using var listener = await Listener.StartAsync(database);

        await database.ExecuteAsync("INSERT INTO domain.customers (organization_id, customer_id, name, currency, created_at) SELECT 'default', 'bulk-' || n, 'Bulk', 'EUR', now() FROM generate_series(1, 10000) AS n", Token);

        var notice = await listener.NextAsync();
        Assert.False(notice.Complete);
        Assert.Empty(notice.Customers);
        Assert.True(notice.Bytes < 8000);
        Assert.Equal(10_000L, await database.ScalarAsync<long>($"SELECT count(*) FROM app.change_events WHERE id <= {notice.LastEventId}", Token));
    }

    [Fact]
    public async Task Insert_CustomersWithLongIds_StaysBelowThePayloadLimit()
    {
        await using var database = await WithRowsAsync();
        await using var listener = await Listener.StartAsync(database);

        await database.ExecuteAsync("INSERT INTO domain.customers (organization_id, customer_id, name, currency, created_at) SELECT 'default', repeat('ü', 100) || n, 'Long', 'EUR', now() FROM generate_series(1, 90) AS n", Token);

        var notice = await listener.NextAsync();
        Assert.False(notice.Complete);
    }

    [Fact]
    public async Task Insert_TwoOrganizationsInOneStatement_NotifiesEachOfItsOwn()
    {
        await using var database = await WithRowsAsync();
        await using var listener = await Listener.StartAsync(database);

        await database.ExecuteAsync("INSERT INTO domain.customers (organization_id, customer_id, name, currency, created_at) VALUES ('a', 'a1', 'A', 'EUR', now()), ('b', 'b1', 'B', 'EUR', now())", Token);

        var notices = new[] { await listener.NextAsync(), await listener.NextAsync() };
        Assert.Equal(["a:a1", "b:b1"], notices.Select(notice => $"{notice.Organization}:{Assert.Single(notice.Customers)}").Order());
    }

    [Fact]
    public async Task Truncate_Payments_MeansEveryCustomer()
    {
        await using var database = await WithRowsAsync();

        await database.ExecuteAsync("TRUNCATE domain.payments", Token);

        Assert.Equal(["payments|default|*"], await database.RowsAsync("SELECT table_name, organization_id, customer_id FROM app.change_events", Token));
    }

    [Fact]
    public async Task Check_TriggerDropped_IsReportedAndMigratePutsItBack()
    {
        await using var database = await TestDatabase.MigratedAsync(servers, Token);
        await database.ExecuteAsync("DROP TRIGGER change_events_update ON domain.invoices", Token);

        var before = await database.RunAsync(Token, "check");
        await database.RunAsync(Token, "migrate", "--sample", "false");

        Assert.Equal(1, before.ExitCode);
        Assert.Contains("1 change triggers are missing", before.Output, StringComparison.Ordinal);
        Assert.Equal(0, (await database.RunAsync(Token, "check")).ExitCode);
    }

    private async Task<TestDatabase> WithRowsAsync()
    {
        var database = await TestDatabase.MigratedAsync(servers, Token);
        await database.ExecuteAsync(Rows, Token);
        await database.ExecuteAsync("TRUNCATE app.change_events", Token);
        return database;
    }

    private static Task<IReadOnlyList<string>> EventsAsync(TestDatabase database) =>
        database.RowsAsync("SELECT id, organization_id, table_name, customer_id FROM app.change_events ORDER BY id", Token);

    private sealed record Notice(string Organization, string Table, long LastEventId, IReadOnlyList<string> Customers, bool Complete, int Bytes);

    private sealed class Listener : IAsyncDisposable
    {
        private readonly NpgsqlConnection _connection;
        private readonly Queue<Notice> _notices = new();

        private Listener(NpgsqlConnection connection)
        {
            _connection = connection;
            connection.Notification += (_, arguments) => _notices.Enqueue(Read(arguments.Payload));
        }

        public static async Task<Listener> StartAsync(TestDatabase database)
        {
            var connection = await database.DataSource.OpenConnectionAsync(Token);
            var listener = new Listener(connection);
            await using var command = new NpgsqlCommand($"LISTEN {ChangeTriggers.Channel}", connection);
            await command.ExecuteNonQueryAsync(Token);
            return listener;
        }

        public async Task<Notice> NextAsync()
        {
            while (_notices.Count == 0)
            {
                Assert.True(await _connection.WaitAsync(TimeSpan.FromSeconds(20), Token), "No notification came within 20 s.");
            }

            return _notices.Dequeue();
        }

        public ValueTask DisposeAsync() => _connection.DisposeAsync();

        private static Notice Read(string payload)
        {
            using var json = JsonDocument.Parse(payload);
            var root = json.RootElement;
            return new Notice(
                root.GetProperty("organizationId").GetString()!, root.GetProperty("table").GetString()!, root.GetProperty("lastEventId").GetInt64(),
                [.. root.GetProperty("customerIds").EnumerateArray().Select(id => id.GetString()!)], root.GetProperty("complete").GetBoolean(),
                System.Text.Encoding.UTF8.GetByteCount(payload));
        }
    }
}
