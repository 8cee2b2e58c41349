using Microsoft.Extensions.Logging.Abstractions;
using Platform.Caching.Changes;
using Platform.Caching.Durable;
using Platform.Caching.Sharing;
using Platform.Testing;

namespace Platform.Caching.Tests.Tiered;

/// <summary>A source that does what a test says and counts how often it was asked.</summary>
internal sealed class ScriptedSource(Func<CacheKey, CancellationToken, Task<SourceResult<Text>>> script) : ICacheSource<Text>
{
    private int computations;

    public int Computations => computations;

    public static ScriptedSource Of(Func<CacheKey, string> content) =>
        new((key, _) => Task.FromResult(new SourceResult<Text>(Entry(content(key)), true)));

    public static CacheEntry<Text> Entry(string content, long position = 0) => new(new Text(content), "v1", position == 0 ? null : DataSnapshot.Parse($"{position}:{position}:"), TimeSpan.Zero);

    public Task<SourceResult<Text>> ComputeAsync(CacheKey key, CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref computations);
        return script(key, cancellationToken);
    }
}

/// <summary>One replica: its own memory, a shared tier that the test gives it.</summary>
internal sealed class Replica
{
    public Replica(ISharedTier? shared, ICacheSource<Text> source, TimeProvider clock, IDurableTier<Text>? durable = null, ICacheFormat<Text>? format = null, int seed = 1)
    {
        Metrics = new CacheMetrics(new MeterFactory());
        Cache = new TieredCache<Text>(
            new CacheDefinition<Text>("texts", source, format ?? new TextFormat(), durable, () => Options), shared, Metrics, clock, new Random(seed), NullLogger.Instance);
    }

    public CacheOptions Options { get; } = new() { ExpiryJitter = 0, RedisTimeout = TimeSpan.FromSeconds(2), BreakerPause = TimeSpan.FromMilliseconds(100), StaleWhileRevalidate = TimeSpan.Zero };

    public CacheMetrics Metrics { get; }

    public TieredCache<Text> Cache { get; }

    public long Counted(string tier, string operation, string result) => Metrics.Counter("texts", tier, operation, result).Value;

    public async Task<CacheReading<Text>> GetAsync(CacheKey key) => await Cache.GetAsync(key, TestContext.Current.CancellationToken);

    public async Task<CacheReading<Text>> GetAndSettleAsync(CacheKey key)
    {
        var reading = await GetAsync(key);
        await Cache.PendingAsync().WaitAsync(TimeSpan.FromSeconds(20), TestContext.Current.CancellationToken);
        return reading;
    }
}
