using Npgsql;
using Platform.Migrations.Commands;
using Platform.Testing;

[assembly: Xunit.AssemblyFixture(typeof(PlatformServers))]

namespace Platform.Migrations.Tests;

/// <summary>What a command printed, and its exit code.</summary>
internal sealed record CommandOutcome(int ExitCode, string Output, string Error);

/// <summary>An empty database of one test, and the commands run on it.</summary>
internal sealed class TestDatabase : IAsyncDisposable
{
    private TestDatabase(string connectionString)
    {
        ConnectionString = connectionString;
        DataSource = NpgsqlDataSource.Create(connectionString);
    }

    public string ConnectionString { get; }

    public NpgsqlDataSource DataSource { get; }

    public static async Task<TestDatabase> EmptyAsync(PlatformServers servers, CancellationToken cancellationToken) =>
        new(await servers.CreateDatabaseAsync("migrations", cancellationToken));

    /// <summary>With schema, indexes and triggers, without rows.</summary>
    public static async Task<TestDatabase> MigratedAsync(PlatformServers servers, CancellationToken cancellationToken)
    {
        var database = await EmptyAsync(servers, cancellationToken);
        var outcome = await database.RunAsync(cancellationToken, "migrate", "--sample", "false");
        return outcome.ExitCode == MigrationsCli.Done ? database : throw new InvalidOperationException(outcome.Error);
    }

    public async Task<CommandOutcome> RunAsync(CancellationToken cancellationToken, params string[] arguments) =>
        await RunWithoutDatabaseAsync(cancellationToken, [.. arguments, "--connection", ConnectionString]);

    public static async Task<CommandOutcome> RunWithoutDatabaseAsync(CancellationToken cancellationToken, params string[] arguments)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        var exitCode = await MigrationsCli.RunAsync(arguments, output, error, cancellationToken);
        return new CommandOutcome(exitCode, output.ToString(), error.ToString());
    }

    public async Task ExecuteAsync(string sql, CancellationToken cancellationToken)
    {
        await using var command = DataSource.CreateCommand(sql);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <summary>The one value of a query.</summary>
    public async Task<T> ScalarAsync<T>(string sql, CancellationToken cancellationToken)
    {
        await using var command = DataSource.CreateCommand(sql);
        return (T)(await command.ExecuteScalarAsync(cancellationToken))!;
    }

    /// <summary>The rows of a query, each as its texts with a bar between them.</summary>
    public async Task<IReadOnlyList<string>> RowsAsync(string sql, CancellationToken cancellationToken)
    {
        await using var command = DataSource.CreateCommand(sql);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var rows = new List<string>();
        while (await reader.ReadAsync(cancellationToken))
        {
            var values = new object[reader.FieldCount];
            reader.GetValues(values);
            rows.Add(string.Join('|', values.Select(value => Convert.ToString(value, System.Globalization.CultureInfo.InvariantCulture))));
        }

        return rows;
    }

    // Dropped at once rather than with the fixture: there is one for nearly every test.
    public async ValueTask DisposeAsync()
    {
        await DataSource.DisposeAsync();
        var settings = new NpgsqlConnectionStringBuilder(ConnectionString);
        var name = settings.Database;
        settings.Database = "postgres";
        settings.Pooling = false;
        await using var server = NpgsqlDataSource.Create(settings.ConnectionString);
        await using var command = server.CreateCommand($"DROP DATABASE IF EXISTS \"{name}\" WITH (FORCE)");
        await command.ExecuteNonQueryAsync(CancellationToken.None);
    }
}
