using Npgsql;
using Xunit;

namespace Platform.Testing;

/// <summary>A database of its own with the schemas domain and app, for the tests of one class.</summary>
public sealed class DomainDatabase(PlatformServers servers) : IAsyncLifetime
{
    public NpgsqlDataSource Source { get; private set; } = null!;

    public string ConnectionString { get; private set; } = "";

    public async ValueTask InitializeAsync()
    {
        ConnectionString = await servers.CreateDatabaseAsync("domain", TestContext.Current.CancellationToken);
        Source = NpgsqlDataSource.Create(new NpgsqlConnectionStringBuilder(ConnectionString) { MaxPoolSize = 20 }.ConnectionString);
        await PlatformSchema.CreateAsync(Source, TestContext.Current.CancellationToken);
    }

    public async Task ExecuteAsync(string sql)
    {
        await using var command = Source.CreateCommand(sql);
        await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
    }

    public ValueTask DisposeAsync() => Source.DisposeAsync();
}
