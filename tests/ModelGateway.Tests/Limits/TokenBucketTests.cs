using System.Globalization;
using Platform.ModelGateway.Limits;
using Platform.Testing;
using StackExchange.Redis;

namespace Platform.ModelGateway.Tests.Limits;

/// <summary>The bucket's arithmetic, in Redis with a clock that the test sets, and beside it the local one.</summary>
public sealed class TokenBucketTests(PlatformServers servers) : IAsyncLifetime
{
    // The script is the one that runs in production; only its first line, which reads the clock, is the test's.
    private const string TestClock = "local now = tonumber(ARGV[#ARGV])\n";
    private const long Minute = 60_000_000;
    private const long Start = 1_770_000_000_000_000;

    private ConnectionMultiplexer _redis = null!;

    public async ValueTask InitializeAsync() => _redis = await ConnectionMultiplexer.ConnectAsync(servers.RedisConnectionString);

    public async ValueTask DisposeAsync() => await _redis.CloseAsync();

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public async Task Take_AnyTimes_NeverGrantsMoreThanBurstAndRate(int seed)
    {
        var random = new Random(seed);
        var perMinute = random.Next(1, 200);
        var waiting = random.Next(0, 20);
        var key = Key();
        var now = Start;
        var grants = new List<long>();
        for (var call = 0; call < 400; call++)
        {
            now += random.Next(4) == 0 ? random.NextInt64(Minute * 2) : random.NextInt64(Minute / perMinute * 2);
            var taken = await TakeAsync(key, perMinute, random.NextInt64(Minute), waiting, now);
            if (taken.Promised && random.Next(5) == 0 && await GiveBackAsync(key, perMinute, taken.Ticket, now))
            {
                continue;
            }

            if (taken.Promised)
            {
                grants.Add(now + taken.Wait);
            }
        }

        AssertWithinBucket(grants, perMinute, Start);
        Assert.NotEmpty(grants);
    }

    [Theory]
    [InlineData(11)]
    [InlineData(12)]
    public async Task Take_ClockSetBack_GrantsNoMoreAndRecovers(int seed)
    {
        var random = new Random(seed);
        const int PerMinute = 60;
        var key = Key();
        long trueTime = 0, offset = 0;
        var grants = new List<long>();
        for (var call = 0; call < 400; call++)
        {
            trueTime += random.NextInt64(Minute / PerMinute);
            if (random.Next(40) == 0)
            {
                // Only backwards: no step of it may bring a call more than true time does.
                offset -= random.NextInt64(Minute * 60);
            }

            var taken = await TakeAsync(key, PerMinute, 0, 0, Start + trueTime + offset);
            if (taken.Promised)
            {
                grants.Add(Start + trueTime);
            }
        }

        AssertWithinBucket(grants, PerMinute, Start);
        var later = Start + trueTime + offset + Minute;
        Assert.True((await TakeAsync(key, PerMinute, 0, 0, later)).Promised, "a minute later by the same clock there are calls again");
    }

    [Fact]
    public async Task Take_ClockJumpsForward_GrantsOneBurstAtMost()
    {
        const int PerMinute = 30;
        var key = Key();
        for (var call = 0; call < PerMinute; call++)
        {
            Assert.True((await TakeAsync(key, PerMinute, 0, 0, Start)).Promised);
        }

        var jumped = Start + (Minute * 60 * 24 * 365);
        var granted = 0;
        for (var call = 0; call < PerMinute * 3; call++)
        {
            granted += (await TakeAsync(key, PerMinute, 0, 0, jumped)).Promised ? 1 : 0;
        }

        Assert.Equal(PerMinute, granted);
    }

    [Theory]
    [InlineData(21)]
    [InlineData(22)]
    public async Task Take_SameTimes_LocalBucketDecidesAlike(int seed)
    {
        var random = new Random(seed);
        var perMinute = random.Next(1, 500);
        var clock = new ManualTime();
        var local = new LocalBucket("bucket", clock);
        var key = Key();
        var now = Start;
        for (var call = 0; call < 400; call++)
        {
            var step = random.Next(6) == 0 ? random.NextInt64(Minute) : random.NextInt64(Minute / perMinute * 2);
            now += step;
            clock.Advance(TimeSpan.FromMicroseconds(step));
            var longest = random.NextInt64(Minute / 10);

            var shared = await TakeAsync(key, perMinute, longest, 10, now);
            var alone = local.Take(perMinute, 1, TimeSpan.FromMicroseconds(longest), 10);

            Assert.Equal((shared.Promised, TimeSpan.FromMicroseconds(shared.Wait)), alone);
        }
    }

    [Fact]
    public void Take_LocalShares_TogetherAreTheLimit()
    {
        const int PerMinute = 60;
        const int Replicas = 3;
        var clock = new ManualTime();
        var shares = Enumerable.Range(0, Replicas).Select(_ => new LocalBucket("bucket", clock)).ToArray();
        var granted = 0;
        for (var second = 0; second < 600; second++)
        {
            clock.Advance(TimeSpan.FromSeconds(1));
            granted += shares.Sum(share => Enumerable.Range(0, 5).Count(_ => share.Take(PerMinute, Replicas, TimeSpan.Zero, 0).Promised));
        }

        Assert.InRange(granted, 600, 600 + PerMinute);
    }

    [Theory]
    [InlineData(31)]
    [InlineData(32)]
    public async Task Take_WithCallsAhead_NeverGrantsMoreThanBurstAndRate(int seed)
    {
        var random = new Random(seed);
        var perMinute = random.Next(400, 2_000);
        var key = Key();
        var now = Start;
        var grants = new List<long>();
        var lapsed = 0;
        for (var call = 0; call < 600; call++)
        {
            now += random.NextInt64(Minute / perMinute * 3);
            var taken = await TakeAsync(key, perMinute, 0, 0, now, random.Next(20), lapsed);
            var used = random.Next(taken.Ahead + 1);
            lapsed = taken.Ahead - used;
            grants.AddRange(Enumerable.Repeat(now, used + (taken.Promised ? 1 : 0)));
        }

        AssertWithinBucket(grants, perMinute, Start);
        Assert.True(grants.Count > 600, "calls ahead were granted");
    }

    [Fact]
    public async Task Take_HalfOfTheBucketUsed_GrantsNoneAhead()
    {
        const int PerMinute = 400;
        var key = Key();

        Assert.Equal(PerMinute / 2, (await TakeAsync(key, PerMinute, 0, 0, Start, ahead: PerMinute)).Ahead + 1);
        Assert.Equal(0, (await TakeAsync(key, PerMinute, 0, 0, Start, ahead: 1)).Ahead);
    }

    [Fact]
    public async Task GiveBack_NotTheLast_IsRefused()
    {
        var key = Key();
        var first = await TakeAsync(key, 1, Minute * 10, 10, Start);
        var second = await TakeAsync(key, 1, Minute * 10, 10, Start);
        var third = await TakeAsync(key, 1, Minute * 10, 10, Start);
        Assert.Equal([0L, Minute, 2 * Minute], new[] { first.Wait, second.Wait, third.Wait });

        Assert.False(await GiveBackAsync(key, 1, second.Ticket, Start));
        Assert.True(await GiveBackAsync(key, 1, third.Ticket, Start));

        Assert.Equal(2 * Minute, (await TakeAsync(key, 1, Minute * 10, 10, Start)).Wait);
    }

    /// <summary>In any span, no more than a full bucket and what drips in meanwhile.</summary>
    private static void AssertWithinBucket(List<long> grants, int perMinute, long from)
    {
        grants.Sort();
        for (var first = 0; first < grants.Count; first++)
        {
            for (var last = first; last < grants.Count; last++)
            {
                var allowed = perMinute + ((Int128)(grants[last] - grants[first] + 1) * perMinute / Minute) + 1;
                Assert.True(last - first + 1 <= allowed, $"{last - first + 1} calls within {grants[last] - grants[first]} µs from {grants[first] - from}, allowed {allowed}");
            }
        }
    }

    private static RedisKey Key() => $"tests-{Guid.NewGuid():n}:bucket";

    private async Task<(bool Promised, long Wait, long Ticket, int Ahead)> TakeAsync(RedisKey key, int perMinute, long longest, int waiting, long now, int ahead = 0, int lapsed = 0, int calls = 1)
    {
        var reply = (RedisResult[])(await _redis.GetDatabase().ScriptEvaluateAsync(
            TestClock + TokenBucketScripts.Take, [key], [perMinute, perMinute, longest, waiting, "", ahead, lapsed, calls, now]))!;
        return ((int)reply[0] == 1, Number(reply[1]), Number(reply[2]), (int)Number(reply[4]));
    }

    private async Task<bool> GiveBackAsync(RedisKey key, int perMinute, long ticket, long now)
    {
        var reply = (RedisResult[])(await _redis.GetDatabase().ScriptEvaluateAsync(TestClock + TokenBucketScripts.GiveBack, [key], [perMinute, perMinute, ticket, now]))!;
        return (int)reply[0] == 1;
    }

    private static long Number(RedisResult value) => long.Parse((string)value!, CultureInfo.InvariantCulture);
}
