using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;
using Platform.Migrations.Indexes;
using Platform.Testing;
using Xunit;

namespace Platform.Migrations.Tests.Indexes;

public sealed class IndexBuilderTests(PlatformServers servers)
{
    // Section 2.1 of the founding document, name by name.
    private static readonly string[] Promised =
    [
        "idx_sales_orders_customer_priority_created", "idx_payments_customer_paid", "idx_invoices_customer_due",
        "idx_sales_orders_customer_created", "idx_customers_name_trgm", "idx_entity_aliases_alias", "idx_memories_entity_links",
        "idx_memories_user_created", "idx_customer_patterns_computed", "idx_customer_patterns_confidence",
    ];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Build_MigratedDatabase_HasEveryPromisedIndexAndTheyAreValid()
    {
        await using var database = await TestDatabase.MigratedAsync(servers, Token);

        var valid = await database.RowsAsync("SELECT c.relname FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid WHERE i.indisvalid", Token);

        Assert.Empty(Promised.Except(valid));
    }

    [Fact]
    public async Task Inspect_MigratedDatabase_FindsEveryIndexAsDefined()
    {
        await using var database = await TestDatabase.MigratedAsync(servers, Token);

        var reports = await Builder(database).InspectAsync(IndexCatalog.All, Token);

        Assert.All(reports, report => Assert.Equal((report.Index.Name, IndexState.Present, ""), (report.Index.Name, report.State, report.Found)));
    }

    /// <summary>What a refresh changes in every row that is served must be in no index: rows are then replaced within their pages.</summary>
    [Fact]
    public async Task Build_CustomerPatterns_NoIndexHoldsWhatEveryRefreshChanges()
    {
        await using var database = await TestDatabase.MigratedAsync(servers, Token);

        var indexed = await database.RowsAsync("""
            SELECT DISTINCT a.attname FROM pg_index i JOIN pg_attribute a ON a.attrelid = i.indrelid
            WHERE i.indrelid = 'app.customer_patterns'::regclass AND (a.attnum = ANY(i.indkey) OR pg_get_indexdef(i.indexrelid) ~ ('\m' || a.attname || '\M'))
            """, Token);

        Assert.Contains("pattern_type", indexed);
        Assert.Empty(indexed.Intersect(["data_version", "checksum", "payload", "read_snapshot", "rows_digest", "read_at"]));
    }

    [Fact]
    public async Task Build_InvalidLeftover_IsRebuilt()
    {
        await using var database = await TestDatabase.MigratedAsync(servers, Token);
        await LeaveInvalidAsync(database);
        Assert.Equal(IndexState.Invalid, Assert.Single(await Builder(database).InspectAsync([Victim], Token)).State);

        var built = await Builder(database).BuildAsync([Victim], Token);

        Assert.Equal([Victim.Name], built);
        Assert.Equal(IndexState.Present, Assert.Single(await Builder(database).InspectAsync([Victim], Token)).State);
    }

    [Fact]
    public async Task Check_MissingAndInvalidIndexes_AreListedAndExitIs1()
    {
        await using var database = await TestDatabase.MigratedAsync(servers, Token);
        await LeaveInvalidAsync(database);
        await database.ExecuteAsync("DROP INDEX domain.idx_customers_name_trgm", Token);

        var outcome = await database.RunAsync(Token, "check");

        Assert.Equal(1, outcome.ExitCode);
        Assert.Contains("idx_customers_name_trgm is missing", outcome.Output, StringComparison.Ordinal);
        Assert.Contains("idx_payments_paid is invalid", outcome.Output, StringComparison.Ordinal);
        Assert.Contains("2 problems", outcome.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Migrate_AfterIndexesWereLost_PutsThemBack()
    {
        await using var database = await TestDatabase.MigratedAsync(servers, Token);
        await LeaveInvalidAsync(database);
        await database.ExecuteAsync("DROP INDEX domain.idx_customers_name_trgm", Token);

        await database.RunAsync(Token, "migrate", "--sample", "false");

        Assert.Equal(0, (await database.RunAsync(Token, "check")).ExitCode);
    }

    [Fact]
    public async Task Build_SameNameOverOtherColumns_IsNotTouched()
    {
        await using var database = await TestDatabase.MigratedAsync(servers, Token);
        await database.ExecuteAsync("DROP INDEX domain.idx_payments_paid; CREATE INDEX idx_payments_paid ON domain.payments (method)", Token);

        var exception = await Assert.ThrowsAsync<MigrationException>(() => Builder(database).BuildAsync([Victim], Token));

        Assert.Contains("idx_payments_paid", exception.Message, StringComparison.Ordinal);
        Assert.Contains("(method)", exception.Message, StringComparison.Ordinal);
        Assert.Contains("(method)", await database.ScalarAsync<string>("SELECT pg_get_indexdef('domain.idx_payments_paid'::regclass)", Token), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Build_WritersAreBusy_DoesNotBlockThem()
    {
        await using var database = await TestDatabase.MigratedAsync(servers, Token);
        await database.ExecuteAsync("DROP INDEX domain.idx_customers_name_trgm", Token);
        await using var writer = await database.DataSource.OpenConnectionAsync(Token);
        await using var transaction = await writer.BeginTransactionAsync(Token);
        await InsertCustomerAsync(writer, "a");

        // The build waits for the open transaction, which can go on writing meanwhile.
        var build = Builder(database).BuildAsync([.. IndexCatalog.All.Where(index => index.Name == "idx_customers_name_trgm")], Token);
        await Eventually.HoldsAsync(() => database.ScalarAsync<bool>("SELECT count(*) > 0 FROM pg_stat_progress_create_index WHERE datname = current_database() AND phase LIKE 'waiting%'", Token));
        await InsertCustomerAsync(writer, "b");
        await transaction.CommitAsync(Token);

        Assert.Single(await build);
    }

    [Fact]
    public async Task Ensure_RoleMayNotCreateExtensions_SaysWhatToRun()
    {
        await using var database = await TestDatabase.EmptyAsync(servers, Token);
        var role = $"migrations_role_{Guid.NewGuid():n}";
        await database.ExecuteAsync($"CREATE ROLE {role} LOGIN PASSWORD 'x'", Token);
        try
        {
            var settings = new NpgsqlConnectionStringBuilder(database.ConnectionString) { Username = role, Password = "x", Pooling = false };
            await using var asRole = NpgsqlDataSource.Create(settings.ConnectionString);

            var exception = await Assert.ThrowsAsync<MigrationException>(() => new Migrations.Indexes.Extensions(asRole).EnsureAsync(["pg_trgm"], Token));

            Assert.Contains("CREATE EXTENSION pg_trgm", exception.Message, StringComparison.Ordinal);
        }
        finally
        {
            await database.ExecuteAsync($"DROP ROLE {role}", CancellationToken.None);
        }
    }

    [Fact]
    public async Task Ensure_ExtensionThatTheServerLacks_SaysWhatToInstall()
    {
        await using var database = await TestDatabase.EmptyAsync(servers, Token);

        var exception = await Assert.ThrowsAsync<MigrationException>(() => new Migrations.Indexes.Extensions(database.DataSource).EnsureAsync(["no_such_extension"], Token));

        Assert.Contains("no_such_extension", exception.Message, StringComparison.Ordinal);
        Assert.Contains("postgresql-contrib", exception.Message, StringComparison.Ordinal);
    }

    private static IndexDefinition Victim => IndexCatalog.All.Single(index => index.Name == "idx_payments_paid");

    private static IndexBuilder Builder(TestDatabase database) => new(database.DataSource, TimeProvider.System, NullLogger<IndexBuilder>.Instance);

    // A unique build that meets duplicates leaves its index behind, as a crash would.
    private static async Task LeaveInvalidAsync(TestDatabase database)
    {
        await database.ExecuteAsync(
            """
            INSERT INTO domain.customers (organization_id, customer_id, name, currency, created_at) VALUES ('default', 'c', 'C', 'EUR', now());
            INSERT INTO domain.invoices (organization_id, invoice_id, invoice_number, customer_id, amount, currency, created_at, due_date) VALUES ('default', 'i', 'i', 'c', 2, 'EUR', now(), now());
            INSERT INTO domain.payments (organization_id, payment_id, invoice_id, amount, currency, paid_at) VALUES ('default', 'p', 'i', 1, 'EUR', '2026-01-01'), ('default', 'q', 'i', 1, 'EUR', '2026-01-01');
            """, Token);
        await database.ExecuteAsync("DROP INDEX domain.idx_payments_paid", Token);
        await Assert.ThrowsAsync<PostgresException>(() => database.ExecuteAsync("CREATE UNIQUE INDEX CONCURRENTLY idx_payments_paid ON domain.payments (organization_id, paid_at DESC)", Token));
    }

    private static async Task InsertCustomerAsync(NpgsqlConnection connection, string id)
    {
        await using var command = new NpgsqlCommand(
            $"INSERT INTO domain.customers (organization_id, customer_id, name, currency, created_at) VALUES ('default', '{id}', '{id}', 'EUR', now())", connection);
        await command.ExecuteNonQueryAsync(Token);
    }
}
