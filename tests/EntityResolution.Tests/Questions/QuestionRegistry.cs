using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Platform.EntityResolution.Registry;
using Platform.EntityResolution.Resolution;
using Platform.EntityResolution.Tests.Resolution;
using Platform.Testing;

namespace Platform.EntityResolution.Tests.Questions;

/// <summary>A database with the companies and some documents of theirs, the names in memory, and what resolves questions over them.</summary>
internal sealed class QuestionRegistry : IAsyncDisposable
{
    private readonly ServiceProvider _services;
    private readonly List<(string Number, string Id, bool IsInvoice)> _documents;

    private QuestionRegistry(ServiceProvider services, List<(string Number, string Id, bool IsInvoice)> documents) => (_services, _documents) = (services, documents);

    /// <summary>The settings in force; changes count at once.</summary>
    public ResolutionOptions Settings => _services.GetRequiredService<Microsoft.Extensions.Options.IOptionsMonitor<ResolutionOptions>>().CurrentValue;

    public static async Task<QuestionRegistry> CreateAsync(PlatformServers servers, IReadOnlyList<Company> companies, CancellationToken cancellationToken)
    {
        var connectionString = await servers.CreateDatabaseAsync("entity_questions", cancellationToken);
        var services = RegistryFixture.Build(connectionString);
        await Schema.CreateEmptyAsync(connectionString, cancellationToken);
        var documents = await LoadAsync(connectionString, companies, cancellationToken);
        await services.GetRequiredService<RegistryCache>().WarmAsync("default", cancellationToken);
        return new QuestionRegistry(services, documents);
    }

    /// <summary>Asks generated questions about some of the companies.</summary>
    public async Task<QuestionReport> AskAsync(IReadOnlyList<Company> companies, int count, int seed, CancellationToken cancellationToken)
    {
        var resolver = _services.GetRequiredService<EntityResolver>();
        var report = new QuestionReport();
        foreach (var question in new QuestionGenerator(companies, _documents, seed).Generate(count))
        {
            report.Add(question, await resolver.ResolveAsync("default", question.Text, [], 10, cancellationToken));
        }

        return report;
    }

    public ValueTask DisposeAsync() => _services.DisposeAsync();

    private static async Task<List<(string Number, string Id, bool IsInvoice)>> LoadAsync(
        string connectionString, IReadOnlyList<Company> companies, CancellationToken cancellationToken)
    {
        await using var connection = new NpgsqlConnection(connectionString);
        await connection.OpenAsync(cancellationToken);
        await using (var command = new NpgsqlCommand("""
            INSERT INTO domain.customers (organization_id, customer_id, name, city, currency, created_at)
            SELECT 'default', id, name, 'Lyon', 'EUR', '2025-01-01Z' FROM unnest($1, $2) AS c (id, name)
            """, connection))
        {
            command.Parameters.Add(new() { Value = companies.Select(c => c.Id).ToArray() });
            command.Parameters.Add(new() { Value = companies.Select(c => c.Name).ToArray() });
            await command.ExecuteNonQueryAsync(cancellationToken);
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
            await command.ExecuteNonQueryAsync(cancellationToken);
        }

        return documents;
    }
}
