using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;
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
        var options = new FixedOptions<TierOptions>(Options);
        var metrics = new PatternMetrics(new MeterFactory());
        Memory = new MemoryTier(options, clock);
        RedisTier = new RedisTier(redis, options, metrics, clock, NullLogger<RedisTier>.Instance);
        DatabaseTier = new DatabaseTier(database, options, metrics, clock, NullLogger<DatabaseTier>.Instance);
        Runner = new DetectionRunner(detectors, new HistoryReader(database), new FixedOptions<DetectionOptions>(Detection), metrics, clock, NullLogger<DetectionRunner>.Instance);
        Reader = new PatternReader(
            Memory, RedisTier, DatabaseTier, new SubjectReader(database, options, clock), Runner, options, metrics, clock, NullLogger<PatternReader>.Instance);
        Invalidation = new PatternInvalidation(Memory, RedisTier, DatabaseTier, Reader, redis, clock, metrics, NullLogger<PatternInvalidation>.Instance);
        Redis = redis;
        Clock = clock;
    }

    public TierOptions Options { get; } = new() { ExpiryJitter = 0, RedisTimeout = TimeSpan.FromSeconds(2), BreakerPause = TimeSpan.FromMilliseconds(200), DatabaseReadTimeout = TimeSpan.FromSeconds(5) };

    public DetectionOptions Detection { get; } = new();

    public MemoryTier Memory { get; }

    public RedisTier RedisTier { get; }

    public DatabaseTier DatabaseTier { get; }

    public DetectionRunner Runner { get; }

    public PatternReader Reader { get; }

    public PatternInvalidation Invalidation { get; }

    public IConnectionMultiplexer Redis { get; }

    public TimeProvider Clock { get; }

    public Task<PatternReading> GetAsync(PatternKey key) => Reader.GetAsync(key, TestContext.Current.CancellationToken);

    public async Task<PatternReading> GetAndSettleAsync(PatternKey key)
    {
        var reading = await GetAsync(key);
        await Reader.PendingWritesAsync().WaitAsync(TimeSpan.FromSeconds(20), TestContext.Current.CancellationToken);
        return reading;
    }
}
