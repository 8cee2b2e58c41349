using System.Globalization;
using System.Net.Http.Json;
using System.Text.Json;
using Platform.Testing;
using Xunit;

namespace Platform.EndToEndTests;

/// <summary>Real invoices, imported as a user does it; every figure of every customer through the gateway.</summary>
public sealed class ImportTests(RunningPlatform platform)
{
    private const string Organization = "ibm";

    [Fact]
    public async Task Import_IbmInvoices_FactsEqualTheExpectedOnesAtBothDays()
    {
        string invoices = TestData.Find("receivables/ibm_invoices_public.csv");
        using JsonDocument expected = JsonDocument.Parse(await File.ReadAllTextAsync(
            TestData.Find("receivables/expected_facts_public.json"), TestContext.Current.CancellationToken));

        await MigrationsCommand.RunAsync(
            platform, "import", "--map", Path.Combine(TestData.RepositoryRoot, "config/imports/ibm-invoices.yaml"),
            "--file", invoices, "--organization", Organization);

        using HttpClient http = platform.CreateClient(organization: Organization);
        int customers = 0;
        foreach (JsonElement day in expected.RootElement.EnumerateArray())
        {
            string asOf = day.GetProperty("as_of").GetString()!;
            Dictionary<string, JsonElement> portfolio = await FactsAsync(http, $"/api/portfolio/facts?asOf={asOf}");
            Assert.Equal(day.GetProperty("open").GetInt64(), Number(portfolio, "open_invoices"));
            Assert.Equal(day.GetProperty("overdue").GetInt64(), Number(portfolio, "overdue_invoices"));
            Assert.Equal(day.GetProperty("paid").GetInt64(), Number(portfolio, "paid_invoices"));
            Assert.Equal(day.GetProperty("open_amount").GetDecimal(), Money(portfolio, "open_balance"));
            Assert.Equal(day.GetProperty("overdue_amount").GetDecimal(), Money(portfolio, "overdue_amount"));
            foreach (JsonProperty bucket in day.GetProperty("aging").EnumerateObject())
            {
                JsonElement part = portfolio["ageing"].GetProperty("parts").EnumerateArray().Single(p => p.GetProperty("name").GetString() == bucket.Name);
                Assert.Equal(bucket.Value[0].GetInt64(), part.GetProperty("count").GetInt64());
                Assert.Equal(
                    bucket.Value[1].GetDecimal(),
                    decimal.Parse(part.GetProperty("value").GetProperty("money").GetProperty("amount").GetString()!, CultureInfo.InvariantCulture));
            }

            foreach (JsonProperty customer in day.GetProperty("per_customer").EnumerateObject())
            {
                Dictionary<string, JsonElement> facts = await FactsAsync(http, $"/api/customers/{customer.Name}/facts?asOf={asOf}");
                Assert.Equal(customer.Value.GetProperty("paid_invoices").GetInt64(), Number(facts, "paid_invoices"));
                Assert.Equal(customer.Value.GetProperty("late_rate").GetDouble(), Math.Round(Number(facts, "late_rate"), 4), 1e-9);
                Assert.Equal(customer.Value.GetProperty("avg_days_late_all").GetDouble(), Math.Round(Number(facts, "average_days_late"), 3), 1e-9);
                Assert.Equal(customer.Value.GetProperty("avg_days_to_settle").GetDouble(), Math.Round(Number(facts, "average_days_to_settle"), 3), 1e-9);
                customers++;
            }
        }

        Assert.True(customers >= 50, $"{customers} customers were compared.");
    }

    private static async Task<Dictionary<string, JsonElement>> FactsAsync(HttpClient http, string path)
    {
        JsonElement view = await http.GetFromJsonAsync<JsonElement>(path, TestContext.Current.CancellationToken);
        return view.GetProperty("facts").EnumerateArray().ToDictionary(f => f.GetProperty("kind").GetString()!);
    }

    private static double Number(Dictionary<string, JsonElement> facts, string kind) =>
        facts[kind].GetProperty("value").GetProperty("number").GetDouble();

    private static decimal Money(Dictionary<string, JsonElement> facts, string kind) =>
        decimal.Parse(facts[kind].GetProperty("value").GetProperty("money").GetProperty("amount").GetString()!, CultureInfo.InvariantCulture);
}
