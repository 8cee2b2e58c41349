using Platform.Testing;
using Xunit;

namespace Platform.Migrations.Tests.Contract;

public sealed class BringYourOwnDataTests(PlatformServers servers)
{
    private const string OwnTables = """
        CREATE SCHEMA erp;
        CREATE TABLE erp.kunde (nr int PRIMARY KEY, name varchar(80), waehrung text, angelegt timestamptz);
        CREATE TABLE erp.beleg (nr int PRIMARY KEY, kunde int, betrag numeric, datum timestamptz, faellig date);
        INSERT INTO erp.kunde VALUES (1, 'Ada AG', 'EUR', '2024-01-01');
        INSERT INTO erp.beleg VALUES (1, 1, 10.5, '2024-02-01', '2024-03-01');
        CREATE SCHEMA domain;
        CREATE VIEW domain.customers AS SELECT 'default'::text AS organization_id, nr::text AS customer_id, name, NULL::text AS city, NULL::text AS country,
            NULL::text AS industry, NULL::text AS segment, waehrung AS currency, NULL::numeric AS credit_limit, NULL::int AS payment_terms_days,
            'active'::text AS status, angelegt AS created_at, NULL::timestamptz AS last_contact_at FROM erp.kunde;
        CREATE VIEW domain.invoices AS SELECT 'default'::text AS organization_id, nr::text AS invoice_id, nr::text AS invoice_number, kunde::text AS customer_id,
            NULL::text AS order_id, betrag AS amount, 'EUR'::text AS currency, datum AS created_at, faellig AS due_date, false AS disputed, NULL::timestamptz AS voided_at FROM erp.beleg;
        CREATE VIEW domain.sales_orders AS SELECT NULL::text AS organization_id, NULL::text AS order_id, NULL::text AS order_number, NULL::text AS customer_id, NULL::text AS priority,
            NULL::text AS status, NULL::numeric AS amount, NULL::text AS currency, NULL::timestamptz AS created_at, NULL::date AS requested_date, NULL::timestamptz AS shipped_at,
            NULL::timestamptz AS delivered_at WHERE false;
        """;

    private const string Payments = """
        CREATE VIEW domain.payments AS SELECT NULL::text AS organization_id, NULL::text AS payment_id, NULL::text AS invoice_id, NULL::numeric AS amount,
            NULL::text AS currency, NULL::timestamptz AS paid_at, NULL::text AS method WHERE false;
        """;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Migrate_DomainOfViews_LeavesThemAloneAndCheckPasses()
    {
        await using var database = await TestDatabase.EmptyAsync(servers, Token);
        await database.ExecuteAsync(OwnTables + Payments, Token);

        var migrate = await database.RunAsync(Token, "migrate", "--sample", "true");
        var check = await database.RunAsync(Token, "check");

        Assert.Equal((0, ""), (migrate.ExitCode, migrate.Error));
        Assert.Contains("0 triggers created, sample data unchanged", migrate.Output, StringComparison.Ordinal);
        Assert.Equal((0, ""), (check.ExitCode, check.Error));
        Assert.Contains("Note: domain.invoices is not a table of its own, so idx_invoices_customer_due cannot exist", check.Output, StringComparison.Ordinal);
        Assert.Equal(["v"], await database.RowsAsync("SELECT DISTINCT relkind FROM pg_class WHERE relnamespace = 'domain'::regnamespace", Token));
    }

    [Fact]
    public async Task Migrate_SomeRelationsOnly_SaysWhichAreMissing()
    {
        await using var database = await TestDatabase.EmptyAsync(servers, Token);
        await database.ExecuteAsync(OwnTables, Token);

        var migrate = await database.RunAsync(Token, "migrate");

        Assert.Equal(1, migrate.ExitCode);
        Assert.Contains("but not payments", migrate.Error, StringComparison.Ordinal);
        Assert.Single(migrate.Error.TrimEnd().Split('\n'));
    }

    [Theory]
    [InlineData("faellig AS due_date", "faellig::timestamptz AS due_date", "domain.invoices.due_date is timestamptz; needed is date")]
    [InlineData(", false AS disputed", "", "domain.invoices lacks column disputed")]
    [InlineData("'EUR'::text AS currency", "'euro'::text AS currency", "domain.invoices: 1 rows have a currency that is not three capital letters")]
    [InlineData("'active'::text AS status", "'alive'::text AS status", "domain.customers: 1 rows have a status other than active, on_hold, closed")]
    [InlineData("kunde::text AS customer_id", "NULL::text AS customer_id", "domain.invoices: 1 rows have no customer_id")]
    [InlineData("FROM erp.beleg;", "FROM erp.beleg, generate_series(1, 3);", "domain.invoices: 2 rows repeat another row's organization_id and invoice_id")]
    public async Task Check_ViewBreaksTheContract_SaysHow(string right, string wrong, string expected)
    {
        await using var database = await TestDatabase.EmptyAsync(servers, Token);
        await database.ExecuteAsync(OwnTables.Replace(right, wrong, StringComparison.Ordinal) + Payments, Token);
        await database.RunAsync(Token, "migrate");

        var check = await database.RunAsync(Token, "check");

        Assert.Equal(1, check.ExitCode);
        Assert.Contains(expected, check.Output, StringComparison.Ordinal);
        Assert.Contains("1 problems", check.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Check_EmptyDatabase_ListsSchemaFilesAndChangesNothing()
    {
        await using var database = await TestDatabase.EmptyAsync(servers, Token);

        var check = await database.RunAsync(Token, "check");

        Assert.Equal(1, check.ExitCode);
        Assert.Contains("Schema file 0001_domain.sql is not applied", check.Output, StringComparison.Ordinal);
        Assert.Contains("domain.customers does not exist", check.Output, StringComparison.Ordinal);
        Assert.Equal(0L, await database.ScalarAsync<long>("SELECT count(*) FROM pg_namespace WHERE nspname IN ('app', 'domain')", Token));
    }

    [Fact]
    public async Task Import_DomainOfViews_IsRefused()
    {
        await using var database = await TestDatabase.EmptyAsync(servers, Token);
        await database.ExecuteAsync(OwnTables + Payments, Token);
        await database.RunAsync(Token, "migrate");
        using var folder = new TemporaryFolder();
        var map = Path.Combine(TestData.RepositoryRoot, "config", "imports", "ibm-invoices.yaml");

        var outcome = await database.RunAsync(Token, "import", "--map", map, "--file", folder.Write("a.csv", "x\n1\n"));

        Assert.Equal(1, outcome.ExitCode);
        Assert.Contains("views", outcome.Error, StringComparison.Ordinal);
    }
}
