using Platform.ModelGateway.Audit;
using Platform.Testing;

namespace Platform.ModelGateway.Tests.Audit;

public sealed class AuditLogTests(PlatformServers servers)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Append_ManyAtOnceFromThreeWriters_MakesWholeChains()
    {
        await using var database = await AuditDatabase.CreateAsync(servers, Token);
        var file = Path.GetTempFileName();
        var logs = Enumerable.Range(0, 3).Select(_ => database.Log(new AuditOptions { Shards = 2, CheckpointFile = file })).ToArray();
        await Task.WhenAll(logs.Select(log => log.StartAsync(Token)));

        await Task.WhenAll(Enumerable.Range(0, 600).Select(number => logs[number % 3].AppendAsync(AuditDatabase.Entry(number))));
        await Task.WhenAll(logs.Select(log => log.StopAsync(Token)));

        var checkpoints = File.ReadLines(file).Select(AuditCheckpoint.Find).OfType<AuditCheckpoint>().ToList();
        var report = await database.VerifyAsync(checkpoints, Token);
        Assert.Equal((600, 0L), (report.Rows, report.Unproven));
        Assert.Empty(report.Problems);
        Assert.NotEmpty(checkpoints);
        File.Delete(file);
    }

    [Fact]
    public async Task Append_Acknowledged_IsInTheTable()
    {
        await using var database = await AuditDatabase.CreateAsync(servers, Token);
        using var log = database.Log();
        await log.StartAsync(Token);

        await log.AppendAsync(AuditDatabase.Entry(1));

        Assert.Equal(1L, await CountAsync(database));
        await log.StopAsync(Token);
    }

    [Fact]
    public async Task Append_TableAwayForAWhile_WaitsAndWritesInOrder()
    {
        await using var database = await AuditDatabase.CreateAsync(servers, Token);
        await ExecuteAsync(database, "ALTER TABLE app.audit RENAME TO audit_away");
        using var log = database.Log(new AuditOptions { Shards = 1 });
        await log.StartAsync(Token);
        var appended = Enumerable.Range(0, 50).Select(number => log.AppendAsync(AuditDatabase.Entry(number))).ToArray();
        Assert.DoesNotContain(appended, task => task.IsCompleted);

        await ExecuteAsync(database, "ALTER TABLE app.audit_away RENAME TO audit");
        await Task.WhenAll(appended).WaitAsync(TimeSpan.FromSeconds(30), Token);

        var requests = new List<string>();
        await foreach (var row in database.Store.ReadAsync(Token))
        {
            requests.Add(row.Entry.RequestId);
        }

        Assert.Equal(Enumerable.Range(0, 50).Select(number => $"request-{number}"), requests);
        await log.StopAsync(Token);
    }

    [Fact]
    public async Task Append_TooManyWaiting_IsRefusedAtOnce()
    {
        await using var database = await AuditDatabase.CreateAsync(servers, Token);
        using var log = database.Log(new AuditOptions { WaitingRows = 100 });

        var appended = Enumerable.Range(0, 101).Select(number => log.AppendAsync(AuditDatabase.Entry(number))).ToArray();

        await Assert.ThrowsAsync<AuditFullException>(() => appended[100]);
        Assert.DoesNotContain(appended.Take(100), task => task.IsCompleted);
    }

    [Fact]
    public async Task TryQueue_EntriesOneAfterTheOther_AreWrittenTogether()
    {
        await using var database = await AuditDatabase.CreateAsync(servers, Token);
        using var log = database.Log(new AuditOptions { Shards = 1 });
        await log.StartAsync(Token);
        var began = TimeProvider.System.GetTimestamp();
        using var pace = new PeriodicTimer(TimeSpan.FromMilliseconds(1));
        foreach (var number in Enumerable.Range(0, 400))
        {
            Assert.True(log.TryQueue(() => AuditDatabase.Entry(number)));
            await pace.WaitForNextTickAsync(Token);
        }

        await log.StopAsync(Token);

        // 20 ms are gathered before each statement but the last ones.
        var most = (int)(TimeProvider.System.GetElapsedTime(began) / TimeSpan.FromMilliseconds(20)) + 3;
        await using var command = database.Source.CreateCommand("SELECT count(*), count(DISTINCT xmin::text) FROM app.audit");
        await using var counted = await command.ExecuteReaderAsync(Token);
        await counted.ReadAsync(Token);
        Assert.Equal(400, counted.GetInt64(0));
        Assert.InRange(counted.GetInt64(1), 1, most);
    }

    [Fact]
    public async Task Append_SameEntryToTwoShards_HasDifferentHashes()
    {
        var entry = AuditDatabase.Entry(1);

        var first = AuditRow.After(0, 1, AuditRow.Genesis, entry, AuditDatabase.Key);
        var second = AuditRow.After(1, 1, AuditRow.Genesis, entry, AuditDatabase.Key);

        Assert.NotEqual(first.Hash, second.Hash);
        await Task.CompletedTask;
    }

    [Fact]
    public void Hash_FieldsThatMoveTheirBorder_Differ()
    {
        var entry = AuditDatabase.Entry(1);

        var first = AuditRow.After(0, 1, AuditRow.Genesis, entry with { RequestId = "ab", User = "c" }, AuditDatabase.Key);
        var second = AuditRow.After(0, 1, AuditRow.Genesis, entry with { RequestId = "a", User = "bc" }, AuditDatabase.Key);

        Assert.NotEqual(first.Hash, second.Hash);
    }

    private static async Task<long> CountAsync(AuditDatabase database)
    {
        await using var command = database.Source.CreateCommand("SELECT count(*) FROM app.audit");
        return (long)(await command.ExecuteScalarAsync(Token))!;
    }

    private static async Task ExecuteAsync(AuditDatabase database, string statement)
    {
        await using var command = database.Source.CreateCommand(statement);
        await command.ExecuteNonQueryAsync(Token);
    }
}
