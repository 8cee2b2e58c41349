using Platform.Caching.Changes;
using Platform.Caching.Sharing;
using Platform.Testing;

namespace Platform.Caching.Tests.Tiered;

/// <summary>How long what is kept counts: by time that passes and not by the wall clock, stale while a new value is made, and as the last known while nothing better can be had.</summary>
public sealed class FreshnessTests
{
    private static readonly CacheKey Key = new("tenant", "C:1");
    private readonly ManualTime time = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(5)]
    [InlineData(-5)]
    public async Task Get_WallClockJumps_NeitherEarlierNorLaterExpiry(int days)
    {
        var shared = new FakeSharedTier(time);
        var source = ScriptedSource.Of(_ => "value");
        var (first, second) = (NewReplica(source, shared), NewReplica(source, shared));
        await first.GetAndSettleAsync(Key);

        time.Jump(TimeSpan.FromDays(days));
        time.Advance(TimeSpan.FromMinutes(59));
        Assert.Equal(CacheLevel.Memory, (await first.GetAndSettleAsync(Key)).Level);
        Assert.Equal(CacheLevel.Shared, (await second.GetAndSettleAsync(Key)).Level);

        time.Jump(TimeSpan.FromDays(-2 * days));
        time.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(CacheLevel.Computed, (await first.GetAndSettleAsync(Key)).Level);
        Assert.Equal(2, source.Computations);
    }

    [Fact]
    public async Task Get_WallClockJumpsWhileTheSourceIsAway_LastKnownUpToItsGreatestAge()
    {
        var isAway = false;
        var replica = NewReplica(Switched(() => isAway));
        await replica.GetAndSettleAsync(Key);
        isAway = true;

        time.Jump(TimeSpan.FromDays(30));
        time.Advance(TimeSpan.FromMinutes(180));
        Assert.True((await replica.GetAsync(Key)).IsStale);

        time.Jump(TimeSpan.FromDays(-60));
        time.Advance(TimeSpan.FromMilliseconds(1));
        await Assert.ThrowsAsync<SourceUnavailableException>(() => replica.GetAsync(Key));
    }

    /// <summary>Redis' old client throws <see cref="NullReferenceException"/> at times, while a connection is lost or comes back.</summary>
    [Theory]
    [InlineData(typeof(NullReferenceException))]
    [InlineData(typeof(InvalidOperationException))]
    [InlineData(typeof(TimeoutException))]
    [InlineData(typeof(KeyNotFoundException))]
    public async Task Get_TierFailsInAnyWay_ComputedAndSharedAgainAfterIt(Type fault)
    {
        var shared = new FakeSharedTier(time) { Fault = (Exception)Activator.CreateInstance(fault)! };
        var source = ScriptedSource.Of(_ => "value");
        Assert.Equal(CacheLevel.Computed, (await NewReplica(source, shared).GetAndSettleAsync(Key)).Level);

        shared.Fault = null;
        await NewReplica(source, shared).GetAndSettleAsync(Key);

        Assert.Equal(CacheLevel.Shared, (await NewReplica(source, shared).GetAsync(Key)).Level);
    }

    [Fact]
    public async Task Get_JustExpired_OldValueAtOnceAndOneComputationBehindIt()
    {
        var gate = new TaskCompletionSource();
        var made = 0;
        var source = new ScriptedSource(async (_, token) =>
        {
            var number = Interlocked.Increment(ref made);
            if (number > 1)
            {
                await gate.Task.WaitAsync(token);
            }

            return new SourceResult<Text>(ScriptedSource.Entry($"value {number}"), true);
        });
        var replica = NewReplica(source);
        replica.Options.StaleWhileRevalidate = TimeSpan.FromMinutes(10);
        await replica.GetAndSettleAsync(Key);
        time.Advance(TimeSpan.FromMinutes(69));

        var meanwhile = await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => replica.GetAsync(Key)));
        gate.SetResult();
        await replica.Cache.PendingAsync().WaitAsync(TimeSpan.FromSeconds(20), Token);
        var after = await replica.GetAsync(Key);

        Assert.All(meanwhile, reading => Assert.Equal(("value 1", CacheLevel.Memory, true), (reading.Value!.Content, reading.Level, reading.IsStale)));
        Assert.Equal(("value 2", CacheLevel.Memory, false), (after.Value!.Content, after.Level, after.IsStale));
        Assert.Equal(2, source.Computations);
    }

    [Fact]
    public async Task Get_ExpiredForLongerThanStaleIsAllowed_Computed()
    {
        var replica = NewReplica(ScriptedSource.Of(_ => "value"));
        replica.Options.StaleWhileRevalidate = TimeSpan.FromMinutes(10);
        await replica.GetAndSettleAsync(Key);

        time.Advance(TimeSpan.FromMinutes(70));

        Assert.Equal((CacheLevel.Computed, false), await replica.GetAndSettleAsync(Key) is var reading ? (reading.Level, reading.IsStale) : default);
    }

    [Fact]
    public async Task Get_InvalidatedWithinStaleWhileRevalidate_NotServedWhileTheSourceIsThere()
    {
        var made = 0;
        var isAway = false;
        var replica = NewReplica(new ScriptedSource((_, _) => isAway
            ? throw new SourceUnavailableException("away", null)
            : Task.FromResult(new SourceResult<Text>(ScriptedSource.Entry($"value {++made}"), true))));
        replica.Options.StaleWhileRevalidate = TimeSpan.FromMinutes(10);
        await replica.GetAndSettleAsync(Key);

        await replica.Cache.InvalidateAsync(Key, null, Token);
        Assert.Equal("value 2", (await replica.GetAndSettleAsync(Key)).Value!.Content);

        await replica.Cache.InvalidateAsync(Key, null, Token);
        isAway = true;
        Assert.Equal(("value 2", true), await replica.GetAsync(Key) is var known ? (known.Value!.Content, known.IsStale) : default);
    }

    /// <summary>Nobody joins the computation any more after the first change, which it knows of; it must hear of the second all the same.</summary>
    [Fact]
    public async Task Get_TwoChangesWhileComputingAndOnlyTheFirstKnown_NotKept()
    {
        var gate = new TaskCompletionSource();
        var source = new ScriptedSource(async (_, token) =>
        {
            await gate.Task.WaitAsync(token);
            return new SourceResult<Text>(ScriptedSource.Entry("with the first", position: 5), true);
        });
        var replica = NewReplica(source);
        var reading = replica.GetAsync(Key);
        await Eventually.HoldsAsync(() => source.Computations == 1);

        await replica.Cache.InvalidateAsync(Key, 4, Token);
        await replica.Cache.InvalidateAsync(Key, 6, Token);
        gate.SetResult();
        await reading;

        Assert.Null(await new CacheProbe(replica).CurrentAsync(Key));
    }

    [Fact]
    public async Task Get_RevalidationFails_StaleAndTriedAgain()
    {
        var isAway = false;
        var source = Switched(() => isAway);
        var replica = NewReplica(source);
        replica.Options.StaleWhileRevalidate = TimeSpan.FromMinutes(10);
        await replica.GetAndSettleAsync(Key);
        isAway = true;
        time.Advance(TimeSpan.FromMinutes(61));

        Assert.True((await replica.GetAndSettleAsync(Key)).IsStale);
        isAway = false;
        Assert.True((await replica.GetAndSettleAsync(Key)).IsStale);

        Assert.False((await replica.GetAsync(Key)).IsStale);
        Assert.Equal(3, source.Computations);
    }

    /// <summary>A refresher that lost the race with a change has still looked at the data: its result is worth more in the table than none.</summary>
    [Fact]
    public async Task Refresh_EverythingDroppedMeanwhile_DurableTierHasItMemoryAndRedisDoNot()
    {
        var gate = new TaskCompletionSource();
        var source = new ScriptedSource(async (_, token) =>
        {
            await gate.Task.WaitAsync(token);
            return new SourceResult<Text>(ScriptedSource.Entry("value", 7), true);
        });
        var (durable, shared) = (new FakeDurableTier(time, (_, _) => false), new FakeSharedTier(time));
        var replica = NewReplica(source, shared, durable);
        var refreshing = replica.Cache.RefreshAsync(Key, Token);
        await Eventually.HoldsAsync(() => source.Computations == 1);

        ((IChangeFollower)replica.Cache).DropEverythingLocal();
        gate.SetResult();
        Assert.True((await refreshing).IsKept);

        Assert.Null(await new CacheProbe(replica).CurrentAsync(Key));
        Assert.Equal(SharedState.Absent, (await shared.ReadAsync(Key, int.MaxValue, default)).State);
        Assert.Equal("value", (await durable.FindAsync(Key, Token)).Entry!.Value!.Content);
    }

    [Theory]
    [InlineData(true, true)]
    [InlineData(false, false)]
    public async Task Refresh_TableAwayOrResultIncomplete_SaidToBeShownOnly(bool isAway, bool isComplete)
    {
        var replica = NewReplica(
            new ScriptedSource((_, _) => Task.FromResult(new SourceResult<Text>(ScriptedSource.Entry("value"), isComplete))), durable: new FakeDurableTier(time, (_, _) => false) { IsAway = isAway });

        var reading = await replica.Cache.RefreshAsync(Key, Token);

        Assert.Equal(("value", false), (reading.Value!.Content, reading.IsKept));
    }

    private Replica NewReplica(ICacheSource<Text> source, ISharedTier? shared = null, FakeDurableTier? durable = null)
    {
        var replica = new Replica(shared, source, time, durable);
        replica.Options.Freshness = TimeSpan.FromMinutes(60);
        replica.Options.MaximumStaleness = TimeSpan.FromMinutes(180);
        return replica;
    }

    private static ScriptedSource Switched(Func<bool> isAway) => new((_, _) => isAway()
        ? throw new SourceUnavailableException("away", null)
        : Task.FromResult(new SourceResult<Text>(ScriptedSource.Entry("value"), true)));
}
