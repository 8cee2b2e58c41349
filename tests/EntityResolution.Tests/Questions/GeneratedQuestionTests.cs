using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Platform.EntityResolution.Registry;
using Platform.EntityResolution.Resolution;
using Platform.EntityResolution.Tests.Resolution;
using Platform.Testing;

namespace Platform.EntityResolution.Tests.Questions;

/// <summary>A thousand and more questions over two registries: what share of mentions is found, and how many are made up.</summary>
public sealed class GeneratedQuestionTests(PlatformServers servers, ITestOutputHelper output)
{
    private const double LeastRecall = 0.98;
    private const double MostFalse = 0.005;
    private const int Seed = 4711;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Resolve_GeneratedQuestionsOverInventedNames_FindsNearlyAllAndMakesUpNearlyNone() =>
        Check(await AskAsync(GeneratedRegistry.Companies(), 1_300));

    [Fact]
    public async Task Resolve_GeneratedQuestionsOverSecRegistrants_FindsNearlyAllAndMakesUpNearlyNone() =>
        Check(await AskAsync(SecRegistrants.Read(), 1_300));

    private void Check(QuestionReport report)
    {
        output.WriteLine(report.ToString());
        foreach (var failure in report.Failures)
        {
            output.WriteLine(failure);
        }

        Assert.True(report.Recall >= LeastRecall, $"Recall {report.Recall:P2}, at least {LeastRecall:P0} is asked for.\n{report}");
        Assert.True(report.FalseMentions <= MostFalse, $"{report.FalseMentions:P2} of the questions got a mention that nobody made, at most {MostFalse:P1} is allowed.\n{report}");
    }

    private async Task<QuestionReport> AskAsync(IReadOnlyList<Company> companies, int count)
    {
        var connectionString = await servers.CreateDatabaseAsync("entity_questions", Token);
        await using var services = RegistryFixture.Build(connectionString);
        await Schema.CreateEmptyAsync(connectionString, Token);
        var documents = await LoadAsync(connectionString, companies);
        await services.GetRequiredService<RegistryCache>().WarmAsync("default", Token);
        var resolver = services.GetRequiredService<EntityResolver>();
        var report = new QuestionReport();
        foreach (var question in new QuestionGenerator(companies, documents, Seed).Generate(count))
        {
            report.Add(question, await resolver.ResolveAsync("default", question.Text, [], 10, Token));
        }

        return report;
    }

    private static async Task<List<(string Number, string Id, bool IsInvoice)>> LoadAsync(string connectionString, IReadOnlyList<Company> companies)
    {
        await using var connection = new NpgsqlConnection(connectionString);
        await connection.OpenAsync(Token);
        await using (var command = new NpgsqlCommand("""
            INSERT INTO domain.customers (organization_id, customer_id, name, city, currency, created_at)
            SELECT 'default', id, name, 'Lyon', 'EUR', '2025-01-01Z' FROM unnest($1, $2) AS c (id, name)
            """, connection))
        {
            command.Parameters.Add(new() { Value = companies.Select(c => c.Id).ToArray() });
            command.Parameters.Add(new() { Value = companies.Select(c => c.Name).ToArray() });
            await command.ExecuteNonQueryAsync(Token);
        }

        var documents = new List<(string, string, bool)>();
        for (var i = 0; i < 200; i++)
        {
            var invoice = i % 2 == 0;
            var number = invoice ? $"INV-{20_000 + (i * 37)}" : $"SO-{100_200 + (i * 53)}";
            documents.Add((number, $"D-{i}", invoice));
            await using var command = new NpgsqlCommand(invoice
                ? "INSERT INTO domain.invoices (organization_id, invoice_id, invoice_number, customer_id, amount, currency, created_at, due_date) VALUES ('default', $1, $2, $3, 10, 'EUR', '2026-01-01Z', '2026-02-01')"
                : "INSERT INTO domain.sales_orders (organization_id, order_id, order_number, customer_id, priority, status, amount, currency, created_at) VALUES ('default', $1, $2, $3, 'normal', 'open', 10, 'EUR', '2026-01-01Z')", connection);
            command.Parameters.Add(new() { Value = $"D-{i}" });
            command.Parameters.Add(new() { Value = number });
            command.Parameters.Add(new() { Value = companies[i % companies.Count].Id });
            await command.ExecuteNonQueryAsync(Token);
        }

        return documents;
    }
}
