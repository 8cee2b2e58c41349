using Platform.ModelGateway.Limits;
using Platform.ModelGateway.Providers;
using Platform.ServiceDefaults;
using Platform.Testing;
using StackExchange.Redis;

namespace Platform.ModelGateway.Tests.Limits;

public sealed class ModelLimiterTests(PlatformServers servers)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private static string Prefix => $"tests-{Guid.NewGuid():n}";

    [Fact]
    public async Task Take_ThreeReplicasWithWrongClocks_ShareOneBucketExactly()
    {
        var prefix = Prefix;
        await using var first = await LimiterReplica.StartAsync(servers.RedisConnectionString, prefix, 40);
        await using var early = await LimiterReplica.StartAsync(servers.RedisConnectionString, prefix, 40, time: new ManualTime(new DateTimeOffset(2001, 1, 1, 0, 0, 0, TimeSpan.Zero)));
        await using var late = await LimiterReplica.StartAsync(servers.RedisConnectionString, prefix, 40, time: new ManualTime(new DateTimeOffset(2099, 1, 1, 0, 0, 0, TimeSpan.Zero)));

        var began = TimeProvider.System.GetTimestamp();
        var taken = await Task.WhenAll(Enumerable.Range(0, 150).SelectMany(_ => new[] { first.TryAsync(Token), early.TryAsync(Token), late.TryAsync(Token) }));
        var dripped = (int)Math.Ceiling(TimeProvider.System.GetElapsedTime(began).TotalMinutes * 40);

        Assert.InRange(taken.Count(granted => granted), 40, 40 + dripped);
    }

    [Fact]
    public async Task Take_FiveTimesTheLimit_LetsTheLimitThrough()
    {
        // The short form of the benchmark "limits".
        var measured = await LimitPrecision.MeasureAsync(servers.RedisConnectionString, 1200, TimeSpan.FromSeconds(8), Token);

        Assert.True(measured.Error <= 0.01, $"{measured}");
        Assert.True(measured.Offered > measured.Most, $"{measured}");
    }

    [Fact]
    public async Task Take_MuchIsLeft_DoesNotWaitForRedisAndTellsItAfter()
    {
        const int PerMinute = 400;
        const int Times = 5;
        var (prefix, time) = (Prefix, new ManualTime());
        await using var replica = await LimiterReplica.StartAsync(servers.RedisConnectionString, prefix, PerMinute, time: time);
        using var redis = await ConnectionMultiplexer.ConnectAsync(servers.RedisConnectionString);
        async Task<(long Level, long At)> BucketAsync()
        {
            var fields = await redis.GetDatabase().HashGetAsync($"{prefix}:acme:model-rate:primary", ["level", "at"]);
            return ((long)fields[0], (long)fields[1]);
        }

        // So many that it is not full again before the end.
        var (calls, told) = (100, 0);
        using var pace = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
        Assert.True(await replica.TryAsync(Token));
        var (_, began) = await BucketAsync();
        for (var call = 1; call < calls; call++)
        {
            Assert.True(await replica.TryAsync(Token));
        }

        for (var look = 0; told < Times && look < 4 * Times; look++)
        {
            await pace.WaitForNextTickAsync(Token);
            calls++;
            time.Advance(CallsAhead.Life);
            var (_, before) = await BucketAsync();
            Assert.True(replica.Limiter.TakeAsync("acme", "primary", TimeSpan.Zero, Token).IsCompletedSuccessfully);
            told += await IsToldAsync(before) ? 1 : 0;
        }

        // It may hold less than that by one call that was taken ahead.
        var (level, at) = await BucketAsync();
        var most = (PerMinute * TokenBucketScripts.Call) - (calls * TokenBucketScripts.Call) + ((at - began) * PerMinute);
        Assert.Equal(Times, told);
        Assert.InRange(level, most - TokenBucketScripts.Call, most);

        // A call that was taken ahead, because the last reply came only after the clock was moved, is not told.
        async Task<bool> IsToldAsync(long before)
        {
            var isTold = false;
            for (var look = 0; look < 100 && !isTold; look++)
            {
                await pace.WaitForNextTickAsync(Token);
                isTold = (await BucketAsync()).At > before;
            }

            return isTold;
        }
    }

    [Fact]
    public async Task Take_BucketEmpty_WaitsInTurnWithinTheDeadline()
    {
        var prefix = Prefix;
        await using var first = await LimiterReplica.StartAsync(servers.RedisConnectionString, prefix, 600, waiting: 100);
        await using var second = await LimiterReplica.StartAsync(servers.RedisConnectionString, prefix, 600, waiting: 100);
        await Task.WhenAll(Enumerable.Range(0, 600).Select(_ => first.TryAsync(Token)));

        var began = TimeProvider.System.GetTimestamp();
        var waited = await Task.WhenAll(Enumerable.Range(0, 20).Select(call => (call % 2 == 0 ? first : second).TryAsync(Token, TimeSpan.FromSeconds(20))));
        var elapsed = TimeProvider.System.GetElapsedTime(began);

        Assert.All(waited, Assert.True);
        Assert.True(elapsed > TimeSpan.FromSeconds(1), $"20 calls at 10 a second came after {elapsed}");
    }

    [Fact]
    public async Task Take_DeadlineBeforeItsTurn_IsRefusedAtOnceAndTellsWhen()
    {
        await using var replica = await LimiterReplica.StartAsync(servers.RedisConnectionString, Prefix, 1, waiting: 100);
        Assert.True(await replica.TryAsync(Token));

        var began = TimeProvider.System.GetTimestamp();
        var error = await Assert.ThrowsAsync<ProviderException>(() => replica.Limiter.TakeAsync("acme", "primary", TimeSpan.FromSeconds(30), Token));

        Assert.True(error.Refused);
        Assert.Equal(ExternalErrorClass.RateLimit, error.Kind);
        Assert.InRange(error.RetryAfter!.Value, TimeSpan.FromSeconds(30), TimeSpan.FromSeconds(60));
        Assert.True(TimeProvider.System.GetElapsedTime(began) < TimeSpan.FromSeconds(20));
    }

    [Fact]
    public async Task Take_CallerLeaves_GivesItsTurnBack()
    {
        await using var replica = await LimiterReplica.StartAsync(servers.RedisConnectionString, Prefix, 1, waiting: 1);
        Assert.True(await replica.TryAsync(Token));
        using (var leaving = new CancellationTokenSource())
        {
            var waiting = replica.TryAsync(leaving.Token, TimeSpan.FromMinutes(5));
            await Eventually.HoldsAsync(async () => !await replica.TryAsync(Token), "the place in the queue is taken");
            await leaving.CancelAsync();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
        }

        // One may wait: had the turn not come back, this one would be refused at once for the queue.
        using var patience = new CancellationTokenSource(TimeSpan.FromMilliseconds(300));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => replica.TryAsync(patience.Token, TimeSpan.FromMinutes(5)));
    }

    [Fact]
    public async Task Take_CallerLeavesWhileRedisIsAsked_GivesItsCallBack()
    {
        await using var redis = await PlatformServers.StartOwnRedisAsync(Token);
        await using var replica = await LimiterReplica.StartAsync(redis.ConnectionString, Prefix, 1);
        await PausedRedis.PauseAsync(redis, TimeSpan.FromMilliseconds(500));
        using var leaving = new CancellationTokenSource();
        var taking = replica.TryAsync(leaving.Token);

        await leaving.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => taking);
        Assert.True(await replica.TryAsync(Token));
        Assert.False(await replica.TryAsync(Token));
    }

    [Fact]
    public async Task Take_RedisGoesAndComesBack_KeepsTheLimitThroughout()
    {
        await using var redis = await PlatformServers.StartOwnRedisAsync(Token);
        var prefix = Prefix;
        var replicas = new List<LimiterReplica>();
        try
        {
            for (var replica = 0; replica < 3; replica++)
            {
                replicas.Add(await LimiterReplica.StartAsync(redis.ConnectionString, prefix, 60));
            }

            foreach (var replica in replicas.Concat(replicas))
            {
                await replica.Count.RefreshAsync(Token);
            }

            Assert.All(replicas, replica => Assert.Equal(3, replica.Count.Count));
            var began = TimeProvider.System.GetTimestamp();
            var granted = await TryAllAsync(replicas, 30);
            Assert.InRange(granted, 60, 60 + (int)Math.Ceiling(TimeProvider.System.GetElapsedTime(began).TotalSeconds));
            granted += await TryAllAsync(replicas, 1);

            await redis.StopAsync(Token);
            await Eventually.HoldsAsync(() => replicas.TrueForAll(replica => !replica.IsConnected), "Redis is away");
            granted += await TryAllAsync(replicas, 30);
            await redis.StartAsync(Token);
            await Eventually.HoldsAsync(() => replicas.TrueForAll(replica => replica.IsConnected), "Redis is back, without its keys");
            granted += await TryAllAsync(replicas, 30);

            // An empty Redis would mean a full bucket; the replicas know better, to twice the limit of a call to Redis.
            var allowed = 60 + TimeProvider.System.GetElapsedTime(began).TotalSeconds;
            Assert.InRange(granted, 60, (int)Math.Ceiling(allowed) + 4 + 1 + replicas.Count);
        }
        finally
        {
            foreach (var replica in replicas)
            {
                await replica.DisposeAsync();
            }
        }
    }

    private static async Task<int> TryAllAsync(List<LimiterReplica> replicas, int calls) =>
        (await Task.WhenAll(replicas.SelectMany(replica => Enumerable.Range(0, calls).Select(_ => replica.TryAsync(Token))))).Count(granted => granted);
}
