using System.Collections.Concurrent;

namespace Platform.Caching.Memory;

/// <summary>
/// L1: a bounded number of entries. Who stays is decided by how often keys are asked for (W-TinyLFU with a sampled victim): a newcomer
/// waits in a small window and enters when it was asked for more often than the least wanted of a few entries, so that a
/// scan does not push out what is in use. A hit takes no lock and allocates nothing.
/// </summary>
internal sealed class MemoryTier<TValue>(Func<int> capacity, Random random)
    where TValue : class
{
    private const int Sample = 5;
    private const int WindowShare = 100;

    private readonly ConcurrentDictionary<CacheKey, Resident> residents = new();
    private readonly Lock gate = new();
    private readonly Queue<Resident> window = new();
    private readonly List<Resident> main = [];
    private FrequencySketch sketch = new(1);
    private int builtFor;

    public int Count => residents.Count;

    /// <summary>The entry of a key, current or not, or null.</summary>
    public MemoryEntry<TValue>? Find(CacheKey key)
    {
        if (!residents.TryGetValue(key, out var resident))
        {
            return null;
        }

        // Losing a count to another thread does no harm, and past the top there is nothing to write.
        if (resident.Hits < byte.MaxValue)
        {
            resident.Hits++;
        }

        return resident.Entry;
    }

    public void Store(CacheKey key, MemoryEntry<TValue> entry)
    {
        lock (gate)
        {
            var places = capacity();
            if (places != builtFor)
            {
                sketch = new FrequencySketch(places);
                builtFor = places;
            }

            if (residents.TryGetValue(key, out var resident))
            {
                resident.Entry = entry;
                return;
            }

            resident = new Resident(key, entry);
            sketch.Add(resident.Hash, 1);
            residents[key] = resident;
            window.Enqueue(resident);
            Settle(places);
        }
    }

    /// <summary>The key's entry is no longer current, unless it contains the change at the position.</summary>
    public bool Invalidate(CacheKey key, long? position) => residents.TryGetValue(key, out var resident) && Invalidate(resident, position);

    /// <summary>The entries of a tenant, or of all, are no longer current.</summary>
    /// <returns>How many were.</returns>
    public int InvalidateAll(string? tenant, long? position) =>
        residents.Count(resident => (tenant is null || resident.Key.Tenant == tenant) && Invalidate(resident.Value, position));

    private static bool Invalidate(Resident resident, long? position)
    {
        var entry = resident.Entry;
        if (entry.IsInvalid || (position is { } change && entry.Entry.Snapshot?.Contains(change) == true))
        {
            return false;
        }

        entry.Invalidate();
        return true;
    }

    private void Settle(int places)
    {
        var windowPlaces = Math.Max(1, places / WindowShare);
        while (window.Count > windowPlaces || residents.Count > places)
        {
            var candidate = window.Dequeue();
            if (main.Count < places - windowPlaces)
            {
                main.Add(candidate);
                continue;
            }

            Challenge(candidate);
            while (main.Count > Math.Max(0, places - windowPlaces))
            {
                Drop(LeastWanted().Index);
            }
        }
    }

    private void Challenge(Resident candidate)
    {
        if (main.Count == 0)
        {
            residents.TryRemove(candidate.Key, out _);
            return;
        }

        var (index, wanted) = LeastWanted();
        if (Wanted(candidate) > wanted)
        {
            residents.TryRemove(main[index].Key, out _);
            main[index] = candidate;
        }
        else
        {
            residents.TryRemove(candidate.Key, out _);
        }
    }

    private (int Index, int Wanted) LeastWanted()
    {
        var (index, least) = (0, int.MaxValue);
        for (var i = 0; i < Sample; i++)
        {
            var at = random.Next(main.Count);
            var wanted = Wanted(main[at]);
            if (wanted < least)
            {
                (index, least) = (at, wanted);
            }
        }

        return (index, least);
    }

    // An entry that is no longer current makes room first; how often it was asked for is still learned.
    private int Wanted(Resident resident)
    {
        if (resident.Hits is var hits and > 0)
        {
            sketch.Add(resident.Hash, hits);
            resident.Hits = 0;
        }

        return resident.Entry.IsInvalid ? -1 : sketch.Estimate(resident.Hash);
    }

    private void Drop(int index)
    {
        residents.TryRemove(main[index].Key, out _);
        main[index] = main[^1];
        main.RemoveAt(main.Count - 1);
    }

    private sealed class Resident(CacheKey key, MemoryEntry<TValue> entry)
    {
        private volatile MemoryEntry<TValue> entry = entry;

        public CacheKey Key { get; } = key;

        public int Hash { get; } = key.GetHashCode();

        public byte Hits { get; set; }

        public MemoryEntry<TValue> Entry
        {
            get => entry;
            set => entry = value;
        }
    }
}
