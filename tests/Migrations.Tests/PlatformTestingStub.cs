// Stand-in until tests/Platform.Testing lands; same names and shapes.
using Npgsql;
using Xunit;

namespace Platform.Testing;

public sealed class PlatformServers : IAsyncLifetime
{
    private readonly System.Collections.Concurrent.ConcurrentBag<string> _databases = [];

    public string PostgresConnectionString { get; } =
        Environment.GetEnvironmentVariable("PLATFORM_TEST_POSTGRES") ?? "Host=127.0.0.1;Port=15432;Username=postgres";

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async Task<string> CreateDatabaseAsync(string namePrefix, CancellationToken cancellationToken)
    {
        var name = $"{namePrefix}_{Guid.NewGuid().ToString("n")[..12]}";
        await ExecuteAsync($"CREATE DATABASE \"{name}\"", cancellationToken);
        _databases.Add(name);
        return new NpgsqlConnectionStringBuilder(PostgresConnectionString) { Database = name }.ConnectionString;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var database in _databases)
        {
            await ExecuteAsync($"DROP DATABASE IF EXISTS \"{database}\" WITH (FORCE)", CancellationToken.None);
        }
    }

    private async Task ExecuteAsync(string statement, CancellationToken cancellationToken)
    {
        await using var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(PostgresConnectionString) { Pooling = false, Database = "postgres" }.ConnectionString);
        await connection.OpenAsync(cancellationToken);
        await using var command = new NpgsqlCommand(statement, connection);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }
}

public static class TestData
{
    public static string RepositoryRoot { get; } = FindRepositoryRoot();

    public static string Find(string relativePath)
    {
        var path = Path.Combine(Environment.GetEnvironmentVariable("PLATFORM_TEST_DATA") ?? Path.Combine(RepositoryRoot, "..", "shared", "data"), relativePath);
        Assert.SkipUnless(File.Exists(path), $"Shared data '{relativePath}' is absent.");
        return path;
    }

    private static string FindRepositoryRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder!.FullName, "Platform.sln")))
        {
            folder = folder.Parent;
        }

        return folder.FullName;
    }
}
