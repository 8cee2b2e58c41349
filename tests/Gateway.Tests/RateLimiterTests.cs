using Microsoft.Extensions.Logging.Abstractions;
using Platform.Gateway.RateLimiting;
using Platform.Testing;
using StackExchange.Redis;
using Xunit;

[assembly: AssemblyFixture(typeof(PlatformServers))]

namespace Platform.Gateway.Tests;

public sealed class RateLimiterTests(PlatformServers servers)
{
    private readonly RateLimitOptions limits = new() { PermitsPerMinute = 60, Burst = 10, SharedTimeout = TimeSpan.FromSeconds(1) };

    [Fact]
    public async Task Take_TwoInstances_ShareOneBucket()
    {
        using ConnectionMultiplexer redis = await ConnectionMultiplexer.ConnectAsync(servers.RedisConnectionString);
        RateLimiter first = Create(redis, TimeProvider.System);
        RateLimiter second = Create(redis, TimeProvider.System);
        string user = Guid.NewGuid().ToString("N");

        int admitted = 0;
        for (int i = 0; i < 20; i++)
        {
            RateDecision decision = await (i % 2 == 0 ? first : second).TakeAsync("default", user, "chat", TestContext.Current.CancellationToken);
            Assert.True(decision.Shared);
            admitted += decision.Admitted ? 1 : 0;
        }

        // One token comes back each second, so a slow run may see one more than the burst, never twice the burst.
        Assert.InRange(admitted, 10, 15);
    }

    [Fact]
    public async Task Take_UsersEndpointsAndOrganizations_HaveBucketsOfTheirOwn()
    {
        using ConnectionMultiplexer redis = await ConnectionMultiplexer.ConnectAsync(servers.RedisConnectionString);
        RateLimiter limiter = Create(redis, TimeProvider.System);
        string user = Guid.NewGuid().ToString("N");
        for (int i = 0; i < 12; i++)
        {
            await limiter.TakeAsync("default", user, "chat", TestContext.Current.CancellationToken);
        }

        Assert.True((await limiter.TakeAsync("default", user + "2", "chat", TestContext.Current.CancellationToken)).Admitted);
        Assert.True((await limiter.TakeAsync("default", user, "other", TestContext.Current.CancellationToken)).Admitted);
        Assert.True((await limiter.TakeAsync("second", user, "chat", TestContext.Current.CancellationToken)).Admitted);
    }

    [Fact]
    public async Task Take_IdsWithColons_ReachNoOtherOrganizationsBucket()
    {
        using ConnectionMultiplexer nowhere = await ConnectionMultiplexer.ConnectAsync("127.0.0.1:1,abortConnect=false,connectTimeout=100");
        RateLimiter limiter = Create(nowhere, new ManualTime());
        for (int i = 0; i < 12; i++)
        {
            await limiter.TakeAsync("a", "b:rate:chat:ann", "chat", TestContext.Current.CancellationToken);
        }

        Assert.True((await limiter.TakeAsync("a:rate:chat:b", "ann", "chat", TestContext.Current.CancellationToken)).Admitted);
    }

    [Fact]
    public async Task Take_RedisAway_DecidesLocallyAndNeverMoreThanTheBurst()
    {
        using ConnectionMultiplexer nowhere = await ConnectionMultiplexer.ConnectAsync("127.0.0.1:1,abortConnect=false,connectTimeout=100");
        ManualTime clock = new();
        RateLimiter limiter = Create(nowhere, clock);

        Assert.Equal(10, await AdmittedAsync(limiter, 50));
        clock.Advance(TimeSpan.FromSeconds(3));
        Assert.Equal(3, await AdmittedAsync(limiter, 50));
        clock.Advance(TimeSpan.FromHours(1));
        Assert.Equal(10, await AdmittedAsync(limiter, 50));
    }

    [Fact]
    public async Task Take_Refused_SaysWhenATokenIsBack()
    {
        using ConnectionMultiplexer nowhere = await ConnectionMultiplexer.ConnectAsync("127.0.0.1:1,abortConnect=false,connectTimeout=100");
        ManualTime clock = new();
        RateLimiter limiter = Create(nowhere, clock);
        await AdmittedAsync(limiter, 10);

        RateDecision refused = await limiter.TakeAsync("default", "ann", "chat", TestContext.Current.CancellationToken);
        Assert.False(refused.Admitted);
        Assert.Equal(TimeSpan.FromSeconds(1), refused.RetryAfter);

        clock.Advance(refused.RetryAfter);
        Assert.True((await limiter.TakeAsync("default", "ann", "chat", TestContext.Current.CancellationToken)).Admitted);
    }

    private static async Task<int> AdmittedAsync(RateLimiter limiter, int times)
    {
        int admitted = 0;
        for (int i = 0; i < times; i++)
        {
            admitted += (await limiter.TakeAsync("default", "ann", "chat", TestContext.Current.CancellationToken)).Admitted ? 1 : 0;
        }

        return admitted;
    }

    private RateLimiter Create(IConnectionMultiplexer redis, TimeProvider time) =>
        new(redis, new FixedOptions<RateLimitOptions>(limits), time, NullLogger<RateLimiter>.Instance);
}
