using Npgsql;
using Platform.Testing;

[assembly: AssemblyFixture(typeof(PlatformServers))]

namespace Platform.DataQuestions.Tests;

/// <summary>A database of its own with the schemas domain and app.</summary>
public sealed class DomainDatabase(PlatformServers servers) : IAsyncLifetime
{
    public NpgsqlDataSource Source { get; private set; } = null!;

    public string ConnectionString { get; private set; } = "";

    public async ValueTask InitializeAsync()
    {
        ConnectionString = await servers.CreateDatabaseAsync("patterns", TestContext.Current.CancellationToken);
        Source = NpgsqlDataSource.Create(new NpgsqlConnectionStringBuilder(ConnectionString) { MaxPoolSize = 20 }.ConnectionString);
        await CreateSchemaAsync(Source);
    }

    public static async Task CreateSchemaAsync(NpgsqlDataSource database)
    {
        foreach (var file in (string[])["0001_domain.sql", "0002_app.sql"])
        {
            await using var command = database.CreateCommand(await File.ReadAllTextAsync(Path.Combine(TestData.RepositoryRoot, "services", "Migrations", "Schema", file)));
            await command.ExecuteNonQueryAsync();
        }
    }

    public async Task ExecuteAsync(string sql)
    {
        await using var command = Source.CreateCommand(sql);
        await command.ExecuteNonQueryAsync();
    }

    public ValueTask DisposeAsync() => Source.DisposeAsync();
}
