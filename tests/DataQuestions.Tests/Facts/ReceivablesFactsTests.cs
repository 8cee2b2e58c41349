using System.Globalization;
using System.Text.Json;
using Npgsql;
using Platform.Testing;
using Platform.DataQuestions.Facts;

namespace Platform.DataQuestions.Tests.Facts;

/// <summary>Real receivables: every expected figure of a public set, to the rounding in which it is stated.</summary>
public sealed class ReceivablesFactsTests(DomainDatabase database) : IClassFixture<DomainDatabase>
{
    [Theory]
    [InlineData("2012-12-31")]
    [InlineData("2013-06-30")]
    public async Task GetAsync_RealReceivables_EveryExpectedFigure(string asOf)
    {
        var invoices = TestData.Find("receivables/ibm_invoices_public.csv");
        using var expectations = JsonDocument.Parse(await File.ReadAllTextAsync(TestData.Find("receivables/expected_facts_public.json"), TestContext.Current.CancellationToken));
        await LoadAsync(invoices);
        var expected = expectations.RootElement.EnumerateArray().Single(item => item.GetProperty("as_of").GetString() == asOf);
        var day = DateOnly.ParseExact(asOf, "yyyy-MM-dd", CultureInfo.InvariantCulture);
        var book = Books.Open(database.Source, TimeProvider.System);

        var portfolio = (await book.GetAsync("default", [], [], day, portfolio: true, TestContext.Current.CancellationToken)).Entities.Single();

        Assert.Equal(expected.GetProperty("issued").GetInt64(), portfolio.Of("issued_invoices").Value.Count);
        Assert.Equal(expected.GetProperty("open").GetInt64(), portfolio.Of("open_invoices").Value.Count);
        Assert.Equal(expected.GetProperty("overdue").GetInt64(), portfolio.Of("overdue_invoices").Value.Count);
        Assert.Equal(expected.GetProperty("paid").GetInt64(), portfolio.Of("paid_invoices").Value.Count);
        Assert.Equal(expected.GetProperty("paid_late").GetInt64(), portfolio.Of("paid_late_invoices").Value.Count);
        Assert.Equal(expected.GetProperty("open_amount").GetDecimal(), portfolio.Of("open_balance").Amount());
        Assert.Equal(expected.GetProperty("overdue_amount").GetDecimal(), portfolio.Of("overdue_amount").Amount());
        var buckets = portfolio.Of("ageing").Parts;
        Assert.Equal(expected.GetProperty("aging").EnumerateObject().Count(), buckets.Count);
        foreach (var bucket in expected.GetProperty("aging").EnumerateObject())
        {
            var part = buckets.Single(part => part.Name == bucket.Name);
            Assert.Equal(bucket.Value[0].GetInt64(), part.Count);
            Assert.Equal(bucket.Value[1].GetDecimal(), decimal.Parse(part.Value.Money.Amount, CultureInfo.InvariantCulture));
        }

        var customers = expected.GetProperty("per_customer").EnumerateObject().ToList();
        var compared = 0;
        foreach (var chunk in customers.Chunk(20))
        {
            var answer = await book.GetAsync("default", [.. chunk.Select(customer => (FactScope.Customer, customer.Name))], [], day, portfolio: false, TestContext.Current.CancellationToken);
            foreach (var (customer, facts) in chunk.Zip(answer.Entities))
            {
                Assert.Equal(customer.Name, facts.Entity.Id);
                Assert.Equal(customer.Value.GetProperty("paid_invoices").GetInt64(), facts.Of("paid_invoices").Value.Count);
                AssertRounded(customer.Value.GetProperty("late_rate"), facts.Of("late_rate").Value.Ratio, 4);
                AssertRounded(customer.Value.GetProperty("avg_days_late_all"), facts.Of("average_days_late").Value.Days, 3);
                AssertRounded(customer.Value.GetProperty("avg_days_to_settle"), facts.Of("average_days_to_settle").Value.Days, 3);
                compared++;
            }
        }

        Assert.Equal(50, compared);
    }

    private static void AssertRounded(JsonElement expected, double actual, int digits) =>
        Assert.InRange(actual - expected.GetDouble(), -0.5 * Math.Pow(10, -digits) - 1e-9, 0.5 * Math.Pow(10, -digits) + 1e-9);

    private async Task LoadAsync(string path)
    {
        await database.ExecuteAsync("TRUNCATE domain.payments, domain.invoices, domain.sales_orders, domain.customers");
        var rows = (await File.ReadAllLinesAsync(path, TestContext.Current.CancellationToken)).Skip(1).Select(line => line.Split(',')).ToList();
        await using var connection = await database.Source.OpenConnectionAsync(TestContext.Current.CancellationToken);
        await CopyAsync(connection, "customers (organization_id, customer_id, name, country, currency, created_at)",
            rows.GroupBy(row => row[1]).Select(group => $"default,{group.Key},{group.Key},{group.First()[2]},USD,2012-01-01T00:00:00Z"));
        await CopyAsync(connection, "invoices (organization_id, invoice_id, invoice_number, customer_id, amount, currency, created_at, due_date, disputed)",
            rows.Select(row => $"default,{row[0]},{row[0]},{row[1]},{row[6]},USD,{row[3]}T00:00:00Z,{row[4]},{row[7]}"));
        await CopyAsync(connection, "payments (organization_id, payment_id, invoice_id, amount, currency, paid_at)",
            rows.Select(row => $"default,P{row[0]},{row[0]},{row[6]},USD,{row[5]}T00:00:00Z"));
    }

    private static async Task CopyAsync(NpgsqlConnection connection, string target, IEnumerable<string> lines)
    {
        await using var writer = await connection.BeginTextImportAsync($"COPY domain.{target} FROM STDIN (FORMAT csv)", TestContext.Current.CancellationToken);
        foreach (var line in lines)
        {
            await writer.WriteLineAsync(line);
        }
    }
}
