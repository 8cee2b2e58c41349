using Platform.Caching.Changes;
using Platform.Caching.Sharing;
using Platform.Testing;

namespace Platform.Caching.Tests.Tiered;

/// <summary>What Redis does, in memory, with a clock of its own that the test moves and a switch. Written from the meaning of the steps, not from the scripts.</summary>
internal sealed class FakeSharedTier(ManualTime clock) : ISharedTier
{
    private readonly Dictionary<CacheKey, (byte[] Bytes, DateTimeOffset Until)> entries = [];
    private readonly Dictionary<CacheKey, (byte[] Bytes, DateTimeOffset Until)> last = [];
    private readonly Dictionary<CacheKey, (string Lease, DateTimeOffset Until)> leases = [];
    private readonly Dictionary<CacheKey, HashSet<long>> changes = [];
    private readonly Dictionary<string, int> generations = [];

    public string Name => "fake";

    public bool IsConnected { get; private set; } = true;

    /// <summary>What every read throws; null for none.</summary>
    public Exception? Fault { get; set; }

    public string? Snapshot { get; private set; }

    /// <summary>Goes away, or comes back with or without what it held.</summary>
    public void Switch(bool isConnected, bool forgets)
    {
        IsConnected = isConnected;
        if (forgets)
        {
            Snapshot = null;
            entries.Clear();
            last.Clear();
            leases.Clear();
            changes.Clear();
            generations.Clear();
        }
    }

    public void Damage(CacheKey key, Func<byte[], byte[]> damage)
    {
        if (entries.TryGetValue(key, out var entry))
        {
            entries[key] = entry with { Bytes = damage(entry.Bytes) };
        }
    }

    public async Task<SharedReading> ReadAsync(CacheKey key, int maximumBytes, LeaseRequest wanted)
    {
        if (Fault is { } fault)
        {
            throw fault;
        }

        if (!entries.TryGetValue(key, out var entry) || entry.Until <= clock.Now)
        {
            entries.Remove(key);
            LeaseAnswer? lease = wanted.Lease is { Length: > 0 } ? await AcquireAsync(key, wanted.Lease, wanted.Duration, default) : null;
            return new SharedReading(SharedState.Absent, Generation(key), null, TimeSpan.Zero, lease);
        }

        return entry.Bytes.Length > maximumBytes
            ? new SharedReading(SharedState.Unreadable, Generation(key), null, TimeSpan.Zero)
            : new SharedReading(SharedState.Present, Generation(key), entry.Bytes, entry.Until - clock.Now);
    }

    public Task<byte[]?> ReadLastKnownAsync(CacheKey key, int maximumBytes) =>
        Task.FromResult((entries.TryGetValue(key, out var entry) || last.TryGetValue(key, out entry)) && entry.Until > clock.Now ? entry.Bytes : null);

    public Task<LeaseAnswer> AcquireAsync(CacheKey key, string lease, TimeSpan duration, ReadOnlyMemory<byte> seen)
    {
        if (entries.TryGetValue(key, out var entry) && entry.Until > clock.Now && !entry.Bytes.AsSpan(Math.Max(0, entry.Bytes.Length - 16)).SequenceEqual(seen.Span))
        {
            return Task.FromResult(new LeaseAnswer(LeaseState.EntryChanged, TimeSpan.Zero));
        }

        if (leases.TryGetValue(key, out var held) && held.Until > clock.Now)
        {
            return Task.FromResult(new LeaseAnswer(LeaseState.Taken, held.Until - clock.Now));
        }

        leases[key] = (lease, clock.Now + duration);
        return Task.FromResult(new LeaseAnswer(LeaseState.Granted, TimeSpan.Zero));
    }

    public Task<bool> RenewAsync(CacheKey key, string lease, TimeSpan duration) => Task.FromResult(Holds(key, lease));

    public Task<SharedWrite> WriteAsync(CacheKey key, string lease, string generation, string snapshot, byte[] entry, TimeSpan life)
    {
        if (!Holds(key, lease))
        {
            return Task.FromResult(SharedWrite.LeaseLost);
        }

        leases.Remove(key);
        var contained = !changes.TryGetValue(key, out var known) || (snapshot.Length > 0 && known.All(DataSnapshot.Parse(snapshot).Contains));
        if (generation != Generation(key) || !contained)
        {
            return Task.FromResult(SharedWrite.Outdated);
        }

        entries[key] = (entry, clock.Now + life);
        return Task.FromResult(SharedWrite.Done);
    }

    public Task<bool> ReleaseAsync(CacheKey key, string lease) => Task.FromResult(Holds(key, lease) && leases.Remove(key));

    public Task<bool> InvalidateAsync(CacheKey key, long? position)
    {
        if (key.Id.Length == 0)
        {
            generations[key.Tenant] = generations.GetValueOrDefault(key.Tenant) + 1;
            return Task.FromResult(true);
        }

        if (position is not { } change)
        {
            leases.Remove(key);
        }
        else
        {
            (changes.TryGetValue(key, out var known) ? known : changes[key] = []).Add(change);
            if (entries.TryGetValue(key, out var entry) && Platform.Caching.Entries.EntryEnvelope.TryRead(key, 1, entry.Bytes, out var header, out _)
                && header.Snapshot.Length > 0 && DataSnapshot.Parse(header.Snapshot).Contains(change))
            {
                return Task.FromResult(false);
            }
        }

        if (entries.Remove(key, out var old))
        {
            last[key] = old;
        }

        return Task.FromResult(true);
    }

    public Task<string?> ReadSnapshotAsync() => Task.FromResult(Snapshot);

    public Task<bool> WriteSnapshotAsync(string snapshot, TimeSpan life)
    {
        Snapshot = snapshot;
        return Task.FromResult(true);
    }

    public Task ListenAsync(Action<SharedNotice> heard, CancellationToken cancellationToken) => Task.CompletedTask;

    private bool Holds(CacheKey key, string lease) => leases.TryGetValue(key, out var held) && held.Lease == lease && held.Until > clock.Now;

    private string Generation(CacheKey key) => $"{generations.GetValueOrDefault(key.Tenant)}|{generations.GetValueOrDefault("")}";
}
