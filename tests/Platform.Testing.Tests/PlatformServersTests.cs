using System.Net.Sockets;
using System.Text;
using Npgsql;
using Xunit;

[assembly: AssemblyFixture(typeof(Platform.Testing.PlatformServers))]

namespace Platform.Testing.Tests;

public sealed class PlatformServersTests(PlatformServers servers)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task CreateDatabase_Twice_GivesTwoEmptyDatabases()
    {
        var first = await servers.CreateDatabaseAsync("testing", Cancellation);
        var second = await servers.CreateDatabaseAsync("testing", Cancellation);

        await ExecuteAsync(first, "CREATE TABLE only_here (id int)");

        Assert.NotEqual(first, second);
        Assert.Equal(1L, await ScalarAsync(first, "SELECT count(*) FROM pg_tables WHERE tablename = 'only_here'"));
        Assert.Equal(0L, await ScalarAsync(second, "SELECT count(*) FROM pg_tables WHERE tablename = 'only_here'"));
    }

    [Theory]
    [InlineData("")]
    [InlineData("Upper")]
    [InlineData("a\"; drop")]
    public async Task CreateDatabase_BadPrefix_Refuses(string prefix) =>
        await Assert.ThrowsAnyAsync<ArgumentException>(() => servers.CreateDatabaseAsync(prefix, Cancellation));

    [Fact]
    public void PostgresConnectionString_BeforeStart_SaysWhatToDo()
    {
        var exception = Assert.Throws<InvalidOperationException>(() => new PlatformServers().PostgresConnectionString);

        Assert.Contains("assembly fixture", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task RedisConnectionString_Started_NamesAServerThatAnswers() =>
        Assert.StartsWith("+", await AskRedisAsync(servers.RedisConnectionString), StringComparison.Ordinal);

    [Fact]
    public async Task OwnRedis_StoppedAndStarted_IsGoneAndBackOnTheSameAddress()
    {
        await using var redis = await PlatformServers.StartOwnRedisAsync(Cancellation);
        Assert.StartsWith("+", await AskRedisAsync(redis.ConnectionString), StringComparison.Ordinal);

        await redis.StopAsync(Cancellation);
        await Assert.ThrowsAnyAsync<SocketException>(() => AskRedisAsync(redis.ConnectionString));

        await redis.StartAsync(Cancellation);
        Assert.StartsWith("+", await AskRedisAsync(redis.ConnectionString), StringComparison.Ordinal);
    }

    [Fact]
    public async Task OwnPostgres_StoppedAndStarted_KeepsItsRows()
    {
        await using var postgres = await PlatformServers.StartOwnPostgresAsync(Cancellation);
        var connectionString = new NpgsqlConnectionStringBuilder(postgres.ConnectionString) { Database = "postgres", Pooling = false }.ConnectionString;
        await ExecuteAsync(connectionString, "CREATE TABLE kept (id int); INSERT INTO kept VALUES (7)");

        await postgres.StopAsync(Cancellation);
        await Assert.ThrowsAnyAsync<NpgsqlException>(() => ScalarAsync(connectionString, "SELECT 1"));

        await postgres.StartAsync(Cancellation);
        Assert.Equal(7, await ScalarAsync(connectionString, "SELECT id FROM kept"));
    }

    private static async Task<string> AskRedisAsync(string connectionString)
    {
        var parts = connectionString.Split(',');
        var address = parts[0].Split(':');
        var password = parts.FirstOrDefault(p => p.StartsWith("password=", StringComparison.Ordinal))?["password=".Length..];
        using var client = new TcpClient();
        await client.ConnectAsync(address[0], int.Parse(address[1], System.Globalization.CultureInfo.InvariantCulture), Cancellation);
        var command = password is null ? "PING\r\n" : $"AUTH {password}\r\n";
        await client.GetStream().WriteAsync(Encoding.ASCII.GetBytes(command), Cancellation);
        var buffer = new byte[64];
        return Encoding.ASCII.GetString(buffer, 0, await client.GetStream().ReadAsync(buffer, Cancellation));
    }

    private static async Task ExecuteAsync(string connectionString, string statement)
    {
        await using var connection = new NpgsqlConnection(connectionString);
        await connection.OpenAsync(Cancellation);
        await using var command = new NpgsqlCommand(statement, connection);
        await command.ExecuteNonQueryAsync(Cancellation);
    }

    private static async Task<object?> ScalarAsync(string connectionString, string statement)
    {
        await using var connection = new NpgsqlConnection(connectionString);
        await connection.OpenAsync(Cancellation);
        await using var command = new NpgsqlCommand(statement, connection);
        return await command.ExecuteScalarAsync(Cancellation);
    }
}
