using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Platform.EntityResolution.Aliases;
using Platform.EntityResolution.Choices;
using Platform.EntityResolution.Registry;
using Platform.EntityResolution.Resolution;
using Platform.EntityResolution.Suggestions;
using Platform.Testing;

namespace Platform.EntityResolution.Tests.Resolution;

/// <summary>A database with a small registry of two organizations, and the service's parts over it.</summary>
public sealed class RegistryFixture(PlatformServers servers) : IAsyncLifetime
{
    public string ConnectionString { get; private set; } = "";

    public ServiceProvider Services { get; private set; } = null!;

    public PlatformServers Servers { get; } = servers;

    internal EntityResolver Resolver => Services.GetRequiredService<EntityResolver>();

    internal RegistryCache Cache => Services.GetRequiredService<RegistryCache>();

    public async ValueTask InitializeAsync()
    {
        ConnectionString = await Servers.CreateDatabaseAsync("entity_resolution", CancellationToken.None);
        await Schema.CreateAsync(ConnectionString, CancellationToken.None);
        Services = Build(ConnectionString);
    }

    public async ValueTask DisposeAsync() => await Services.DisposeAsync();

    internal static ServiceProvider Build(string connectionString)
    {
        var services = new ServiceCollection();
        services.AddLogging();
        services.AddMetrics();
        // Tests of a database that is away fail at once; the others must not depend on how busy the machine is.
        services.AddOptions<ResolutionOptions>().Configure(resolution => resolution.DatabaseTimeout = TimeSpan.FromSeconds(20));
        services.AddSingleton(TimeProvider.System);
        services.AddSingleton(_ => NpgsqlDataSource.Create(connectionString));
        services.AddSingleton<EntityResolutionMetrics>().AddSingleton<RegistryStore>().AddSingleton<NamesReader>().AddSingleton<RegistryCache>().AddSingleton<EntityResolver>();
        services.AddSingleton<AliasStore>().AddSingleton<Aliasing>().AddSingleton<AliasUse>().AddSingleton<Choosing>().AddSingleton<Suggesting>();
        return services.BuildServiceProvider();
    }
}

internal static class Schema
{
    private const string Trigrams = """
        CREATE EXTENSION IF NOT EXISTS pg_trgm;
        CREATE INDEX idx_customers_name_trgm ON domain.customers USING gin (name gin_trgm_ops);
        """;

    private const string Rows = """
        INSERT INTO domain.customers (organization_id, customer_id, name, city, country, currency, created_at) VALUES
            ('default', 'C-1', 'Delta Industries', 'Columbus', 'United States', 'USD', '2025-01-01Z'),
            ('default', 'C-2', 'Delta Logistics GmbH', 'Hamburg', 'Germany', 'EUR', '2025-01-01Z'),
            ('default', 'C-3', 'Target Corporation', 'Minneapolis', 'United States', 'USD', '2025-01-01Z'),
            ('default', 'C-4', 'Global Logistics', 'Lyon', 'France', 'EUR', '2025-01-01Z'),
            ('default', 'C-5', 'Müller & Söhne GmbH', 'Köln', 'Germany', 'EUR', '2025-01-01Z'),
            ('default', 'C-6', 'International Business Machines', 'Armonk', 'United States', 'USD', '2025-01-01Z'),
            ('default', 'C-7', 'McDonald''s', 'Chicago', 'United States', 'USD', '2025-01-01Z'),
            ('default', 'C-8', 'Blue Ocean Foods', 'Oslo', 'Norway', 'NOK', '2025-01-01Z'),
            ('default', 'C-9', 'Blue Ocean Freight', 'Bergen', 'Norway', 'NOK', '2025-01-01Z'),
            ('default', 'C-10', 'Twin Peaks', 'Graz', 'Austria', 'EUR', '2025-01-01Z'),
            ('default', 'C-11', 'Twin Peaks', 'Linz', 'Austria', 'EUR', '2025-01-01Z'),
            ('default', '0625-TNJFG', '0625-TNJFG', NULL, NULL, 'USD', '2025-01-01Z'),
            ('default', 'C-13', 'Kestrel', 'Norwich', 'United Kingdom', 'GBP', '2025-01-01Z'),
            ('default', 'C-14', 'Kestrel Print Works Ltd', 'Norwich', 'United Kingdom', 'GBP', '2025-01-01Z'),
            ('default', 'C-15', 'Johnson & Johnson', 'New Brunswick', 'United States', 'USD', '2025-01-01Z'),
            ('other', 'C-1', 'Omega Secret Holdings', 'Riga', 'Latvia', 'EUR', '2025-01-01Z');
        INSERT INTO domain.sales_orders (organization_id, order_id, order_number, customer_id, priority, status, amount, currency, created_at) VALUES
            ('default', 'o1', 'SO-001200', 'C-1', 'rush', 'open', 50, 'USD', '2026-03-04Z'),
            ('default', 'o2', '777001', 'C-2', 'normal', 'open', 50, 'EUR', '2026-02-01Z');
        INSERT INTO domain.invoices (organization_id, invoice_id, invoice_number, customer_id, amount, currency, created_at, due_date) VALUES
            ('default', 'i1', 'INV-000123', 'C-1', 100, 'USD', '2026-03-01Z', '2026-03-31'),
            ('default', 'i2', '777001', 'C-1', 30, 'USD', '2026-03-01Z', '2026-03-31'),
            ('other', 'i1', 'INV-000999', 'C-1', 100, 'EUR', '2026-03-01Z', '2026-03-31');
        INSERT INTO domain.payments (organization_id, payment_id, invoice_id, amount, currency, paid_at) VALUES
            ('default', 'p1', 'i1', 40, 'USD', '2026-03-20Z');
        INSERT INTO app.entity_aliases (organization_id, alias, alias_key, entity_type, entity_id, origin, created_by) VALUES
            ('default', 'Big D', 'big d', 'customer', 'C-1', 'manual', 'anna'),
            ('other', 'Golden Goose', 'golden goose', 'customer', 'C-1', 'manual', 'anna');
        """;

    public static async Task CreateAsync(string connectionString, CancellationToken cancellationToken)
    {
        await CreateEmptyAsync(connectionString, cancellationToken);
        await ExecuteAsync(connectionString, Rows, cancellationToken);
    }

    public static async Task CreateEmptyAsync(string connectionString, CancellationToken cancellationToken)
    {
        await using var database = NpgsqlDataSource.Create(connectionString);
        await PlatformSchema.CreateAsync(database, cancellationToken);
        await ExecuteAsync(connectionString, Trigrams, cancellationToken);
    }

    /// <summary>The triggers on customers, as Migrations makes them.</summary>
    public static async Task AddChangeTriggersAsync(string connectionString, CancellationToken cancellationToken)
    {
        var functions = Path.Combine(TestData.RepositoryRoot, "services", "Migrations", "ChangeEvents", "change_events.sql");
        await ExecuteAsync(connectionString, await File.ReadAllTextAsync(functions, cancellationToken), cancellationToken);
        await ExecuteAsync(connectionString, """
            CREATE TRIGGER changed_insert AFTER INSERT ON domain.customers REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION app.on_domain_change();
            CREATE TRIGGER changed_update AFTER UPDATE ON domain.customers REFERENCING OLD TABLE AS before NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION app.on_domain_change();
            CREATE TRIGGER changed_delete AFTER DELETE ON domain.customers REFERENCING OLD TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION app.on_domain_change();
            CREATE TRIGGER changed_truncate AFTER TRUNCATE ON domain.customers FOR EACH STATEMENT EXECUTE FUNCTION app.on_domain_truncate();
            """, cancellationToken);
    }

    public static async Task ExecuteAsync(string connectionString, string statement, CancellationToken cancellationToken)
    {
        await using var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(connectionString) { Pooling = false }.ConnectionString);
        await connection.OpenAsync(cancellationToken);
        await using var command = new NpgsqlCommand(statement, connection);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }
}
