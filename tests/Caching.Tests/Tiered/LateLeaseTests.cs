using Platform.Caching.Sharing;
using Platform.Testing;

namespace Platform.Caching.Tests.Tiered;

/// <summary>A lease that was granted after its asker had stopped waiting would hold up all others until its end: it is given back.</summary>
public sealed class LateLeaseTests
{
    private static readonly CacheKey Key = new("tenant", "C:1");
    private static readonly byte[] Garbage = [.. "garbage, garbage"u8];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    /// <summary>Where there is no entry the lease is asked for while looking, beside one that is of no use in a step of its own.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Get_LeaseGrantedTooLate_ComputedAloneAndLeaseGivenBack(bool besideAnEntry)
    {
        var (tier, replica) = Slow();
        if (besideAnEntry)
        {
            await tier.Inner.AcquireAsync(Key, "earlier", TimeSpan.FromSeconds(3), default);
            await tier.Inner.WriteAsync(Key, "earlier", (await tier.Inner.ReadAsync(Key, 1000, default)).Generation, "", Garbage, TimeSpan.FromHours(1));
        }

        replica.Options.RedisTimeout = TimeSpan.FromMilliseconds(50);

        Assert.Equal(CacheLevel.Computed, (await replica.GetAsync(Key)).Level);

        await GivenBackAsync(tier, replica, besideAnEntry ? Garbage : []);
    }

    [Fact]
    public async Task Get_CallerGoneBeforeTheLeaseWasGranted_LeaseGivenBack()
    {
        var (tier, replica) = Slow();
        using var gone = new CancellationTokenSource();
        var reading = replica.Cache.GetAsync(Key, gone.Token).AsTask();
        await Eventually.HoldsAsync(() => tier.Asked == 1);

        await gone.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => reading);

        await GivenBackAsync(tier, replica, []);
    }

    private static async Task GivenBackAsync(SlowLeases tier, Replica replica, byte[] entry)
    {
        tier.Gate.SetResult();
        await Eventually.HoldsAsync(() => tier.Released == 1);
        await replica.Cache.PendingAsync().WaitAsync(TimeSpan.FromSeconds(20), Token);

        Assert.Equal(LeaseState.Granted, (await tier.Inner.AcquireAsync(Key, "another", TimeSpan.FromSeconds(3), entry)).State);
    }

    private static (SlowLeases Tier, Replica Replica) Slow()
    {
        var time = new ManualTime();
        var tier = new SlowLeases(new FakeSharedTier(time));
        return (tier, new Replica(tier, ScriptedSource.Of(_ => "value"), time));
    }

    /// <summary>A tier that grants leases at once and says so only when the test lets it.</summary>
    private sealed class SlowLeases(FakeSharedTier inner) : ISharedTier
    {
        private int asked, released;

        public FakeSharedTier Inner => inner;

        public TaskCompletionSource Gate { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public int Asked => Volatile.Read(ref asked);

        public int Released => Volatile.Read(ref released);

        public string Name => inner.Name;

        public bool IsConnected => true;

        public async Task<LeaseAnswer> AcquireAsync(CacheKey key, string lease, TimeSpan duration, ReadOnlyMemory<byte> seen)
        {
            var answer = await inner.AcquireAsync(key, lease, duration, seen);
            Interlocked.Increment(ref asked);
            await Gate.Task;
            return answer;
        }

        public async Task<bool> ReleaseAsync(CacheKey key, string lease)
        {
            var given = await inner.ReleaseAsync(key, lease);
            Interlocked.Increment(ref released);
            return given;
        }

        public async Task<SharedReading> ReadAsync(CacheKey key, int maximumBytes, LeaseRequest wanted)
        {
            var reading = await inner.ReadAsync(key, maximumBytes, wanted);
            if (reading.Lease is not null)
            {
                Interlocked.Increment(ref asked);
                await Gate.Task;
            }

            return reading;
        }

        public Task<byte[]?> ReadLastKnownAsync(CacheKey key, int maximumBytes) => inner.ReadLastKnownAsync(key, maximumBytes);

        public Task<bool> RenewAsync(CacheKey key, string lease, TimeSpan duration) => inner.RenewAsync(key, lease, duration);

        public Task<SharedWrite> WriteAsync(CacheKey key, string lease, string generation, string snapshot, byte[] entry, TimeSpan life) => inner.WriteAsync(key, lease, generation, snapshot, entry, life);

        public Task<bool> InvalidateAsync(CacheKey key, long? position) => inner.InvalidateAsync(key, position);

        public Task<string?> ReadSnapshotAsync() => inner.ReadSnapshotAsync();

        public Task<bool> WriteSnapshotAsync(string snapshot, TimeSpan life) => inner.WriteSnapshotAsync(snapshot, life);

        public Task ListenAsync(Action<SharedNotice> heard, CancellationToken cancellationToken) => inner.ListenAsync(heard, cancellationToken);
    }
}
