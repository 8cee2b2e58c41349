using System.Globalization;
using Npgsql;
using Platform.Caching;
using Platform.Contracts.PatternAnalysis.V1;
using StackExchange.Redis;

namespace Platform.Benchmarks.Caching;

/// <summary>
/// P11: a hit in Redis against a GET of the same bytes, a hit in the table against a SELECT of the same rows by key. P12: computations for a
/// thousand concurrent misses over one and three replicas. C6: latency of reads at 32 callers, tiers cold and warm.
/// </summary>
internal sealed class CacheTiersBenchmark : IBenchmark
{
    private const int Clients = 32;

    public string Name => "cache-tiers";

    public async Task RunAsync(bool isShort, CancellationToken cancellationToken)
    {
        await using var stage = await PatternStage.BuildAsync(isShort ? 200 : 2000, cancellationToken);
        await HitsAsync(stage, isShort ? 3 : 31, isShort ? 50 : 400, cancellationToken);
        await MissesAsync(stage, 1, cancellationToken);
        await MissesAsync(stage, 3, cancellationToken);
        await LatencyAsync(stage, isShort ? 200 : 2000, cancellationToken);
    }

    private static async Task HitsAsync(PatternStage stage, int rounds, int reads, CancellationToken cancellationToken)
    {
        var name = "bench-" + Guid.NewGuid().ToString("n")[..8];

        // One place in memory and two customers in turn: every read goes to Redis, or past it to the table.
        var options = new CacheOptions { MemoryEntries = 1, ExpiryJitter = 0, RedisTimeout = TimeSpan.FromSeconds(2) };
        var cache = stage.Replica(name, options);
        CacheKey[] keys = [PatternStage.Customer(18), PatternStage.Customer(37)];
        foreach (var key in keys)
        {
            await cache.GetAsync(key, cancellationToken);
        }

        await cache.PendingAsync();
        RedisKey[] entries = [.. keys.Select(key => (RedisKey)$"platform:{key.Tenant}:{name}:entry:{key.Id}")];
        var table = stage.Table();
        var (shared, durable) = (new Comparison("P11 L2", "µs"), new Comparison("P11 L3", "µs"));
        for (var round = -1; round < rounds; round++)
        {
            var get = await MedianAsync(reads, async i => _ = (byte[]?)await stage.Redis.GetDatabase().StringGetAsync(entries[i % 2]));
            var hit = await MedianAsync(reads, async i =>
            {
                // What was read last has left memory for the other one.
                cache.DropLocal(keys[i % 2], null);
                var reading = await cache.GetAsync(keys[i % 2], cancellationToken);
                Require(reading.Level == CacheLevel.Shared, reading.Level);
            });
            var select = await MedianAsync(reads, i => SelectAsync(stage.Database, keys[i % 2], cancellationToken));
            var found = await MedianAsync(reads, async i => Require((await table.FindAsync(keys[i % 2], cancellationToken)).Entry is not null, "no row"));
            if (round >= 0)
            {
                shared.Add(get, hit);
                durable.Add(select, found);
            }
        }

        shared.Print("≤ 2.0", ratio => ratio <= 2.0);
        durable.Print("≤ 1.25", ratio => ratio <= 1.25);
        for (var turn = 0; turn < 2; turn++)
        {
            await PrintProcessorTimeAsync("SELECT", stage, 10 * reads, i => SelectAsync(stage.Database, keys[i % 2], cancellationToken), cancellationToken);
            await PrintProcessorTimeAsync("hit in the table", stage, 10 * reads, i => table.FindAsync(keys[i % 2], cancellationToken), cancellationToken);
        }

        await stage.Redis.GetDatabase().KeyDeleteAsync(entries);
    }

    private static async Task PrintProcessorTimeAsync(string label, PatternStage stage, int reads, Func<int, Task> read, CancellationToken cancellationToken)
    {
        var (own, server) = (Environment.CpuUsage.TotalTime, await stage.ServerTimeAsync(cancellationToken));
        for (var i = 0; i < reads; i++)
        {
            await read(i);
        }

        (own, server) = (Environment.CpuUsage.TotalTime - own, await stage.ServerTimeAsync(cancellationToken) - server);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"           processor time of a {label}: {own.TotalMicroseconds / reads:0} µs here, {server.TotalMicroseconds / reads:0} µs in PostgreSQL"));
    }

    private static async Task SelectAsync(NpgsqlDataSource database, CacheKey key, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand("SELECT * FROM app.customer_patterns WHERE organization_id = @organization AND customer_id = @customer");
        command.Parameters.AddWithValue("organization", key.Tenant);
        command.Parameters.AddWithValue("customer", key.Id);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var values = new object[reader.FieldCount];
        while (await reader.ReadAsync(cancellationToken))
        {
            for (var column = 0; column < values.Length; column++)
            {
                // The snapshot has no type of its own in the driver.
                values[column] = reader.GetName(column) == "read_snapshot" ? "" : reader.GetValue(column);
            }
        }
    }

    private static async Task MissesAsync(PatternStage stage, int replicas, CancellationToken cancellationToken)
    {
        var name = "bench-" + Guid.NewGuid().ToString("n")[..8];
        var source = new CountingSource(stage.Source());
        var options = new CacheOptions { RedisTimeout = TimeSpan.FromSeconds(2) };
        var caches = Enumerable.Range(0, replicas).Select(_ => stage.Replica(name, options, source)).ToArray();
        var key = PatternStage.Customer(150 + replicas);
        await Task.WhenAll(Enumerable.Range(0, 1000).Select(i => Task.Run(async () => await caches[i % replicas].GetAsync(key, cancellationToken), cancellationToken)));
        Console.WriteLine($"P12        1,000 concurrent misses of one key over {replicas} replica(s): {source.Computations} computation(s) (bar 1: {(source.Computations == 1 ? "met" : "NOT met")})");
    }

    private static async Task LatencyAsync(PatternStage stage, int customers, CancellationToken cancellationToken)
    {
        var name = "bench-" + Guid.NewGuid().ToString("n")[..8];
        var options = new CacheOptions { MemoryEntries = 1_000, RedisTimeout = TimeSpan.FromSeconds(2) };
        await using (var clear = stage.Database.CreateCommand("TRUNCATE app.customer_patterns"))
        {
            await clear.ExecuteNonQueryAsync(cancellationToken);
        }

        var first = stage.Replica(name, options);
        await ReadAllAsync("computed, all tiers cold", first, customers, "p50 500 / p95 2000 / p99 5000", cancellationToken);
        await first.PendingAsync();
        await ReadAllAsync("table, memory and Redis cold", stage.Replica(name + "-b", options), customers, "p50 20 / p95 100 / p99 200", cancellationToken);
        await ReadAllAsync("Redis, memory cold", stage.Replica(name, options), customers, "p50 20 / p95 100 / p99 200", cancellationToken);
        var warm = stage.Replica(name, options);
        await ReadAllAsync(null, warm, Math.Min(900, customers), "", cancellationToken);
        await ReadAllAsync("memory, all tiers warm", warm, Math.Min(900, customers), "p50 20 / p95 100 / p99 200", cancellationToken);
    }

    private static async Task ReadAllAsync(string? label, TieredCache<CustomerPatterns> cache, int customers, string bar, CancellationToken cancellationToken)
    {
        var elapsed = new double[customers];
        var levels = new CacheLevel[customers];
        var next = -1;
        await Task.WhenAll(Enumerable.Range(0, Clients).Select(_ => Task.Run(
            async () =>
            {
                for (var i = Interlocked.Increment(ref next); i < customers; i = Interlocked.Increment(ref next))
                {
                    var started = TimeProvider.System.GetTimestamp();
                    levels[i] = (await cache.GetAsync(PatternStage.Customer(i + 1), cancellationToken)).Level;
                    elapsed[i] = TimeProvider.System.GetElapsedTime(started).TotalMilliseconds;
                }
            },
            cancellationToken)));
        if (label is null)
        {
            return;
        }

        Array.Sort(elapsed);
        var tier = levels.GroupBy(level => level).OrderByDescending(group => group.Count()).Select(group => $"{group.Count()} {group.Key}");
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"C6         {label}: p50 {At(elapsed, 0.5):0.000} ms, p95 {At(elapsed, 0.95):0.000} ms, p99 {At(elapsed, 0.99):0.000} ms at {Clients} callers (bar {bar} ms; {string.Join(", ", tier)})"));
    }

    private static double At(double[] sorted, double share) => sorted[Math.Min(sorted.Length - 1, (int)(sorted.Length * share))];

    private static async Task<double> MedianAsync(int reads, Func<int, Task> read)
    {
        var elapsed = new double[reads];
        for (var i = 0; i < reads; i++)
        {
            var started = TimeProvider.System.GetTimestamp();
            await read(i);
            elapsed[i] = TimeProvider.System.GetElapsedTime(started).TotalMicroseconds;
        }

        return Comparison.Median(elapsed);
    }

    private static void Require(bool holds, object found)
    {
        if (!holds)
        {
            throw new InvalidOperationException($"The read did not come from the tier that is measured: {found}");
        }
    }

    private sealed class CountingSource(ICacheSource<CustomerPatterns> inner) : ICacheSource<CustomerPatterns>
    {
        private int computations;

        public int Computations => computations;

        public Task<SourceResult<CustomerPatterns>> ComputeAsync(CacheKey key, CancellationToken cancellationToken)
        {
            Interlocked.Increment(ref computations);
            return inner.ComputeAsync(key, cancellationToken);
        }
    }
}
