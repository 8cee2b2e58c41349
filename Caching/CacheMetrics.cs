using System.Collections.Concurrent;
using System.Diagnostics.Metrics;

namespace Platform.Caching;

/// <summary>Cache operations by cache, tier, operation and result. Counts are cells that a scrape reads: a hit costs no measurement.</summary>
public sealed class CacheMetrics
{
    public const string MeterName = "Platform.Caching";

    private readonly ConcurrentDictionary<(string Cache, string Tier, string Operation, string Result), CacheCounter> counters = new();

    public CacheMetrics(IMeterFactory meters)
    {
        ArgumentNullException.ThrowIfNull(meters);
        meters.Create(MeterName).CreateObservableCounter("platform.cache.operations", Observe, "{operation}", "Cache operations. Labels: cache, tier, operation, result.");
    }

    /// <param name="cache">Name of the cache, e.g. "patterns".</param>
    /// <param name="tier">"memory", "redis", "postgres", "source".</param>
    /// <param name="operation">"read", "write", "invalidate", "lease", "publish", "compute".</param>
    /// <param name="result">"hit", "miss", "stale", "corrupt", "ok", "error", "skipped", "refused", ….</param>
    public CacheCounter Counter(string cache, string tier, string operation, string result) =>
        counters.GetOrAdd((cache, tier, operation, result), _ => new CacheCounter());

    private IEnumerable<Measurement<long>> Observe() => counters.Select(counter => new Measurement<long>(
        counter.Value.Value, new("cache", counter.Key.Cache), new("tier", counter.Key.Tier), new("operation", counter.Key.Operation), new("result", counter.Key.Result)));
}

/// <summary>A count that many threads raise without waiting for each other.</summary>
public sealed class CacheCounter
{
    // One cell for each of a few processors, each on a cache line of its own.
    private const int Cells = 8;
    private const int Spread = 16;
    private readonly long[] cells = new long[Cells * Spread];

    public long Value
    {
        get
        {
            var sum = 0L;
            for (var cell = 0; cell < Cells; cell++)
            {
                sum += Volatile.Read(ref cells[cell * Spread]);
            }

            return sum;
        }
    }

    public void Add(long count = 1) => Interlocked.Add(ref cells[(Thread.GetCurrentProcessorId() & (Cells - 1)) * Spread], count);
}
