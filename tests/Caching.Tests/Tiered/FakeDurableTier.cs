using Platform.Caching.Durable;
using Platform.Testing;

namespace Platform.Caching.Tests.Tiered;

/// <summary>What a table does, in memory: it judges its entries by the changes that the test says there are, and can be away or damaged.</summary>
/// <param name="clock">Ages follow it.</param>
/// <param name="lacks">Whether an entry of the key that was made from this state lacks a change.</param>
internal sealed class FakeDurableTier(ManualTime clock, Func<CacheKey, CacheEntry<Text>, bool> lacks) : IDurableTier<Text>
{
    private readonly Lock gate = new();
    private readonly Dictionary<CacheKey, (CacheEntry<Text> Entry, DateTimeOffset ReadAt)> rows = [];
    private readonly HashSet<CacheKey> damaged = [];

    public string Name => "table";

    public bool IsAway { get; set; }

    public void Damage(CacheKey key)
    {
        lock (gate)
        {
            if (rows.ContainsKey(key))
            {
                damaged.Add(key);
            }
        }
    }

    public Task<DurableReading<Text>> FindAsync(CacheKey key, CancellationToken cancellationToken)
    {
        Require();
        lock (gate)
        {
            if (damaged.Remove(key))
            {
                rows.Remove(key);
                return Task.FromResult(new DurableReading<Text>(DurableState.Corrupt, null));
            }

            if (!rows.TryGetValue(key, out var row))
            {
                return Task.FromResult(new DurableReading<Text>(DurableState.Absent, null));
            }

            var entry = row.Entry with { Age = clock.Now - row.ReadAt };
            return Task.FromResult(new DurableReading<Text>(lacks(key, entry) ? DurableState.Outdated : DurableState.Current, entry));
        }
    }

    public Task StoreAsync(CacheKey key, CacheEntry<Text> entry, CancellationToken cancellationToken)
    {
        Require();
        lock (gate)
        {
            var readAt = clock.Now - entry.Age;
            if (!rows.TryGetValue(key, out var row) || row.ReadAt <= readAt)
            {
                rows[key] = (entry, readAt);
                damaged.Remove(key);
            }
        }

        return Task.CompletedTask;
    }

    private void Require()
    {
        if (IsAway)
        {
            throw new IOException("The table is away");
        }
    }
}
