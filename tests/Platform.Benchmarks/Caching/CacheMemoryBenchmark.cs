using System.Globalization;
using Microsoft.Extensions.Caching.Memory;
using Platform.Caching;
using Platform.Caching.Memory;
using Platform.Caching.Tests.Memory;

namespace Platform.Benchmarks.Caching;

/// <summary>P9: a hit in memory against MemoryCache. P10: hit rate of a Zipf stream against the best fixed choice and against least-recently-used.</summary>
internal sealed class CacheMemoryBenchmark : IBenchmark
{
    private const int Entries = 1000;

    public string Name => "cache-memory";

    public async Task RunAsync(bool isShort, CancellationToken cancellationToken)
    {
        await HitsAsync(isShort ? 3 : 15, isShort ? 200_000 : 3_000_000, cancellationToken);
        HitRate(isShort ? 20_000 : 100_000, isShort ? 400_000 : 4_000_000);
    }

    private static async Task HitsAsync(int rounds, int reads, CancellationToken cancellationToken)
    {
        var keys = Enumerable.Range(0, Entries).Select(i => new CacheKey("default", "CUS-" + i.ToString("00000", CultureInfo.InvariantCulture))).ToArray();
        object[] names = [.. keys.Select(key => key.Tenant + ":" + key.Id)];
        var value = new Cached();
        using var memoryCache = new MemoryCache(new MemoryCacheOptions());
        var tier = new MemoryTier<Cached>(() => 2 * Entries, new Random(1));
        var definition = new CacheDefinition<Cached>("benchmark", new Source(value), new Format(), null, () => new CacheOptions { MemoryEntries = 2 * Entries });
        var cache = definition.Build(null, new CacheMetrics(new Platform.Testing.MeterFactory()), TimeProvider.System, new Random(1), Microsoft.Extensions.Logging.Abstractions.NullLogger.Instance);
        for (var i = 0; i < Entries; i++)
        {
            memoryCache.Set(names[i], value, TimeSpan.FromHours(24));
            tier.Store(keys[i], new MemoryEntry<Cached>(new CacheEntry<Cached>(value, "v", null, TimeSpan.Zero), 0, long.MaxValue));
            await cache.GetAsync(keys[i], cancellationToken);
        }

        var time = new MonotonicClock(TimeProvider.System);
        var single = new Comparison("P9", "ns");
        var whole = new Comparison("P9 whole", "ns");
        for (var round = -2; round < rounds; round++)
        {
            var limit = Measure(reads, () => Limit(memoryCache, names, reads));
            var measured = Measure(reads, () => Tier(tier, time, keys, reads));
            var through = Measure(reads, () => Whole(cache, keys, reads, cancellationToken));
            if (round >= 0)
            {
                single.Add(limit.Nanoseconds, measured.Nanoseconds);
                whole.Add(limit.Nanoseconds, through.Nanoseconds);
            }

            if (round == rounds - 1)
            {
                Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"P9 bytes   MemoryCache {limit.Bytes:0.##} B, tier {measured.Bytes:0.##} B, whole cache {through.Bytes:0.##} B for each hit (bar 0 B)"));
            }
        }

        single.Print("≤ 1.0", ratio => ratio <= 1.0);
        whole.Print("none: with count, staleness and task", _ => true);
    }

    private static (double Nanoseconds, double Bytes) Measure(int reads, Func<int> run)
    {
        var bytes = GC.GetAllocatedBytesForCurrentThread();
        var started = TimeProvider.System.GetTimestamp();
        var hits = run();
        var elapsed = TimeProvider.System.GetElapsedTime(started);
        return hits == reads
            ? (elapsed.TotalNanoseconds / reads, (GC.GetAllocatedBytesForCurrentThread() - bytes) / (double)reads)
            : throw new InvalidOperationException($"{reads - hits} reads missed");
    }

    private static int Limit(MemoryCache cache, object[] names, int reads)
    {
        var hits = 0;
        for (int i = 0, at = 0; i < reads; i++, at = (at + 7) % Entries)
        {
            hits += cache.TryGetValue(names[at], out _) ? 1 : 0;
        }

        return hits;
    }

    private static int Tier(MemoryTier<Cached> tier, MonotonicClock time, CacheKey[] keys, int reads)
    {
        var hits = 0;
        for (int i = 0, at = 0; i < reads; i++, at = (at + 7) % Entries)
        {
            hits += tier.Find(keys[at]) is { } entry && entry.FreshUntil > time.Now ? 1 : 0;
        }

        return hits;
    }

    private static int Whole(TieredCache<Cached> cache, CacheKey[] keys, int reads, CancellationToken cancellationToken)
    {
        var hits = 0;
        for (int i = 0, at = 0; i < reads; i++, at = (at + 7) % Entries)
        {
            var reading = cache.GetAsync(keys[at], cancellationToken);
            hits += reading.IsCompletedSuccessfully && reading.Result.Level == CacheLevel.Memory ? 1 : 0;
        }

        return hits;
    }

    private static void HitRate(int keys, int length)
    {
        var places = keys / 100;
        var stream = ZipfStream.Create(keys, 0.9, length, seed: 5, out var best);
        var names = Enumerable.Range(0, keys).Select(i => new CacheKey("default", "CUS-" + i)).ToArray();
        var tier = new MemoryTier<Cached>(() => places, new Random(1));
        var lru = new LeastRecentlyUsed(places);
        var entry = new MemoryEntry<Cached>(new CacheEntry<Cached>(new Cached(), "v", null, TimeSpan.Zero), 0, long.MaxValue);
        var (hits, lruHits) = (0, 0);
        for (var i = 0; i < length; i++)
        {
            var hit = tier.Find(names[stream[i]]) is not null;
            if (!hit)
            {
                tier.Store(names[stream[i]], entry);
            }

            var lruHit = lru.Use(stream[i]);
            if (i >= length / 4)
            {
                hits += hit ? 1 : 0;
                lruHits += lruHit ? 1 : 0;
            }
        }

        var counted = length - (length / 4);
        var (rate, limit, recent) = (hits / (double)counted, best(places), lruHits / (double)counted);
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"P10        hit rate {rate:0.000}, best fixed choice {limit:0.000}: {rate / limit:0.000} (bar ≥ 0.93: {Verdict(rate / limit >= 0.93)}); least recently used {recent:0.000}: {rate / recent:0.00} (bar ≥ 1.2: {Verdict(rate / recent >= 1.2)}); {keys:N0} keys, {places:N0} places, {counted:N0} reads"));
    }

    private static string Verdict(bool met) => met ? "met" : "NOT met";

    private sealed class Cached;

    private sealed class Source(Cached value) : ICacheSource<Cached>
    {
        public Task<SourceResult<Cached>> ComputeAsync(CacheKey key, CancellationToken cancellationToken) =>
            Task.FromResult(new SourceResult<Cached>(new CacheEntry<Cached>(value, "v", null, TimeSpan.Zero), true));
    }

    private sealed class Format : ICacheFormat<Cached>
    {
        public int SchemaVersion => 1;

        public byte[] Write(Cached value) => [];

        public Cached Read(ReadOnlySpan<byte> bytes) => new();
    }
}
