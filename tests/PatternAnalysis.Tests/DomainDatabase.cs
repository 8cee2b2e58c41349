using Npgsql;

namespace Platform.PatternAnalysis.Tests;

/// <summary>A database of its own with the schemas domain and app, dropped at the end.</summary>
public sealed class DomainDatabase : IAsyncLifetime
{
    public string Name { get; } = $"patterns_pa_{Guid.NewGuid():N}";
    private NpgsqlDataSource? server;

    public NpgsqlDataSource Source { get; private set; } = null!;

    public static string Server => Environment.GetEnvironmentVariable("PLATFORM_TEST_POSTGRES") ?? "Host=127.0.0.1;Port=15432;Username=postgres";

    public async ValueTask InitializeAsync()
    {
        server = NpgsqlDataSource.Create(new NpgsqlConnectionStringBuilder(Server) { Database = "postgres", Pooling = false }.ConnectionString);
        await using (var create = server.CreateCommand($"CREATE DATABASE {Name}"))
        {
            await create.ExecuteNonQueryAsync();
        }

        Source = NpgsqlDataSource.Create(new NpgsqlConnectionStringBuilder(Server) { Database = Name, MaxPoolSize = 10 }.ConnectionString);
        foreach (var file in (string[])["0001_domain.sql", "0002_app.sql"])
        {
            await ExecuteAsync(await File.ReadAllTextAsync(Path.Combine(Repository.Root, "services", "Migrations", "Schema", file)));
        }
    }

    public async Task ExecuteAsync(string sql)
    {
        await using var command = Source.CreateCommand(sql);
        await command.ExecuteNonQueryAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await Source.DisposeAsync();
        await using var drop = server!.CreateCommand($"DROP DATABASE IF EXISTS {Name} WITH (FORCE)");
        await drop.ExecuteNonQueryAsync();
        await server.DisposeAsync();
    }
}
