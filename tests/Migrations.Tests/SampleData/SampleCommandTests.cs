using Platform.Migrations.Commands;
using Platform.Migrations.SampleData;
using Platform.Testing;
using Xunit;

namespace Platform.Migrations.Tests.SampleData;

public sealed class SampleCommandTests(PlatformServers servers)
{
    // A settled invoice: its payments reach the amount; it is late by the days from due to the last of them.
    private const string DelayQuery = """
        WITH settled AS (
            SELECT i.created_at, i.due_date, i.amount, sum(p.amount) AS paid, max(p.paid_at AT TIME ZONE 'UTC')::date AS paid_on
              FROM domain.invoices i JOIN domain.payments p USING (organization_id, invoice_id)
             WHERE i.customer_id = 'CUS-00001' AND i.voided_at IS NULL
             GROUP BY i.invoice_id, i.created_at, i.due_date, i.amount)
        SELECT avg(paid_on - due_date)::float8 FROM settled WHERE paid >= amount AND (created_at AT TIME ZONE 'UTC')::date {0} date '2026-03-01' - 150
        """;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Migrate_EmptyDomain_LoadsTheSampleOnce()
    {
        await using var database = await TestDatabase.EmptyAsync(servers, Token);

        var first = await database.RunAsync(Token, "migrate", "--sample", "true");
        var second = await database.RunAsync(Token, "migrate", "--sample", "true");

        Assert.Equal((0, ""), (first.ExitCode, first.Error));
        Assert.Contains("sample data generated", first.Output, StringComparison.Ordinal);
        Assert.Contains("sample data unchanged", second.Output, StringComparison.Ordinal);
        Assert.Equal(560L, await database.ScalarAsync<long>("SELECT count(*) FROM domain.customers", Token));
        Assert.Equal(0, (await database.RunAsync(Token, "check")).ExitCode);
    }

    [Fact]
    public async Task Migrate_CustomersAreThere_LeavesThemAlone()
    {
        await using var database = await TestDatabase.MigratedAsync(servers, Token);
        await database.ExecuteAsync("INSERT INTO domain.customers (organization_id, customer_id, name, currency, created_at) VALUES ('default', 'mine', 'Mine', 'EUR', now())", Token);

        await database.RunAsync(Token, "migrate", "--sample", "true");
        var sample = await database.RunAsync(Token, "sample", "--reset");

        Assert.Equal(1, sample.ExitCode);
        Assert.Contains("not a sample", sample.Error, StringComparison.Ordinal);
        Assert.Equal(["mine"], await database.RowsAsync("SELECT customer_id FROM domain.customers", Token));
    }

    [Fact]
    public async Task Sample_LoadedRows_GiveTheDocumentedFiguresInSql()
    {
        await using var database = await TestDatabase.MigratedAsync(servers, Token);
        await database.RunAsync(Token, "sample", "--today", "2026-03-01");
        var facts = new CustomerFacts(SampleGenerator.Generate(SampleGenerator.DefaultSeed), "CUS-00001");

        var before = await database.ScalarAsync<double>(DelayQuery.Replace("{0}", "<", StringComparison.Ordinal), Token);
        var after = await database.ScalarAsync<double>(DelayQuery.Replace("{0}", ">=", StringComparison.Ordinal), Token);
        var rush = await database.ScalarAsync<double>(
            "SELECT avg((priority = 'rush')::int)::float8 FROM domain.sales_orders WHERE customer_id = 'CUS-00001' AND (created_at AT TIME ZONE 'UTC')::date >= date '2026-03-01' - 120", Token);

        Assert.Equal(facts.MeanDelay(int.MinValue, -151), before, 9);
        Assert.Equal(facts.MeanDelay(-150, -1), after, 9);
        Assert.Equal(facts.RushShare(-120, -1), rush, 9);
    }

    [Fact]
    public async Task Sample_Reset_MovesTheDaysAndKeepsTheFigures()
    {
        await using var database = await TestDatabase.MigratedAsync(servers, Token);
        await database.RunAsync(Token, "sample", "--today", "2026-03-01");
        var before = await FiguresAsync(database);

        var refused = await database.RunAsync(Token, "sample", "--today", "2026-03-11");
        var reset = await database.RunAsync(Token, "sample", "--today", "2026-03-11", "--reset");
        var after = await FiguresAsync(database);

        Assert.Equal(1, refused.ExitCode);
        Assert.Contains("--reset", refused.Error, StringComparison.Ordinal);
        Assert.Equal((0, ""), (reset.ExitCode, reset.Error));
        Assert.Equal(before.Sums, after.Sums);
        Assert.Equal(TimeSpan.FromDays(10), after.Last - before.Last);
        Assert.Equal(["2026-03-11"], await database.RowsAsync("SELECT to_char(day, 'YYYY-MM-DD') FROM app.sample_data", Token));
    }

    [Fact]
    public async Task Sample_ResetWithRowsOfOthers_KeepsThem()
    {
        await using var database = await TestDatabase.MigratedAsync(servers, Token);
        await database.RunAsync(Token, "sample");
        await database.ExecuteAsync("INSERT INTO domain.customers (organization_id, customer_id, name, currency, created_at) VALUES ('default', 'mine', 'Mine', 'EUR', now())", Token);

        var reset = await database.RunAsync(Token, "sample", "--reset");

        Assert.Equal((0, ""), (reset.ExitCode, reset.Error));
        Assert.Equal(561L, await database.ScalarAsync<long>("SELECT count(*) FROM domain.customers", Token));
    }

    [Fact]
    public async Task Sample_ResetWhereOthersReferToIt_ChangesNothing()
    {
        await using var database = await TestDatabase.MigratedAsync(servers, Token);
        await database.RunAsync(Token, "sample");
        await database.ExecuteAsync("INSERT INTO domain.invoices (organization_id, invoice_id, invoice_number, customer_id, amount, currency, created_at, due_date) VALUES ('default', 'mine', 'mine', 'CUS-00001', 1, 'USD', now(), now())", Token);

        var reset = await database.RunAsync(Token, "sample", "--reset");

        Assert.Equal(1, reset.ExitCode);
        Assert.Contains("Nothing was changed", reset.Error, StringComparison.Ordinal);
        Assert.Equal(560L, await database.ScalarAsync<long>("SELECT count(*) FROM domain.customers", Token));
    }

    [Fact]
    public async Task Sample_TwoOrganizations_HoldOneEach()
    {
        await using var database = await TestDatabase.MigratedAsync(servers, Token);

        await database.RunAsync(Token, "sample");
        await database.RunAsync(Token, "sample", "--organization", "acme");

        Assert.Equal(["acme|560", "default|560"], await database.RowsAsync("SELECT organization_id, count(*) FROM domain.customers GROUP BY 1 ORDER BY 1", Token));
    }

    [Fact]
    public async Task Describe_NoDatabase_PrintsTheDocument()
    {
        var outcome = await TestDatabase.RunWithoutDatabaseAsync(Token, "sample", "--describe");

        Assert.Equal((MigrationsCli.Done, SampleDocument.Write()), (outcome.ExitCode, outcome.Output));
    }

    private static async Task<(IReadOnlyList<string> Sums, DateTime Last)> FiguresAsync(TestDatabase database) =>
    (
        await database.RowsAsync("SELECT currency, count(*), sum(amount) FROM domain.invoices GROUP BY 1 ORDER BY 1", Token),
        await database.ScalarAsync<DateTime>("SELECT max(paid_at) FROM domain.payments", Token));
}
