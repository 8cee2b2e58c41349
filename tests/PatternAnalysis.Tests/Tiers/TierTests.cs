using Platform.Caching;
using Platform.Caching.Changes;
using Platform.Caching.Durable;
using Platform.Contracts.PatternAnalysis.V1;
using Platform.PatternAnalysis.Detection;
using Platform.PatternAnalysis.Patterns;
using Platform.PatternAnalysis.Tiers;
using Platform.Testing;
using StackExchange.Redis;
using Microsoft.Extensions.Logging.Abstractions;

namespace Platform.PatternAnalysis.Tests.Tiers;

/// <summary>The read path over real Redis and PostgreSQL. Every test has an organization of its own.</summary>
public sealed class TierTests(PlatformServers servers, DomainDatabase database) : IClassFixture<DomainDatabase>, IAsyncLifetime
{
    private readonly string organization = $"test-{Guid.NewGuid():N}";
    private readonly ManualTime clock = new(DateTimeOffset.UnixEpoch.AddYears(56));
    private IConnectionMultiplexer redis = null!;

    private PatternKey Key => new(organization, "C:1");

    public async ValueTask InitializeAsync()
    {
        redis = await ConnectionMultiplexer.ConnectAsync(servers.RedisConnectionString);
        await database.ExecuteAsync($"INSERT INTO domain.customers (organization_id, customer_id, name, currency, created_at) VALUES ('{organization}', 'C:1', 'Acme', 'EUR', '2025-01-01Z'), ('{organization}', 'C2', 'Birch', 'EUR', '2025-01-01Z')");
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var customer in (string[])["C:1", "C2"])
        {
            await redis.GetDatabase().KeyDeleteAsync(PatternWorld.EntryKey(new PatternKey(organization, customer)));
        }

        redis.Dispose();
    }

    [Fact]
    public async Task Get_NothingKept_ComputedOnceThenServedByEveryTier()
    {
        var detector = ScriptedDetector.Finding("shift");
        var first = World(detector);

        var computed = await first.GetAndSettleAsync(Key);
        var memory = await first.GetAsync(Key);
        var shared = await World(detector).GetAndSettleAsync(Key);
        await redis.GetDatabase().KeyDeleteAsync(PatternWorld.EntryKey(Key));
        var stored = await World(detector).GetAndSettleAsync(Key);
        var repaired = await World(detector).GetAsync(Key);

        Assert.Equal([CacheTier.Computed, CacheTier.Memory, CacheTier.Redis, CacheTier.Postgres, CacheTier.Redis], ((PatternReading[])[computed, memory, shared, stored, repaired]).Select(reading => reading.Tier));
        Assert.Equal(1, detector.Runs);
        Assert.All((PatternReading[])[memory, shared, repaired], reading => Assert.Equal(computed.Patterns, reading.Patterns));
        Assert.Equal(computed.Patterns.Insights, stored.Patterns.Insights);
        Assert.Equal(computed.Patterns.Outcomes, stored.Patterns.Outcomes);
        Assert.Equal(computed.Patterns.ComputedAt, stored.Patterns.ComputedAt);
    }

    [Fact]
    public async Task Get_ManyAtOnce_OneComputation()
    {
        var gate = new TaskCompletionSource();
        var detector = new ScriptedDetector("slow", async (subject, token) =>
        {
            await gate.Task.WaitAsync(token);
            return ScriptedDetector.Found(subject);
        });
        var world = World(detector);

        var callers = Enumerable.Range(0, 200).Select(_ => world.GetAsync(Key)).ToList();
        await Eventually.HoldsAsync(() => detector.Runs == 1);
        gate.SetResult();
        var readings = await Task.WhenAll(callers);

        Assert.Equal(1, detector.Runs);
        Assert.All(readings, reading => Assert.Single(reading.Patterns.Insights));
    }

    [Fact]
    public async Task Get_AllCallersGone_WorkIsCancelled()
    {
        var cancelled = new TaskCompletionSource();
        var detector = new ScriptedDetector("endless", async (_, token) =>
        {
            token.Register(() => cancelled.TrySetResult());
            await Task.Delay(Timeout.Infinite, token);
            throw new InvalidOperationException("Not reached");
        });
        var world = World(detector);
        using var source = new CancellationTokenSource();

        var call = world.Reader.GetAsync(Key, source.Token);
        await Eventually.HoldsAsync(() => detector.Runs == 1);
        await source.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call);
        await cancelled.Task.WaitAsync(TimeSpan.FromSeconds(5), TestContext.Current.CancellationToken);
    }

    [Theory]
    [InlineData("flipped")]
    [InlineData("truncated")]
    [InlineData("empty")]
    [InlineData("old schema")]
    [InlineData("garbage")]
    [InlineData("huge")]
    [InlineData("foreign")]
    public async Task Get_RedisEntryCorrupt_NeverServedAndRepaired(string damage)
    {
        var detector = ScriptedDetector.Finding("shift");
        var good = await World(detector).GetAndSettleAsync(Key);
        byte[] entry = (await redis.GetDatabase().StringGetAsync(PatternWorld.EntryKey(Key)))!;
        var damaged = damage switch
        {
            "flipped" => Changed(entry, copy => copy[entry.Length / 2] ^= 4),
            "truncated" => entry[..^7],
            "empty" => [],
            "old schema" => Changed(entry, copy => copy[4]++),
            "huge" => new byte[3_000_000],
            "foreign" => (await EntryOfAnotherAsync(detector))!,
            _ => "not an entry at all, but long enough to look like one"u8.ToArray(),
        };
        await redis.GetDatabase().StringSetAsync(PatternWorld.EntryKey(Key), damaged);

        var reading = await World(detector).GetAndSettleAsync(Key);
        var next = await World(detector).GetAsync(Key);

        Assert.Equal(CacheTier.Postgres, reading.Tier);
        Assert.Equal(good.Patterns.Insights, reading.Patterns.Insights);
        Assert.Equal(CacheTier.Redis, next.Tier);
        Assert.Equal(damage == "foreign" ? 2 : 1, detector.Runs);
    }

    [Fact]
    public async Task Get_RedisEntryOfAnotherType_NeverFails()
    {
        var detector = ScriptedDetector.Finding("shift");
        await redis.GetDatabase().ListLeftPushAsync(PatternWorld.EntryKey(Key), "x");

        Assert.Equal(CacheTier.Computed, (await World(detector).GetAndSettleAsync(Key)).Tier);
    }

    [Theory]
    [InlineData("UPDATE app.customer_patterns SET data = jsonb_set(data, '{effect,value}', '99') WHERE pattern_type = 'shift'")]
    [InlineData("UPDATE app.customer_patterns SET significance = 1 WHERE pattern_type = 'shift'")]
    [InlineData("UPDATE app.customer_patterns SET data = '[]' WHERE pattern_type = 'shift'")]
    [InlineData("UPDATE app.customer_patterns SET data = data || '{\"surprise\": 1}' WHERE pattern_type = 'shift'")]
    [InlineData("UPDATE app.customer_patterns SET data = '{\"a\": 1}' WHERE pattern_type = '_outcomes'")]
    [InlineData("UPDATE app.customer_patterns SET schema_version = 0 WHERE pattern_type = 'shift'")]
    [InlineData("UPDATE app.customer_patterns SET checksum = '' WHERE pattern_type = 'shift'")]
    [InlineData("UPDATE app.customer_patterns SET read_at = 'infinity' WHERE pattern_type = '_outcomes'")]
    [InlineData("UPDATE app.customer_patterns SET read_at = NULL WHERE pattern_type = '_outcomes'")]
    [InlineData("DELETE FROM app.customer_patterns WHERE pattern_type = 'shift'")]
    [InlineData("DELETE FROM app.customer_patterns WHERE pattern_type = '_outcomes'")]
    public async Task Get_DatabaseRowsCorrupt_ComputedAnewAndRepaired(string damage)
    {
        var detector = ScriptedDetector.Finding("shift");
        var good = await World(detector).GetAndSettleAsync(Key);
        await redis.GetDatabase().KeyDeleteAsync(PatternWorld.EntryKey(Key));
        await database.ExecuteAsync($"{damage} AND organization_id = '{organization}'");

        var reading = await World(detector).GetAndSettleAsync(Key);
        await redis.GetDatabase().KeyDeleteAsync(PatternWorld.EntryKey(Key));
        var next = await World(detector).GetAsync(Key);

        Assert.Equal(CacheTier.Computed, reading.Tier);
        Assert.Equal(good.Patterns.Insights, reading.Patterns.Insights);
        Assert.Equal(CacheTier.Postgres, next.Tier);
    }

    [Fact]
    public async Task Get_InfiniteTimeWhereNoneCounts_ServedAsItWas()
    {
        var detector = ScriptedDetector.Finding("shift");
        var good = await World(detector).GetAndSettleAsync(Key);
        await redis.GetDatabase().KeyDeleteAsync(PatternWorld.EntryKey(Key));
        await database.ExecuteAsync($"UPDATE app.customer_patterns SET read_at = '-infinity' WHERE pattern_type = 'shift' AND organization_id = '{organization}'");

        var reading = await World(detector).GetAsync(Key);

        Assert.Equal(CacheTier.Postgres, reading.Tier);
        Assert.Equal(good.Patterns.Insights, reading.Patterns.Insights);
    }

    [Fact]
    public async Task Get_OlderThanADay_ComputedAnew()
    {
        var detector = ScriptedDetector.Finding("shift");
        var world = World(detector);
        await world.GetAndSettleAsync(Key);

        clock.Now = clock.Now.AddHours(23);
        var young = await world.GetAsync(Key);
        clock.Now = clock.Now.AddHours(2);

        // Redis and PostgreSQL follow clocks of their own.
        await redis.GetDatabase().KeyDeleteAsync(PatternWorld.EntryKey(Key));
        await database.ExecuteAsync($"UPDATE app.customer_patterns SET read_at = read_at - interval '25 hours' WHERE organization_id = '{organization}'");
        var old = await world.GetAsync(Key);

        Assert.Equal((CacheTier.Memory, CacheTier.Computed), (young.Tier, old.Tier));
        Assert.False(old.IsStale);
    }

    [Fact]
    public async Task Get_OneDetectorFails_OthersShownAndNothingKept()
    {
        var failing = new ScriptedDetector("broken", (_, _) => throw new InvalidOperationException("on purpose"));
        var world = World(ScriptedDetector.Finding("shift"), failing);

        var first = await world.GetAndSettleAsync(Key);
        var second = await world.GetAsync(Key);

        Assert.Equal(["shift"], first.Patterns.Insights.Select(insight => insight.Type));
        Assert.Equal(DetectorStatus.Failed, first.Patterns.Outcomes.Single(outcome => outcome.Detector == "broken").Status);
        Assert.Equal(CacheTier.Computed, second.Tier);
        Assert.Equal(2, failing.Runs);
    }

    [Fact]
    public async Task Get_DetectorHangsInTheDatabase_LeftOutAndItsQueryEnded()
    {
        var mark = $"hang-{Guid.NewGuid():N}";
        var hanging = new ScriptedDetector("hanging", async (_, token) =>
        {
            await using var command = database.Source.CreateCommand($"SELECT pg_sleep(60) /* {mark} */");
            await command.ExecuteNonQueryAsync(token);
            throw new InvalidOperationException("Not reached");
        });
        var world = World(ScriptedDetector.Finding("shift"), hanging);
        world.Detection.DetectorTimeout = TimeSpan.FromSeconds(1);

        var reading = await world.GetAsync(Key);

        Assert.Equal(["shift"], reading.Patterns.Insights.Select(insight => insight.Type));
        Assert.Equal(DetectorStatus.TimedOut, reading.Patterns.Outcomes.Single(outcome => outcome.Detector == "hanging").Status);
        await Eventually.HoldsAsync(async () =>
        {
            await using var running = database.Source.CreateCommand($"SELECT count(*) FROM pg_stat_activity WHERE state = 'active' AND query LIKE '%{mark}%' AND pid <> pg_backend_pid()");
            return (long)(await running.ExecuteScalarAsync())! == 0;
        });
    }

    [Fact]
    public async Task Get_DetectorIgnoresItsToken_LeftBehind()
    {
        var release = new TaskCompletionSource<Verdict>();
        var world = World(ScriptedDetector.Finding("shift"), new ScriptedDetector("deaf", (_, _) => release.Task));
        world.Detection.DetectorTimeout = TimeSpan.FromSeconds(1);

        var reading = await world.GetAsync(Key);
        release.SetCanceled(CancellationToken.None);

        Assert.Equal(DetectorStatus.TimedOut, reading.Patterns.Outcomes.Single(outcome => outcome.Detector == "deaf").Status);
    }

    [Fact]
    public async Task Get_UnknownCustomer_Refused() =>
        await Assert.ThrowsAsync<UnknownCustomerException>(() => World(ScriptedDetector.Finding("shift")).GetAsync(new PatternKey(organization, "nobody")));

    [Fact]
    public async Task Invalidate_OtherInstance_DroppedThereToo()
    {
        var detector = ScriptedDetector.Finding("shift");
        var here = World(detector);
        var there = World(detector);
        using var feed = new ChangeFeed(database.Source, [there.Cache], () => new ChangeFeedOptions(), TimeProvider.System, NullLogger<ChangeFeed>.Instance);
        await feed.StartAsync(TestContext.Current.CancellationToken);
        await Eventually.HoldsAsync(() => !there.Cache.IsSharedSuspended);
        await here.GetAndSettleAsync(Key);
        Assert.Equal(CacheTier.Redis, (await there.GetAndSettleAsync(Key)).Tier);
        clock.Now = clock.Now.AddSeconds(1);

        var count = await here.Invalidation.InvalidateAsync(organization, ["C:1"], TestContext.Current.CancellationToken);

        Assert.Equal(1, count);
        await Eventually.HoldsAsync(async () => !await there.IsInMemoryAsync(Key));
        Assert.Equal(CacheTier.Computed, (await there.GetAndSettleAsync(Key)).Tier);
        Assert.Equal(CacheTier.Redis, (await here.GetAsync(Key)).Tier);
        await feed.StopAsync(TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task Invalidate_WholeOrganization_EveryCustomerComputedAnew()
    {
        var detector = ScriptedDetector.Finding("shift");
        var world = World(detector);
        await world.GetAndSettleAsync(Key);
        await world.GetAndSettleAsync(new PatternKey(organization, "C2"));
        clock.Now = clock.Now.AddSeconds(1);

        Assert.Equal(2, await world.Invalidation.InvalidateAsync(organization, [], TestContext.Current.CancellationToken));

        clock.Now = clock.Now.AddSeconds(1);
        Assert.Equal(CacheTier.Computed, (await world.GetAndSettleAsync(Key)).Tier);
        Assert.Equal(CacheTier.Computed, (await World(detector).GetAsync(new PatternKey(organization, "C2"))).Tier);
    }

    [Fact]
    public async Task Invalidate_WhileComputing_ResultShownButNotKept()
    {
        var gate = new TaskCompletionSource();
        var detector = new ScriptedDetector("slow", async (subject, token) =>
        {
            await gate.Task.WaitAsync(token);
            return ScriptedDetector.Found(subject);
        });
        var world = World(detector);
        var call = world.GetAsync(Key);
        await Eventually.HoldsAsync(() => detector.Runs == 1);

        await world.Invalidation.InvalidateAsync(organization, ["C:1"], TestContext.Current.CancellationToken);
        gate.SetResult();
        await call;

        Assert.False(await world.IsInMemoryAsync(Key));
        Assert.Equal(CacheTier.Computed, (await world.GetAsync(Key)).Tier);
        Assert.Equal(2, detector.Runs);
    }

    [Fact]
    public async Task Get_SlowInstanceWritesAfterInvalidation_OldEntryDoesNotCount()
    {
        var detector = ScriptedDetector.Finding("shift");
        var world = World(detector);
        var old = await world.GetAndSettleAsync(Key);
        var row = await world.Table.FindAsync(Key, TestContext.Current.CancellationToken);
        await world.Invalidation.InvalidateAsync(organization, ["C:1"], TestContext.Current.CancellationToken);

        // An instance that had computed before the change stores after it.
        await world.Table.StoreAsync(Key, row.Entry!, TestContext.Current.CancellationToken);

        Assert.Equal(old.Patterns.Insights, row.Entry!.Value!.Insights);
        Assert.Equal(DurableState.Outdated, (await world.Table.FindAsync(Key, TestContext.Current.CancellationToken)).State);
        Assert.Equal(CacheTier.Computed, (await World(detector).GetAsync(Key)).Tier);
    }

    /// <summary>The change took its number before the patterns were computed and was committed after it.</summary>
    [Fact]
    public async Task Get_ChangeCommittedLate_RowOutdatedAlthoughWrittenBefore()
    {
        var cancellation = TestContext.Current.CancellationToken;
        var detector = ScriptedDetector.Finding("shift");
        await using var connection = await database.Source.OpenConnectionAsync(cancellation);
        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        await using (var change = new Npgsql.NpgsqlCommand($"INSERT INTO app.change_events (organization_id, table_name, customer_id) VALUES ('{organization}', 'invoices', 'C:1')", connection))
        {
            await change.ExecuteNonQueryAsync(cancellation);
        }

        var world = World(detector);
        await world.GetAndSettleAsync(Key);
        Assert.Equal(DurableState.Current, (await world.Table.FindAsync(Key, cancellation)).State);

        await transaction.CommitAsync(cancellation);

        Assert.Equal(DurableState.Outdated, (await world.Table.FindAsync(Key, cancellation)).State);
    }

    [Fact]
    public async Task Store_OlderThanWhatIsThere_LeftOut()
    {
        var cancellation = TestContext.Current.CancellationToken;
        var world = World(ScriptedDetector.Finding("shift"));
        await world.GetAndSettleAsync(Key);
        var older = (await world.Table.FindAsync(Key, cancellation)).Entry!;
        await database.ExecuteAsync("CREATE TABLE IF NOT EXISTS moves_on (x int); INSERT INTO moves_on VALUES (1)");
        await world.Reader.RefreshAsync(Key, cancellation);
        await world.Cache.PendingAsync();
        var newer = (await world.Table.FindAsync(Key, cancellation)).Entry!;

        await world.Table.StoreAsync(Key, older, cancellation);

        Assert.NotEqual(older.Snapshot!.Text, newer.Snapshot!.Text);
        Assert.Equal(newer.Snapshot.Text, (await world.Table.FindAsync(Key, cancellation)).Entry!.Snapshot!.Text);
    }

    [Fact]
    public async Task Get_UnknownCustomer_RememberedUntilItIsMade()
    {
        var world = World(ScriptedDetector.Finding("shift"));
        var key = new PatternKey(organization, "soon");
        await Assert.ThrowsAsync<UnknownCustomerException>(() => world.GetAndSettleAsync(key));
        await database.ExecuteAsync($"INSERT INTO domain.customers (organization_id, customer_id, name, currency, created_at) VALUES ('{organization}', 'soon', 'Soon', 'EUR', '2025-01-01Z')");
        await Assert.ThrowsAsync<UnknownCustomerException>(() => world.GetAsync(key));

        await world.Invalidation.InvalidateAsync(organization, ["soon"], TestContext.Current.CancellationToken);

        Assert.Equal("Soon", (await world.GetAsync(key)).Patterns.Customer.Name);
    }

    [Fact]
    public async Task Get_SameCustomerIdInTwoOrganizations_NeverMixed()
    {
        var other = organization + "-b";
        await database.ExecuteAsync($"INSERT INTO domain.customers (organization_id, customer_id, name, currency, created_at) VALUES ('{other}', 'C:1', 'Foreign', 'EUR', '2025-01-01Z')");
        var detector = ScriptedDetector.Finding("shift");
        await World(detector).GetAndSettleAsync(Key);

        var foreign = await World(detector).GetAndSettleAsync(new PatternKey(other, "C:1"));

        Assert.Equal(CacheTier.Computed, foreign.Tier);
        Assert.StartsWith("Foreign of " + other, foreign.Patterns.Insights.Single().Text, StringComparison.Ordinal);
        Assert.StartsWith("Acme of", (await World(detector).GetAsync(Key)).Patterns.Insights.Single().Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Get_RedisKilledAndBack_NoRequestFailsAndItIsUsedAgain()
    {
        var cancellation = TestContext.Current.CancellationToken;
        await using var own = await PlatformServers.StartOwnRedisAsync(cancellation);
        using var connection = await ConnectionMultiplexer.ConnectAsync(own.ConnectionString + ",abortConnect=false");
        var detector = ScriptedDetector.Finding("shift");
        PatternWorld Fresh() => new(database.Source, connection, clock, detector);
        await Fresh().GetAndSettleAsync(Key);

        await own.StopAsync(cancellation);
        for (var i = 0; i < 20; i++)
        {
            Assert.Equal(CacheTier.Postgres, (await Fresh().GetAndSettleAsync(Key)).Tier);
        }

        await own.StartAsync(cancellation);
        await Eventually.HoldsAsync(async () =>
        {
            var world = Fresh();
            await world.GetAndSettleAsync(Key);
            return (await Fresh().GetAsync(Key)).Tier == CacheTier.Redis;
        });
        Assert.Equal(1, detector.Runs);
    }

    [Fact]
    public async Task Get_DatabaseKilled_LastKnownMarkedStaleThenRecovers()
    {
        var cancellation = TestContext.Current.CancellationToken;
        await using var own = await PlatformServers.StartOwnPostgresAsync(cancellation);
        await using var source = Npgsql.NpgsqlDataSource.Create(new Npgsql.NpgsqlConnectionStringBuilder(own.ConnectionString) { Timeout = 2 }.ConnectionString);
        await PlatformSchema.CreateAsync(source, cancellation);
        await using (var insert = source.CreateCommand($"INSERT INTO domain.customers (organization_id, customer_id, name, currency, created_at) VALUES ('{organization}', 'C:1', 'Acme', 'EUR', '2025-01-01Z')"))
        {
            await insert.ExecuteNonQueryAsync(cancellation);
        }

        var world = new PatternWorld(source, redis, clock, new ScriptedDetector("reads", async (subject, token) =>
        {
            await using var command = source.CreateCommand("SELECT 1");
            await command.ExecuteScalarAsync(token);
            return ScriptedDetector.Found(subject);
        }));
        var known = await world.GetAndSettleAsync(Key);

        await own.StopAsync(cancellation);
        Assert.Equal(CacheTier.Memory, (await world.GetAsync(Key)).Tier);
        clock.Now = clock.Now.AddHours(25);
        await redis.GetDatabase().KeyDeleteAsync(PatternWorld.EntryKey(Key));
        var stale = await world.GetAsync(Key);
        Assert.True(stale.IsStale);
        Assert.Equal(known.Patterns.Insights, stale.Patterns.Insights);
        await Assert.ThrowsAsync<SourceUnavailableException>(() => world.GetAsync(new PatternKey(organization, "never-seen")));

        await own.StartAsync(cancellation);
        await Eventually.HoldsAsync(async () => !(await world.GetAsync(Key)).IsStale);
    }

    private async Task<byte[]?> EntryOfAnotherAsync(ScriptedDetector detector)
    {
        var key = new PatternKey(organization, "C2");
        await World(detector).GetAndSettleAsync(key);
        return await redis.GetDatabase().StringGetAsync(PatternWorld.EntryKey(key));
    }

    private PatternWorld World(params IPatternDetector[] detectors) => new(database.Source, redis, clock, detectors);

    private static byte[] Changed(byte[] entry, Action<byte[]> change)
    {
        var copy = (byte[])entry.Clone();
        change(copy);
        return copy;
    }
}
