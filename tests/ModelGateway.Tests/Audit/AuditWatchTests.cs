using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Npgsql;
using Platform.ModelGateway.Audit;
using Platform.ModelGateway.Providers;
using Platform.ModelGateway.Tests.Safety;
using Platform.Testing;

namespace Platform.ModelGateway.Tests.Audit;

/// <summary>The log is verified in parts while the service runs.</summary>
public sealed class AuditWatchTests(PlatformServers servers)
{
    private const int Rows = 250;
    private const int Part = 100;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task VerifyNext_RowChangedInAnyPart_IsFoundWithinARoundAndForgottenWhenMended()
    {
        await using var database = await FilledAsync();
        using var watch = Watch(database);
        await RoundAsync(watch);
        Assert.Equal(0, await RoundAsync(watch));

        await ExecuteAsync(database, "UPDATE app.audit SET user_id = 'somebody' WHERE shard = 1 AND sequence = 77");
        Assert.Equal(1, await RoundAsync(watch));
        Assert.Equal(1, await watch.VerifyNextAsync(Token));

        await ExecuteAsync(database, "UPDATE app.audit SET user_id = 'user' WHERE shard = 1 AND sequence = 77");
        await RoundAsync(watch);
        await RoundAsync(watch);
        Assert.Equal(0, await watch.VerifyNextAsync(Token));
    }

    [Theory]
    [InlineData("DELETE FROM app.audit WHERE shard = 0 AND sequence = 50")]
    [InlineData("DELETE FROM app.audit WHERE shard = 0 AND sequence > 240")]
    [InlineData("UPDATE app.audit SET key_id = '' WHERE shard = 1 AND sequence = 3")]
    public async Task VerifyNext_RowsRemovedOrUnsigned_IsFoundWithinARound(string tamper)
    {
        await using var database = await FilledAsync();
        using var watch = Watch(database);
        await RoundAsync(watch);

        await ExecuteAsync(database, tamper);

        Assert.NotEqual(0, await RoundAsync(watch));
    }

    [Fact]
    public async Task VerifyNext_RowsComeMeanwhile_FindsNothing()
    {
        await using var database = await FilledAsync();
        using var watch = Watch(database);
        var chain = new AuditChain(database.Store, AuditDatabase.Key, shards: 2, firstShard: 0);
        for (var part = 0; part < 10; part++)
        {
            Assert.Equal(0, await watch.VerifyNextAsync(Token));
            await chain.AppendAsync([.. Enumerable.Range(1000 + (part * 30), 30).Select(AuditDatabase.Entry)], Token);
        }
    }

    [Fact]
    public async Task VerifyNext_OldKeyInAFile_IsKnown()
    {
        await using var database = await FilledAsync();
        var file = Path.Combine(Path.GetTempPath(), $"old-key-{Guid.NewGuid():n}");
        await File.WriteAllTextAsync(file, "a-secret-of-the-tests-with-32-characters\n", Token);
        try
        {
            using var watch = Watch(database, AuditKey.Of("a-newer-secret-of-the-tests-32-characters"), file);
            Assert.Equal(0, await RoundAsync(watch));
        }
        finally
        {
            File.Delete(file);
        }
    }

    private static async Task<int> RoundAsync(AuditWatch watch)
    {
        var most = 0;
        for (var part = 0; part <= 2 * Rows / Part; part++)
        {
            most = Math.Max(most, await watch.VerifyNextAsync(Token));
        }

        return most;
    }

    private static AuditWatch Watch(AuditDatabase database, AuditKey? key = null, params string[] oldKeys) => new(
        database.Store, key ?? AuditDatabase.Key, Options.Create(new ModelGatewayOptions { Audit = new AuditOptions { VerifyRows = Part, OldKeyFiles = oldKeys } }),
        Screens.Metrics(), TimeProvider.System, NullLogger<AuditWatch>.Instance);

    private async Task<AuditDatabase> FilledAsync()
    {
        var database = await AuditDatabase.CreateAsync(servers, Token);
        for (var shard = 0; shard < 2; shard++)
        {
            var chain = new AuditChain(database.Store, AuditDatabase.Key, shards: 2, firstShard: shard);
            await chain.AppendAsync([.. Enumerable.Range(1, Rows).Select(AuditDatabase.Entry)], Token);
        }

        return database;
    }

    private static async Task ExecuteAsync(AuditDatabase database, string statement)
    {
        await using var command = new NpgsqlCommand(statement, await database.Source.OpenConnectionAsync(Token));
        await command.ExecuteNonQueryAsync(Token);
        await command.Connection!.DisposeAsync();
    }
}
