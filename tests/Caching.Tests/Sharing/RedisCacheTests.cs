using Microsoft.Extensions.Logging.Abstractions;
using Platform.Caching.Entries;
using Platform.Caching.Sharing;
using Platform.Caching.Tests.Tiered;
using Platform.Testing;
using StackExchange.Redis;

namespace Platform.Caching.Tests.Sharing;

/// <summary>Replicas over a real Redis. Every test has a tenant of its own.</summary>
public sealed class RedisCacheTests(PlatformServers servers) : IAsyncLifetime
{
    private readonly string tenant = $"test:{Guid.NewGuid():N}";
    private readonly ManualTime clock = new();
    private IConnectionMultiplexer redis = null!;

    private CacheKey Key => new(tenant, "C:1");

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private IDatabase Database => redis.GetDatabase();

    public async ValueTask InitializeAsync() => redis = await ConnectionMultiplexer.ConnectAsync(servers.RedisConnectionString);

    public async ValueTask DisposeAsync()
    {
        foreach (var part in (string[])["entry", "lease", "changed", "last"])
        {
            await Database.KeyDeleteAsync($"platform:{Uri.EscapeDataString(tenant)}:texts:{part}:C%3A1");
        }

        redis.Dispose();
    }

    [Fact]
    public async Task Read_NothingThere_GrantsTheLeaseInTheSameStep()
    {
        var tier = Tier();

        var first = await tier.ReadAsync(Key, 1000, new LeaseRequest("first", TimeSpan.FromMinutes(1)));
        var second = await tier.ReadAsync(Key, 1000, new LeaseRequest("second", TimeSpan.FromMinutes(1)));
        var onlooker = await tier.ReadAsync(Key, 1000, default);
        await tier.WriteAsync(Key, "first", first.Generation, "", [1, 2, 3], TimeSpan.FromMinutes(1));
        var third = await tier.ReadAsync(Key, 1000, new LeaseRequest("third", TimeSpan.FromMinutes(1)));

        Assert.Equal((LeaseState.Granted, LeaseState.Taken), (first.Lease?.State, second.Lease?.State));
        Assert.InRange(second.Lease!.Value.Remaining, TimeSpan.FromSeconds(30), TimeSpan.FromMinutes(1));
        Assert.Null(onlooker.Lease);
        Assert.Equal((SharedState.Present, (LeaseAnswer?)null), (third.State, third.Lease));
    }

    [Fact]
    public async Task Get_NothingKept_ComputedThenSharedThenMemory()
    {
        var source = ScriptedSource.Of(key => key.Id);
        var first = NewReplica(source);

        Assert.Equal(CacheLevel.Computed, (await first.GetAndSettleAsync(Key)).Level);
        Assert.Equal(CacheLevel.Memory, (await first.GetAsync(Key)).Level);
        var second = NewReplica(source);
        Assert.Equal((new Text("C:1"), CacheLevel.Shared), Shown(await second.GetAsync(Key)));
        Assert.Equal(CacheLevel.Memory, (await second.GetAsync(Key)).Level);
        Assert.Equal(1, source.Computations);
        var life = await Database.KeyTimeToLiveAsync(Tier().EntryKey(Key));
        Assert.InRange(life!.Value, TimeSpan.FromHours(23), TimeSpan.FromHours(24));
    }

    /// <summary>Bar P12: 1,000 concurrent misses of one key, over one replica and over three.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public async Task Get_ThousandAtOnce_OneComputation(int replicas)
    {
        var computing = new TaskCompletionSource();
        var source = new ScriptedSource(async (key, token) =>
        {
            if (key == Key)
            {
                await computing.Task.WaitAsync(token);
            }

            return new SourceResult<Text>(ScriptedSource.Entry(key.Id), true);
        });
        using var listening = new CancellationTokenSource();
        var all = Enumerable.Range(0, replicas).Select(_ => NewReplica(source)).ToList();
        var listeners = all.ConvertAll(replica => replica.Cache.ListenAsync(listening.Token));
        foreach (var replica in all)
        {
            await HeardAsync(replica);
        }

        var before = source.Computations;
        var calls = Enumerable.Range(0, 1000).Select(i => Task.Run(() => all[i % replicas].GetAsync(Key))).ToList();
        await Eventually.HoldsAsync(() => source.Computations > before);
        computing.SetResult();
        var readings = await Task.WhenAll(calls);

        Assert.Equal(1, source.Computations - before);
        Assert.All(readings, reading => Assert.Equal("C:1", reading.Value!.Content));
        await listening.CancelAsync();
        await Task.WhenAll(listeners.Select(listener => Assert.ThrowsAnyAsync<OperationCanceledException>(() => listener)));
    }

    [Fact]
    public async Task Get_HolderOfTheLeaseDied_OthersGoOnAfterIt()
    {
        var replica = NewReplica(ScriptedSource.Of(_ => "mine"));
        await Tier().AcquireAsync(Key, "dead", TimeSpan.FromSeconds(2), default);

        var reading = await replica.GetAndSettleAsync(Key).WaitAsync(TimeSpan.FromSeconds(10), Token);

        Assert.Equal((new Text("mine"), CacheLevel.Computed), Shown(reading));
        Assert.True(replica.Counted("redis", "lease", "waited") > 0);
        Assert.Equal(CacheLevel.Shared, (await NewReplica(ScriptedSource.Of(_ => "other")).GetAsync(Key)).Level);
    }

    [Fact]
    public async Task Get_HolderOfTheLeaseNeverEnds_ComputesAloneAfterTheLongestWait()
    {
        var replica = NewReplica(ScriptedSource.Of(_ => "mine"));
        replica.Options.LeaseWait = TimeSpan.FromMilliseconds(200);
        await Tier().AcquireAsync(Key, "slow", TimeSpan.FromMinutes(1), default);

        // The longest wait is counted by the replica's clock.
        var call = replica.GetAndSettleAsync(Key);
        await Eventually.HoldsAsync(() =>
        {
            clock.Advance(TimeSpan.FromMilliseconds(50));
            return call.IsCompleted;
        });

        Assert.Equal("mine", (await call).Value!.Content);
        Assert.True(await Tier().RenewAsync(Key, "slow", TimeSpan.FromSeconds(1)), "the lease of the other is untouched");
    }

    [Fact]
    public async Task Write_LeaseLost_Refused()
    {
        var tier = Tier();
        var generation = (await tier.ReadAsync(Key, 1000, default)).Generation;
        await tier.AcquireAsync(Key, "first", TimeSpan.FromMilliseconds(1), default);
        await Eventually.HoldsAsync(async () => (await tier.AcquireAsync(Key, "second", TimeSpan.FromMinutes(1), default)).State == LeaseState.Granted);

        Assert.Equal(SharedWrite.LeaseLost, await tier.WriteAsync(Key, "first", generation, "", [1], TimeSpan.FromMinutes(1)));
        Assert.Equal(SharedWrite.Done, await tier.WriteAsync(Key, "second", generation, "", [2], TimeSpan.FromMinutes(1)));
        Assert.False(await tier.ReleaseAsync(Key, "second"), "the write gave it back");
    }

    [Theory]
    [InlineData(4L, 5L, false)]
    [InlineData(5L, 5L, false)]
    [InlineData(6L, 5L, true)]
    [InlineData(6L, null, false)]
    public async Task Write_InvalidatedWhileComputing_OnlyWhatContainsTheChangeIsKept(long entryPosition, long? changePosition, bool kept)
    {
        var source = new TaskCompletionSource();
        var computing = new TaskCompletionSource();
        var slow = NewReplica(new ScriptedSource(async (_, token) =>
        {
            computing.SetResult();
            await source.Task.WaitAsync(token);
            return new SourceResult<Text>(ScriptedSource.Entry("old", entryPosition), true);
        }));
        var call = slow.GetAndSettleAsync(Key);
        await computing.Task.WaitAsync(TimeSpan.FromSeconds(10), Token);

        // Another replica hears of the change; this one's message is lost.
        await NewReplica(ScriptedSource.Of(_ => "")).Cache.InvalidateAsync(Key, changePosition, Token);
        source.SetResult();
        await call;

        var next = await NewReplica(ScriptedSource.Of(_ => "new")).GetAsync(Key);
        Assert.Equal(kept ? "old" : "new", next.Value!.Content);
        var here = await new CacheProbe(slow).CurrentAsync(Key);
        Assert.Equal(kept ? "old" : null, here);
    }

    [Theory]
    [InlineData(4L, true)]
    [InlineData(6L, false)]
    public async Task Invalidate_Position_OnlyOlderEntriesGo(long entryPosition, bool dropped)
    {
        var source = new ScriptedSource((_, _) => Task.FromResult(new SourceResult<Text>(ScriptedSource.Entry("x", entryPosition), true)));
        var replica = NewReplica(source);
        await replica.GetAndSettleAsync(Key);

        Assert.True(await replica.Cache.InvalidateAsync(Key, 5, Token));
        await replica.GetAndSettleAsync(Key);

        Assert.Equal(dropped ? 2 : 1, source.Computations);
    }

    [Fact]
    public async Task Invalidate_WholeTenant_EveryReplicaAndOnlyThatTenant()
    {
        var other = new CacheKey(tenant + "-b", "C:1");
        var source = ScriptedSource.Of(key => key.Tenant);
        var here = NewReplica(source);
        var there = NewReplica(source);
        using var listening = new CancellationTokenSource();
        var listener = there.Cache.ListenAsync(listening.Token);
        await here.GetAndSettleAsync(Key);
        await here.GetAndSettleAsync(other);
        await Eventually.HoldsAsync(async () => (await there.GetAsync(Key)).Level == CacheLevel.Memory && (await there.GetAsync(other)).Level == CacheLevel.Memory);

        await Eventually.HoldsAsync(async () =>
        {
            await here.Cache.InvalidateAsync(CacheKey.Whole(tenant), null, Token);
            return await new CacheProbe(there).CurrentAsync(Key) is null;
        });

        Assert.Equal(CacheLevel.Computed, (await there.GetAsync(Key)).Level);
        Assert.Equal(CacheLevel.Memory, (await here.GetAsync(other)).Level);
        await listening.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => listener);
    }

    [Fact]
    public async Task Invalidate_TenantTwiceWithOnePosition_SecondChangesNothing()
    {
        var replica = NewReplica(new ScriptedSource((_, _) => Task.FromResult(new SourceResult<Text>(ScriptedSource.Entry("x", 9), true))));
        Assert.True(await Tier().InvalidateAsync(CacheKey.Whole(tenant), 7));
        await replica.GetAndSettleAsync(Key);

        Assert.False(await Tier().InvalidateAsync(CacheKey.Whole(tenant), 7));
        Assert.False(await Tier().InvalidateAsync(CacheKey.Whole(tenant), 6));

        Assert.Equal(CacheLevel.Shared, (await NewReplica(ScriptedSource.Of(_ => "y")).GetAsync(Key)).Level);
    }

    [Fact]
    public async Task Get_GenerationLost_OlderEntriesDoNotCount()
    {
        await NewReplica(ScriptedSource.Of(_ => "old")).GetAndSettleAsync(Key);
        await Database.KeyDeleteAsync($"platform:{Uri.EscapeDataString(tenant)}:texts:generation");

        Assert.Equal("new", (await NewReplica(ScriptedSource.Of(_ => "new")).GetAsync(Key)).Value!.Content);
    }

    [Theory]
    [InlineData("flipped")]
    [InlineData("truncated")]
    [InlineData("a few bytes")]
    [InlineData("empty")]
    [InlineData("old schema")]
    [InlineData("garbage")]
    [InlineData("huge")]
    [InlineData("foreign")]
    [InlineData("list")]
    [InlineData("unreadable payload")]
    [InlineData("endless life")]
    public async Task Get_EntryDamaged_DroppedRepairedAndCounted(string damage)
    {
        await NewReplica(ScriptedSource.Of(_ => "good")).GetAndSettleAsync(Key);
        var at = Tier().EntryKey(Key);
        byte[] entry = (await Database.StringGetAsync(at))!;
        EntryEnvelope.TryRead(Key, 1, entry, out var header, out _);
        await Database.KeyDeleteAsync(at);
        if (damage == "list")
        {
            await Database.ListLeftPushAsync(at, "x");
        }
        else
        {
            await Database.StringSetAsync(at, damage switch
            {
                "flipped" => [.. entry.Select((value, i) => i == entry.Length / 2 ? (byte)(value ^ 4) : value)],
                "truncated" => entry[..^7],
                "a few bytes" => entry[..9],
                "empty" => [],
                "old schema" => EntryEnvelope.Write(Key, header with { SchemaVersion = 9 }, "good"u8),
                "huge" => new byte[3_000_000],
                "foreign" => EntryEnvelope.Write(new CacheKey("somebody-else", "C:1"), header, "good"u8),
                "unreadable payload" => EntryEnvelope.Write(Key, header, "!"u8),
                "endless life" => EntryEnvelope.Write(Key, header with { Life = TimeSpan.FromMinutes(1) }, "bad"u8),
                _ => "not an entry at all, but long enough to look like one"u8.ToArray(),
            }, TimeSpan.FromHours(1));
        }

        var repairing = NewReplica(ScriptedSource.Of(_ => "good"));
        Assert.Equal((new Text("good"), CacheLevel.Computed), Shown(await repairing.GetAndSettleAsync(Key)));

        Assert.Equal(1, repairing.Counted("redis", "read", "corrupt"));
        Assert.Equal((new Text("good"), CacheLevel.Shared), Shown(await NewReplica(ScriptedSource.Of(_ => "other")).GetAsync(Key)));
    }

    [Fact]
    public async Task Get_SourceAwayAfterInvalidation_LastKnownFromRedisMarked()
    {
        await NewReplica(ScriptedSource.Of(_ => "known")).GetAndSettleAsync(Key);
        var replica = NewReplica(new ScriptedSource((_, _) => throw new SourceUnavailableException("away", null)));
        await replica.Cache.InvalidateAsync(Key, null, Token);

        var reading = await replica.GetAsync(Key);

        Assert.Equal((new Text("known"), CacheLevel.Shared), Shown(reading));
        Assert.True(reading.IsStale);
        await Assert.ThrowsAsync<SourceUnavailableException>(() => replica.GetAsync(new CacheKey(tenant, "never seen")));
    }

    [Fact]
    public async Task Get_NothingThere_RememberedBrieflyOnEveryTier()
    {
        var source = new ScriptedSource((_, _) => Task.FromResult(new SourceResult<Text>(new CacheEntry<Text>(null, "", null, TimeSpan.Zero), true)));
        Assert.Null((await NewReplica(source).GetAndSettleAsync(Key)).Value);

        var reading = await NewReplica(source).GetAsync(Key);

        Assert.Equal((null, CacheLevel.Shared), Shown(reading));
        Assert.Equal(1, source.Computations);
        Assert.InRange((await Database.KeyTimeToLiveAsync(Tier().EntryKey(Key)))!.Value, TimeSpan.FromSeconds(20), TimeSpan.FromSeconds(30));
    }

    [Fact]
    public async Task Get_Suspended_RedisIsNeitherReadNorWritten()
    {
        await NewReplica(ScriptedSource.Of(_ => "shared")).GetAndSettleAsync(Key);
        var replica = NewReplica(ScriptedSource.Of(_ => "own"));
        replica.Cache.IsSharedSuspended = true;

        Assert.Equal("own", (await replica.GetAndSettleAsync(Key)).Value!.Content);

        Assert.Equal("shared", (await NewReplica(ScriptedSource.Of(_ => "x")).GetAsync(Key)).Value!.Content);
    }

    [Fact]
    public async Task Get_RedisKilledAndBack_NoReadFailsAndItIsUsedAgain()
    {
        await using var own = await PlatformServers.StartOwnRedisAsync(Token);
        using var connection = await ConnectionMultiplexer.ConnectAsync(own.ConnectionString + ",abortConnect=false");
        var source = ScriptedSource.Of(key => key.Id);
        Replica Fresh() => new(new RedisTier(connection, "texts", () => TimeSpan.FromHours(24), TimeProvider.System, NullLogger.Instance), source, TimeProvider.System);
        await Fresh().GetAndSettleAsync(Key);

        await own.StopAsync(Token);
        for (var i = 0; i < 20; i++)
        {
            Assert.Equal(CacheLevel.Computed, (await Fresh().GetAndSettleAsync(Key)).Level);
        }

        await own.StartAsync(Token);
        await Eventually.HoldsAsync(async () =>
        {
            await Fresh().GetAndSettleAsync(Key);
            return (await Fresh().GetAsync(Key)).Level == CacheLevel.Shared;
        });
    }

    // A replica hears the others once an invalidation that only Redis was told of arrives.
    private async Task HeardAsync(Replica replica)
    {
        var probe = new CacheKey(tenant, "probe");
        await Eventually.HoldsAsync(async () =>
        {
            await replica.GetAndSettleAsync(probe);
            await Tier().InvalidateAsync(probe, null);
            return await new CacheProbe(replica).CurrentAsync(probe) is null;
        });
    }

    private RedisTier Tier() => new(redis, "texts", () => TimeSpan.FromHours(24), TimeProvider.System, NullLogger.Instance);

    private Replica NewReplica(ICacheSource<Text> source) => new(Tier(), source, clock);

    private static (Text? Value, CacheLevel Level) Shown(CacheReading<Text> reading) => (reading.Value, reading.Level);
}
