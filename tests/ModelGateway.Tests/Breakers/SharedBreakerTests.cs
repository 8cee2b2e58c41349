using System.Collections.Concurrent;
using Platform.ModelGateway.Breakers;
using Platform.Testing;

namespace Platform.ModelGateway.Tests.Breakers;

public sealed class SharedBreakerTests(PlatformServers servers)
{
    private static readonly TimeSpan Short = TimeSpan.FromMilliseconds(200);

    private readonly string _prefix = $"tests-{Guid.NewGuid():n}";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Failed_FiveOverTwoInstances_OpensForBoth()
    {
        await using var first = await StartAsync();
        await using var second = await StartAsync();
        await first.FailAsync(3);
        await second.FailAsync(1);
        Assert.Equal((BreakerPhase.Closed, BreakerPhase.Closed), (first.Phase, second.Phase));

        await second.FailAsync(1);

        await Eventually.HoldsAsync(() => first.Phase == BreakerPhase.Open && second.Phase == BreakerPhase.Open);
        Assert.False(await first.TryAsync(pass => pass.Abandoned()));
        var listed = Assert.Single(first.Registry.All());
        Assert.Equal(("fake", "chat", false), (listed.Provider, listed.Endpoint, listed.Local));
        Assert.InRange((listed.State.HalfOpenAt - listed.State.OpenedAt)!.Value, TimeSpan.FromSeconds(29), TimeSpan.FromSeconds(31));
    }

    [Fact]
    public async Task TryEnter_HalfOpen_LetsOneCallThroughOverAllInstances()
    {
        await using var first = await StartAsync(Short);
        await using var second = await StartAsync(Short);
        await first.FailAsync(5);
        await Eventually.HoldsAsync(() => first.Phase == BreakerPhase.HalfOpen && second.Phase == BreakerPhase.HalfOpen);

        var passes = await Task.WhenAll(Enumerable.Range(0, 20).Select(call => (call % 2 == 0 ? first : second).Breaker.TryEnterAsync(Token).AsTask()));

        var probe = Assert.Single(passes, pass => pass is not null);
        probe!.Abandoned();
        await Eventually.HoldsAsync(() => second.TryAsync(pass => pass.Abandoned()));
    }

    [Fact]
    public async Task Succeeded_ThreeProbesOfEitherInstance_ClosesForBoth()
    {
        await using var first = await StartAsync(Short);
        await using var second = await StartAsync(Short);
        await first.FailAsync(5);
        await Eventually.HoldsAsync(() => second.Phase == BreakerPhase.HalfOpen);

        await Eventually.HoldsAsync(() => second.TryAsync(pass => pass.Succeeded()));
        await Eventually.HoldsAsync(() => first.TryAsync(pass => pass.Succeeded()));
        Assert.NotEqual(BreakerPhase.Closed, first.Phase);
        await Eventually.HoldsAsync(() => second.TryAsync(pass => pass.Succeeded()));

        await Eventually.HoldsAsync(() => first.Phase == BreakerPhase.Closed && second.Phase == BreakerPhase.Closed);
        Assert.Equal(0, first.Breaker.Snapshot().Failures);
    }

    [Fact]
    public async Task Failed_OneProbe_OpensAgainForBoth()
    {
        await using var first = await StartAsync(TimeSpan.FromSeconds(2));
        await using var second = await StartAsync(TimeSpan.FromSeconds(2));
        await first.FailAsync(5);
        await Eventually.HoldsAsync(() => second.Phase == BreakerPhase.HalfOpen);
        await Eventually.HoldsAsync(() => second.TryAsync(pass => pass.Succeeded()));

        await Eventually.HoldsAsync(() => second.TryAsync(pass => pass.Failed()));

        await Eventually.HoldsAsync(() => first.Phase == BreakerPhase.Open && second.Phase == BreakerPhase.Open);
        Assert.Equal(2, second.Registry.Openings);
    }

    [Fact]
    public async Task Failed_CallFromBeforeTheOpening_DoesNotOpenAgain()
    {
        await using var instance = await StartAsync(Short);
        var early = await instance.Breaker.TryEnterAsync(Token);
        await instance.FailAsync(5);
        await Eventually.HoldsAsync(() => instance.Phase == BreakerPhase.HalfOpen);

        early!.Failed();

        await Eventually.HoldsAsync(() => instance.TryAsync(pass => pass.Succeeded()));
        Assert.Equal(BreakerPhase.HalfOpen, instance.Phase);
        Assert.Equal(1, instance.Registry.Openings);
    }

    [Fact]
    public async Task TryEnter_InstanceDiedWithItsProbe_AnotherMayTryAfterTheLease()
    {
        await using var second = await StartAsync(Short, TimeSpan.FromSeconds(2));
        await using (var first = await StartAsync(Short, TimeSpan.FromSeconds(2)))
        {
            await first.FailAsync(5);
            await Eventually.HoldsAsync(() => first.Phase == BreakerPhase.HalfOpen);
            Assert.NotNull(await first.Breaker.TryEnterAsync(Token));
        }

        Assert.False(await second.TryAsync(pass => pass.Abandoned()));
        await Eventually.HoldsAsync(() => second.TryAsync(pass => pass.Abandoned()));
    }

    [Fact]
    public async Task TryEnter_AnswerComesTooLate_LeavesNoProbeBehind()
    {
        await using var redis = await PlatformServers.StartOwnRedisAsync(Token);
        await using var first = await BreakerReplica.StartAsync(redis.ConnectionString, _prefix, Token, breaker => (breaker.OpenFor, breaker.SharedTimeout) = (Short, TimeSpan.FromMilliseconds(100)));
        await using var second = await BreakerReplica.StartAsync(redis.ConnectionString, _prefix, Token, breaker => breaker.OpenFor = Short);
        await second.FailAsync(5);
        await Eventually.HoldsAsync(() => first.Phase == BreakerPhase.HalfOpen && second.Phase == BreakerPhase.HalfOpen);
        await PausedRedis.PauseAsync(redis, TimeSpan.FromMilliseconds(500));
        var pass = await first.Breaker.TryEnterAsync(Token);

        pass!.Abandoned();

        await Eventually.HoldsAsync(() => second.TryAsync(other => other.Abandoned()));
    }

    [Fact]
    public async Task Force_ByHand_HoldsForEveryInstanceAlsoLaterOnes()
    {
        await using var first = await StartAsync(Short);
        await using var second = await StartAsync(Short);

        await first.Breaker.ForceAsync(BreakerPhase.Open);

        await Eventually.HoldsAsync(() => second.Breaker.Snapshot() is { Phase: BreakerPhase.Open, Forced: true });
        await using var third = await StartAsync(Short);
        await Eventually.HoldsAsync(() => third.Registry.All() is [{ State.Forced: true }]);
        await third.Breaker.ForceAsync(BreakerPhase.Closed);
        await Eventually.HoldsAsync(() => first.Phase == BreakerPhase.Closed && second.Phase == BreakerPhase.Closed);
    }

    [Fact]
    public async Task Registry_BreakersOfOtherInstances_AreListed()
    {
        await using var first = await StartAsync();
        await using var second = await StartAsync();
        await first.FailAsync(2);

        await Eventually.HoldsAsync(() => second.Registry.All() is [{ Provider: "fake", Endpoint: "chat", State.Failures: 2 }]);
    }

    [Theory]
    [InlineData("restore")]
    [InlineData("restore-by-hand")]
    public async Task Restore_ClosedByHandSinceRedisCameBackEmpty_DoesNotOpenAgain(string step)
    {
        await using var replica = await StartAsync();

        await replica.Shared.StepAsync("close-by-hand", "fake/chat");
        var closed = await replica.Shared.StepAsync(step, "fake/chat", left: TimeSpan.FromSeconds(20));
        var unknown = await replica.Shared.StepAsync(step, "fake/embeddings", left: TimeSpan.FromSeconds(20));

        Assert.Equal((BreakerPhase.Closed, BreakerPhase.Open), (closed!.Phase, unknown!.Phase));
    }

    [Fact]
    public async Task Redis_GoesAndComesBackEmpty_EachDecidesAloneAndTellsWhatItDecided()
    {
        await using var redis = await PlatformServers.StartOwnRedisAsync(Token);
        await using var first = await BreakerReplica.StartAsync(redis.ConnectionString, _prefix, Token);
        await using var second = await BreakerReplica.StartAsync(redis.ConnectionString, _prefix, Token);
        await first.FailAsync(1);
        await Eventually.HoldsAsync(() => !first.Breaker.IsLocal && second.Registry.All().Count == 1);

        await redis.StopAsync(Token);
        await first.FailAsync(4);
        Assert.Equal((BreakerPhase.Open, BreakerPhase.Closed), (first.Phase, second.Phase));
        Assert.True(await second.TryAsync(pass => pass.Succeeded()));
        await Eventually.HoldsAsync(() => first.Breaker.IsLocal);

        await redis.StartAsync(Token);
        await Eventually.HoldsAsync(() => second.Phase == BreakerPhase.Open);
        Assert.Equal(BreakerPhase.Open, first.Phase);
        await Eventually.HoldsAsync(() => !first.Breaker.IsLocal && !second.Breaker.IsLocal);

        await redis.StopAsync(Token);
        await second.Breaker.ForceAsync(BreakerPhase.Closed);
        Assert.True(second.Breaker.IsLocal);
        await redis.StartAsync(Token);
        await Eventually.HoldsAsync(() => first.Phase == BreakerPhase.Closed && second.Phase == BreakerPhase.Closed);
    }

    [Fact]
    public async Task Breakers_RandomOutcomesOnThreeInstances_NeverTryMoreAtOnceThanAllowed()
    {
        var instances = new List<BreakerReplica>();
        try
        {
            for (var instance = 0; instance < 3; instance++)
            {
                instances.Add(await BreakerReplica.StartAsync(servers.RedisConnectionString, _prefix, Token, breaker => (breaker.OpenFor, breaker.Probes) = (TimeSpan.FromMilliseconds(20), 2)));
            }

            await instances[0].FailAsync(5);
            await Eventually.HoldsAsync(() => instances.TrueForAll(instance => instance.Phase == BreakerPhase.HalfOpen));
            var probing = 0;
            var most = new ConcurrentBag<int>();
            await Task.WhenAll(Enumerable.Range(0, 9).Select(async caller =>
            {
                var random = new Random(caller);
                for (var call = 0; call < 60; call++)
                {
                    if (await instances[caller % 3].Breaker.TryEnterAsync(Token) is { } pass)
                    {
                        most.Add(Interlocked.Increment(ref probing));
                        await Task.Yield();
                        Interlocked.Decrement(ref probing);
                        // Never a success: while it is not closed every pass is a probe.
                        if (random.Next(2) == 0)
                        {
                            pass.Abandoned();
                        }
                        else
                        {
                            pass.Failed();
                        }
                    }
                    else
                    {
                        await Task.Yield();
                    }
                }
            }));

            Assert.NotEmpty(most);
            Assert.InRange(most.Max(), 1, 2);
        }
        finally
        {
            foreach (var instance in instances)
            {
                await instance.DisposeAsync();
            }
        }
    }

    private Task<BreakerReplica> StartAsync(TimeSpan? openFor = null, TimeSpan? lease = null) => BreakerReplica.StartAsync(servers.RedisConnectionString, _prefix, Token, breaker =>
    {
        breaker.OpenFor = openFor ?? breaker.OpenFor;
        breaker.ProbeLease = lease ?? breaker.ProbeLease;
    });
}
