using System.Globalization;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;
using Platform.Caching;
using Platform.Contracts.PatternAnalysis.V1;
using Platform.PatternAnalysis.Tiers;
using StackExchange.Redis;

namespace Platform.Benchmarks.Caching;

/// <summary>F9: ten thousand entries damaged in every way, half of them in Redis and half in the table, each read afterwards: no wrong answer, each repaired and counted.</summary>
internal sealed class CacheCorruptionBenchmark : IBenchmark
{
    private const int Customers = 200;
    private const int Workers = 8;

    private static readonly string[] TableDamages =
    [
        "payload = set_byte(payload, (length(payload) * 0.4)::int, get_byte(payload, (length(payload) * 0.4)::int) # 16)",
        "payload = substring(payload for greatest(0, length(payload) - 7))",
        "schema_version = schema_version - 1",
        "checksum = '\\x00'",
        "data = '[0]'",
        "data = data || '{\"surprise\": 1}'",
        "significance = 0.5",
        "read_snapshot = NULL",
        "(another way)",
        "rows_digest = '\\x0102'",
    ];

    public string Name => "cache-corruption";

    public async Task RunAsync(bool isShort, CancellationToken cancellationToken)
    {
        var damages = isShort ? 600 : 10_000;
        await using var stage = await PatternStage.BuildAsync(Customers, cancellationToken);
        var name = "bench-" + Guid.NewGuid().ToString("n")[..8];
        var metrics = new CacheMetrics(new Platform.Testing.MeterFactory());
        var options = new CacheOptions { RedisTimeout = TimeSpan.FromSeconds(5), DatabaseReadTimeout = TimeSpan.FromSeconds(10), DatabaseWriteTimeout = TimeSpan.FromSeconds(10) };
        var cache = new CacheDefinition<CustomerPatterns>(name, stage.Source(), PatternFormat.Instance, stage.Table(), () => options)
            .Build(stage.Redis, metrics, TimeProvider.System, new Random(1), NullLogger.Instance);
        var wrong = 0;
        await Task.WhenAll(Enumerable.Range(0, Workers).Select(worker => Task.Run(
            async () =>
            {
                var random = new Random(worker);
                for (var i = worker; i < damages; i += Workers)
                {
                    var key = PatternStage.Customer(1 + worker + (Workers * random.Next(Customers / Workers)));
                    var truth = (await cache.GetAsync(key, cancellationToken)).Value!;
                    await cache.PendingAsync();
                    RedisKey at = $"platform:{key.Tenant}:{name}:entry:{key.Id}";
                    if (i / Workers % 2 == 0)
                    {
                        await DamageSharedAsync(stage.Redis.GetDatabase(), at, i, random);
                    }
                    else
                    {
                        await stage.Redis.GetDatabase().KeyDeleteAsync(at);
                        await DamageTableAsync(stage.Database, key, i / Workers / 2, cancellationToken);
                    }

                    cache.DropLocal(key, null);
                    var reading = await cache.GetAsync(key, cancellationToken);
                    if (reading.IsStale || !reading.Value!.Insights.Equals(truth.Insights) || !reading.Value.Outcomes.Equals(truth.Outcomes) || !reading.Value.Customer.Equals(truth.Customer))
                    {
                        Interlocked.Increment(ref wrong);
                    }
                }
            },
            cancellationToken)));
        await cache.PendingAsync();
        var (shared, durable) = (metrics.Counter(name, "redis", "read", "corrupt").Value, metrics.Counter(name, "postgres", "read", "corrupt").Value);
        var sound = await SoundAsync(stage, name, options, cancellationToken);
        var met = wrong == 0 && shared + durable == damages && sound == Customers;
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"F9         {damages:N0} damaged entries: {wrong} wrong answers, counted {shared:N0} in Redis and {durable:N0} in the table, {sound} of {Customers} customers sound in both tiers afterwards (bar 0, all, all: {(met ? "met" : "NOT met")})"));
    }

    // Whoever was damaged has been read since: nothing damaged may be left in either tier.
    private static async Task<int> SoundAsync(PatternStage stage, string name, CacheOptions options, CancellationToken cancellationToken)
    {
        var sound = 0;
        var cache = stage.Replica(name, options);
        var table = stage.Table();
        for (var customer = 1; customer <= Customers; customer++)
        {
            var key = PatternStage.Customer(customer);
            await cache.GetAsync(key, cancellationToken);
            await cache.PendingAsync();
            var row = await table.FindAsync(key, cancellationToken);
            sound += row.State == Platform.Caching.Durable.DurableState.Current && (await stage.Replica(name, options).GetAsync(key, cancellationToken)).Level == CacheLevel.Shared ? 1 : 0;
            await stage.Redis.GetDatabase().KeyDeleteAsync($"platform:{key.Tenant}:{name}:entry:{key.Id}");
        }

        return sound;
    }

    private static async Task DamageSharedAsync(IDatabase redis, RedisKey at, int i, Random random)
    {
        byte[] entry = (await redis.StringGetAsync(at))!;
        switch (i / Workers / 2 % 8)
        {
            case 0 or 1 or 2:
                entry[random.Next(entry.Length)] ^= (byte)(1 << random.Next(8));
                break;
            case 3:
                entry = entry[..random.Next(entry.Length)];
                break;
            case 4:
                entry[4]--;
                break;
            case 5:
                random.NextBytes(entry);
                break;
            case 6:
                await redis.KeyDeleteAsync(at);
                await redis.HashSetAsync(at, [new HashEntry("a", "b")]);
                return;
            default:
                // Some of 50 MB, the others just too large: each is written over the network first.
                entry = new byte[i % 40 == 0 ? 50_000_000 : 1_100_000];
                break;
        }

        await redis.StringSetAsync(at, entry, TimeSpan.FromHours(24));
    }

    private static async Task DamageTableAsync(NpgsqlDataSource database, CacheKey key, int kind, CancellationToken cancellationToken)
    {
        var damage = TableDamages[kind % TableDamages.Length];
        var where = $"WHERE organization_id = '{key.Tenant}' AND customer_id = '{key.Id}' AND pattern_type = '_outcomes'";

        // The other way: 50 MB where the entry was, or the row that is served gone from among its others.
        await using var command = database.CreateCommand(damage == "(another way)"
            ? kind % 20 == 8
                ? $"UPDATE app.customer_patterns SET payload = (SELECT convert_to(repeat('x', 50000000), 'UTF8')) {where}"
                : $"UPDATE app.customer_patterns SET pattern_type = '_lost' {where}"
            : $"UPDATE app.customer_patterns SET {damage} {where}");
        if (await command.ExecuteNonQueryAsync(cancellationToken) != 1)
        {
            throw new InvalidOperationException("Nothing was damaged");
        }
    }
}
