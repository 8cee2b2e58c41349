using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
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
    public async Task Take_RedisAway_DecidesLocallyAndNeverMoreThanTheBurst()
    {
        using ConnectionMultiplexer nowhere = await ConnectionMultiplexer.ConnectAsync("127.0.0.1:1,abortConnect=false,connectTimeout=100");
        SetClock clock = new();
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
        SetClock clock = new();
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
        new(redis, new FixedOptions(limits), time, NullLogger<RateLimiter>.Instance);

    private sealed class FixedOptions(RateLimitOptions value) : IOptionsMonitor<RateLimitOptions>
    {
        public RateLimitOptions CurrentValue => value;

        public RateLimitOptions Get(string? name) => value;

        public IDisposable? OnChange(Action<RateLimitOptions, string?> listener) => null;
    }

    private sealed class SetClock : TimeProvider
    {
        private long ticks = 1;

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => ticks;

        public void Advance(TimeSpan by) => ticks += by.Ticks;
    }
}
