using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;
using Platform.Caching;
using Platform.Contracts.PatternAnalysis.V1;
using Platform.PatternAnalysis.Detection;
using Platform.PatternAnalysis.Histories;
using Platform.PatternAnalysis.Invalidation;
using Platform.PatternAnalysis.Patterns;
using Platform.PatternAnalysis.Tiers;
using Platform.Testing;
using StackExchange.Redis;

namespace Platform.PatternAnalysis.Tests.Tiers;

/// <summary>One instance of the service's inside: its own memory, the shared Redis and database.</summary>
internal sealed class PatternWorld
{
    public PatternWorld(NpgsqlDataSource database, IConnectionMultiplexer redis, TimeProvider clock, params IPatternDetector[] detectors)
    {
        var options = new FixedOptions<CacheOptions>(Options);
        var metrics = new PatternMetrics(new MeterFactory());
        Table = new PatternTable(database, options, NullLogger<PatternTable>.Instance);
        Runner = new DetectionRunner(detectors, new HistoryReader(database), new PeerReader(database, clock, NullLogger<PeerReader>.Instance), new FixedOptions<DetectionOptions>(Detection), metrics, clock, NullLogger<DetectionRunner>.Instance);
        var source = new PatternSource(new SubjectReader(database, options, clock), Runner, clock, NullLogger<PatternSource>.Instance);
        Metrics = new CacheMetrics(new MeterFactory());
        Cache = new CacheDefinition<CustomerPatterns>("patterns", source, PatternFormat.Instance, Table, () => Options).Build(redis, Metrics, clock, new Random(1), NullLogger.Instance);
        Reader = new PatternReader(Cache, source, metrics, clock);
        Invalidation = new PatternInvalidation(Cache, database, clock, NullLogger<PatternInvalidation>.Instance);
        Redis = redis;
        Clock = clock;
    }

    public CacheOptions Options { get; } = new()
    {
        ExpiryJitter = 0,
        StaleWhileRevalidate = TimeSpan.Zero,
        RedisTimeout = TimeSpan.FromSeconds(2),
        BreakerPause = TimeSpan.FromMilliseconds(200),
        DatabaseReadTimeout = TimeSpan.FromSeconds(5),
    };

    public DetectionOptions Detection { get; } = new();

    public TieredCache<CustomerPatterns> Cache { get; }

    public CacheMetrics Metrics { get; }

    public PatternTable Table { get; }

    public DetectionRunner Runner { get; }

    public PatternReader Reader { get; }

    public PatternInvalidation Invalidation { get; }

    public IConnectionMultiplexer Redis { get; }

    public TimeProvider Clock { get; }

    /// <summary>Where Redis keeps the entry of a customer.</summary>
    public static RedisKey EntryKey(PatternKey key) => $"platform:{Uri.EscapeDataString(key.OrganizationId)}:patterns:entry:{Uri.EscapeDataString(key.CustomerId)}";

    /// <summary>Whether memory holds a current entry: a hit is answered at once, anything else meets the cancelled token.</summary>
    public async Task<bool> IsInMemoryAsync(PatternKey key)
    {
        using var none = new CancellationTokenSource();
        await none.CancelAsync();
        try
        {
            return (await Reader.GetAsync(key, none.Token)).Tier == CacheTier.Memory;
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    public Task<PatternReading> GetAsync(PatternKey key) => Reader.GetAsync(key, TestContext.Current.CancellationToken);

    public async Task<PatternReading> GetAndSettleAsync(PatternKey key)
    {
        var reading = await GetAsync(key);
        await Cache.PendingAsync().WaitAsync(TimeSpan.FromSeconds(20), TestContext.Current.CancellationToken);
        return reading;
    }
}
