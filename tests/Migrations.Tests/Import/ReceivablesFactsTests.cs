using System.Globalization;
using System.Text.Json;
using Npgsql;
using Platform.Testing;
using Xunit;

namespace Platform.Migrations.Tests.Import;

/// <summary>Real invoices, imported with the shipped map, give the figures that others computed from the same file.</summary>
public sealed class ReceivablesFactsTests(PlatformServers servers)
{
    private const string Settlements = """
        WITH settlement AS (
            SELECT i.customer_id, i.amount, (i.created_at AT TIME ZONE 'UTC')::date AS issued, i.due_date AS due,
                   (SELECT max((p.paid_at AT TIME ZONE 'UTC')::date) FROM domain.payments p WHERE p.organization_id = i.organization_id AND p.invoice_id = i.invoice_id) AS settled
              FROM domain.invoices i
             WHERE (i.created_at AT TIME ZONE 'UTC')::date <= $1),
        known AS (SELECT customer_id, amount, issued, due, CASE WHEN settled <= $1 THEN settled END AS settled FROM settlement)
        """;

    private const string Portfolio = Settlements + """

        SELECT count(*), count(*) FILTER (WHERE settled IS NULL), coalesce(sum(amount) FILTER (WHERE settled IS NULL), 0),
               count(*) FILTER (WHERE settled IS NULL AND due < $1), coalesce(sum(amount) FILTER (WHERE settled IS NULL AND due < $1), 0),
               count(settled), count(*) FILTER (WHERE settled > due)
          FROM known
        """;

    private const string Ageing = Settlements + """

        SELECT b.name, count(k.amount), coalesce(sum(k.amount), 0)
          FROM (VALUES ('not_due', NULL, 0), ('1-30', 1, 30), ('31-60', 31, 60), ('61-90', 61, 90), ('90+', 91, NULL)) AS b(name, low, high)
          LEFT JOIN known k ON k.settled IS NULL AND ($1 - k.due >= b.low OR b.low IS NULL) AND ($1 - k.due <= b.high OR b.high IS NULL)
         GROUP BY b.name
        """;

    private const string Customers = Settlements + """

        SELECT customer_id, count(*), avg((settled > due)::int) AS late_rate, avg(greatest(settled - due, 0)), avg(settled - issued)
          FROM known WHERE settled IS NOT NULL GROUP BY customer_id
        """;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Import_IbmInvoices_GivesTheExpectedFactsAtBothDays()
    {
        var csv = TestData.Find("receivables/ibm_invoices_public.csv");
        using var expected = JsonDocument.Parse(await File.ReadAllTextAsync(TestData.Find("receivables/expected_facts_public.json"), Token));
        await using var database = await TestDatabase.MigratedAsync(servers, Token);
        var map = Path.Combine(TestData.RepositoryRoot, "config", "imports", "ibm-invoices.yaml");

        var outcome = await database.RunAsync(Token, "import", "--map", map, "--file", csv);

        Assert.Equal((0, ""), (outcome.ExitCode, outcome.Error));
        Assert.Equal(2, expected.RootElement.GetArrayLength());
        foreach (var facts in expected.RootElement.EnumerateArray())
        {
            var day = DateOnly.ParseExact(facts.GetProperty("as_of").GetString()!, "yyyy-MM-dd", CultureInfo.InvariantCulture);
            Assert.Equal(
                [string.Join('|', new[] { "issued", "open", "open_amount", "overdue", "overdue_amount", "paid", "paid_late" }.Select(name => Number(facts.GetProperty(name))))],
                await RowsAsync(database, Portfolio, day));
            Assert.Equal(
                facts.GetProperty("aging").EnumerateObject().Select(bucket => $"{bucket.Name}|{Number(bucket.Value[0])}|{Number(bucket.Value[1])}").Order(StringComparer.Ordinal),
                (await RowsAsync(database, Ageing, day)).Order(StringComparer.Ordinal));
            Assert.Equal(
                facts.GetProperty("per_customer").EnumerateObject()
                    .Select(customer => string.Join('|', new[] { "paid_invoices", "late_rate", "avg_days_late_all", "avg_days_to_settle" }.Select(name => Number(customer.Value.GetProperty(name))).Prepend(customer.Name)))
                    .Order(StringComparer.Ordinal),
                (await RowsAsync(database, Customers, day)).Order(StringComparer.Ordinal));
        }
    }

    [Fact]
    public async Task Import_ScmsShipments_LoadsEveryLine()
    {
        var csv = TestData.Find("receivables/scms_public.csv");
        await using var database = await TestDatabase.MigratedAsync(servers, Token);
        var map = Path.Combine(TestData.RepositoryRoot, "config", "imports", "scms-orders.yaml");

        var outcome = await database.RunAsync(Token, "import", "--map", map, "--file", csv);

        Assert.Equal((0, ""), (outcome.ExitCode, outcome.Error));
        Assert.Equal(5133L, await database.ScalarAsync<long>("SELECT count(*) FROM domain.sales_orders", Token));
        Assert.Equal(["high", "low", "normal", "rush"], await database.RowsAsync("SELECT DISTINCT priority FROM domain.sales_orders ORDER BY 1", Token));
    }

    // The expected averages are rounded half to even, which PostgreSQL's round() is not.
    private static async Task<IReadOnlyList<string>> RowsAsync(TestDatabase database, string sql, DateOnly day)
    {
        await using var command = database.DataSource.CreateCommand(sql);
        command.Parameters.Add(new NpgsqlParameter<DateOnly> { TypedValue = day });
        await using var reader = await command.ExecuteReaderAsync(Token);
        var rows = new List<string>();
        while (await reader.ReadAsync(Token))
        {
            rows.Add(string.Join('|', Enumerable.Range(0, reader.FieldCount).Select(i => reader.GetValue(i) is decimal number ? Plain(decimal.Round(number, reader.GetName(i) == "late_rate" ? 4 : 3)) : Convert.ToString(reader.GetValue(i), CultureInfo.InvariantCulture))));
        }

        return rows;
    }

    private static string Number(JsonElement value) => Plain(value.GetDecimal());

    private static string Plain(decimal value) => value.ToString("0.#####", CultureInfo.InvariantCulture);
}
