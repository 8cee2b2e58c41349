using Grpc.Core;
using Npgsql;
using Platform.Testing;

namespace Platform.ModelGateway.Tests.Usage;

/// <summary>What the ledger promises, with processes that are really killed.</summary>
public sealed class LedgerCrashTests(PlatformServers servers)
{
    private const decimal CostOfACall = 0.0036m;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Kill_UnderLoad_EveryCallIsARowExactlyOnce()
    {
        await using var provider = await FakeProvider.StartAsync(Token);
        provider.Otherwise = Answers.Ok;
        var database = await DatabaseAsync(servers.PostgresConnectionString);
        var answered = new List<string>();
        using (var first = await GatewayProcess.StartAsync(Settings(provider, database), Token))
        {
            var callers = Enumerable.Range(0, 8).Select(caller => CallUntilItEndsAsync(first, caller, answered)).ToArray();
            await Eventually.HoldsAsync(() => Task.FromResult(Count(answered) >= 60), "60 answers");
            await first.KillAsync();
            await Task.WhenAll(callers).WaitAsync(TimeSpan.FromSeconds(30), Token);
        }

        using var second = await GatewayProcess.StartAsync(Settings(provider, database), Token);
        await using var rows = NpgsqlDataSource.Create(database);
        await Eventually.HoldsAsync(async () => (await KeysAsync(rows, "success")).IsSupersetOf(answered), "every answered call is a row");
        var interrupted = await KeysAsync(rows, "interrupted");
        var all = await CountAsync(rows);

        // Every request that the provider saw is a row; a call that was killed just before it asked may be one too.
        await Eventually.HoldsAsync(async () => (all = await CountAsync(rows)) >= provider.Requests.Count, "every request is a row");
        Assert.InRange(all, provider.Requests.Count, provider.Requests.Count + 8);
        Assert.InRange(interrupted.Count, 0, 8);
        Assert.Equal(CostOfACall * (await KeysAsync(rows, "success")).Count, await CostAsync(rows));
        await second.KillAsync();
        using var third = await GatewayProcess.StartAsync(Settings(provider, database), Token);
        Assert.Equal(all, await CountAsync(rows));
    }

    [Fact]
    public async Task Kill_WhileTheDatabaseIsAway_LosesAndDoublesNothing()
    {
        await using var provider = await FakeProvider.StartAsync(Token);
        provider.Otherwise = Answers.Ok;
        await using var postgres = await PlatformServers.StartOwnPostgresAsync(Token);
        var database = await DatabaseAsync(postgres.ConnectionString);
        var answered = new List<string>();
        using (var first = await GatewayProcess.StartAsync(Settings(provider, database), Token))
        {
            await CallAsync(first, "before", answered);
            NpgsqlConnection.ClearAllPools();
            await postgres.StopAsync(Token);
            for (var call = 0; call < 20; call++)
            {
                await CallAsync(first, $"away-{call}", answered);
            }

            await first.KillAsync();
        }

        await postgres.StartAsync(Token);
        var others = await Task.WhenAll(GatewayProcess.StartAsync(Settings(provider, database), Token), GatewayProcess.StartAsync(Settings(provider, database), Token));
        using var second = others[0];
        using var third = others[1];
        await CallAsync(second, "after", answered);
        await using var rows = NpgsqlDataSource.Create(database);
        await Eventually.HoldsAsync(async () => await CountAsync(rows) >= 22, "every call is a row");

        Assert.Equal(22, await CountAsync(rows));
        Assert.Equal(answered.Order(StringComparer.Ordinal), (await KeysAsync(rows, "success")).Order(StringComparer.Ordinal));
        Assert.Equal(CostOfACall * 22, await CostAsync(rows));
    }

    private static IEnumerable<(string, string?)> Settings(FakeProvider provider, string database) =>
    [
        .. RunningGateway.Provider(provider.BaseUrl),
        ("ConnectionStrings:platform", database),
        ("ConnectionStrings:redis", RunningGateway.RedisAway),
        ("modelGateway:limits:sharedTimeout", "00:00:00.005"),
        ("modelGateway:ledger:folder", RunningGateway.LedgerFolder),
        ("modelGateway:ledger:orphanScan", "00:00:01"),
        ("modelGateway:models:primary:requestsPerMinute", "100000"),
    ];

    private static async Task CallUntilItEndsAsync(GatewayProcess gateway, int caller, List<string> answered)
    {
        try
        {
            for (var call = 0; ; call++)
            {
                await CallAsync(gateway, $"{caller}-{call}", answered);
            }
        }
        catch (RpcException error) when (error.StatusCode is StatusCode.Unavailable or StatusCode.Internal or StatusCode.Cancelled or StatusCode.Unknown)
        {
            // The process is gone.
        }
    }

    private static async Task CallAsync(GatewayProcess gateway, string key, List<string> answered)
    {
        var request = RunningGateway.Question;
        request.IdempotencyKey = key;
        await gateway.Models.CompleteAsync(request, deadline: TimeProvider.System.GetUtcNow().UtcDateTime.AddSeconds(20), cancellationToken: Token);
        lock (answered)
        {
            answered.Add(key);
        }
    }

    private static int Count(List<string> answered)
    {
        lock (answered)
        {
            return answered.Count;
        }
    }

    private async Task<string> DatabaseAsync(string server)
    {
        if (server == servers.PostgresConnectionString)
        {
            var connectionString = await servers.CreateDatabaseAsync("ledger_crash", Token);
            await SchemaAsync(connectionString);
            return connectionString;
        }

        await using (var root = NpgsqlDataSource.Create(server))
        await using (var create = root.CreateCommand("CREATE DATABASE ledger"))
        {
            await create.ExecuteNonQueryAsync(Token);
        }

        var own = new NpgsqlConnectionStringBuilder(server) { Database = "ledger" }.ConnectionString;
        await SchemaAsync(own);
        return own;
    }

    private static async Task SchemaAsync(string connectionString)
    {
        await using var source = NpgsqlDataSource.Create(connectionString);
        await PlatformSchema.CreateAsync(source, Token);
    }

    private static async Task<long> CountAsync(NpgsqlDataSource rows)
    {
        await using var command = rows.CreateCommand("SELECT count(*) FROM app.usage");
        return (long)(await command.ExecuteScalarAsync(Token))!;
    }

    private static async Task<decimal> CostAsync(NpgsqlDataSource rows)
    {
        await using var command = rows.CreateCommand("SELECT coalesce(sum(cost), 0) FROM app.usage");
        return (decimal)(await command.ExecuteScalarAsync(Token))!;
    }

    private static async Task<HashSet<string>> KeysAsync(NpgsqlDataSource rows, string outcome)
    {
        await using var command = rows.CreateCommand("SELECT call_id FROM app.usage WHERE outcome = $1");
        command.Parameters.Add(new() { Value = outcome });
        await using var reader = await command.ExecuteReaderAsync(Token);
        var keys = new HashSet<string>(StringComparer.Ordinal);
        while (await reader.ReadAsync(Token))
        {
            keys.Add(reader.GetString(0));
        }

        return keys;
    }
}
