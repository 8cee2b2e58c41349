using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using Platform.Caching.Changes;
using Platform.Caching.Durable;
using Platform.Caching.Flights;
using Platform.Caching.Memory;
using Platform.Caching.Sharing;

namespace Platform.Caching;

/// <summary>
/// Values by key: memory, Redis, a table, the source; what a lower tier had is written to the ones above. One computation serves any
/// number of callers on any number of replicas. No tier's fault fails a read; when the source is away the last known value is
/// served, marked stale, up to a greatest age. A value that lacks a change of its data is never served as current once the change is known.
/// </summary>
public sealed class TieredCache<TValue> : IChangeFollower
    where TValue : class
{
    private readonly ICacheSource<TValue> source;
    private readonly IDurableTier<TValue>? durable;
    private readonly SharedFlow<TValue>? shared;
    private readonly ISharedTier? sharedTier;
    private readonly TierGuard durableGuard;
    private readonly MemoryTier<TValue> memory;
    private readonly SingleFlight<Loaded> flights = new();
    private readonly ConcurrentDictionary<CacheKey, bool> revalidations = new();
    private readonly BackgroundWork background;
    private readonly Func<CacheOptions> options;
    private readonly Func<DataChange, IReadOnlyList<CacheKey>> outdated;
    private readonly MonotonicClock time;
    private readonly Random random;
    private readonly CacheCounter memoryHits, memoryMisses, memoryStale, memoryInvalidated, computed, unavailable;
    private volatile bool isBehind, followsFeed;

    private static Task<bool> AlreadyStored { get; } = Task.FromResult(true);

    private static Task<bool> NotStored { get; } = Task.FromResult(false);

    internal TieredCache(CacheDefinition<TValue> definition, ISharedTier? sharedTier, CacheMetrics metrics, TimeProvider clock, Random random, ILogger logger)
    {
        Name = definition.Name;
        source = definition.Source;
        durable = definition.Durable;
        options = definition.Options;
        outdated = definition.Outdated;
        this.sharedTier = sharedTier;
        this.random = random;
        time = new MonotonicClock(clock);
        memory = new MemoryTier<TValue>(() => options().MemoryEntries, random);
        background = new BackgroundWork(logger);
        durableGuard = new TierGuard(Name, durable?.Name ?? "none", new TierBreaker(options, clock), metrics, clock, logger);
        shared = sharedTier is null
            ? null
            : new SharedFlow<TValue>(sharedTier, definition.Format, new TierGuard(Name, sharedTier.Name, new TierBreaker(options, clock), metrics, clock, logger), background, options, clock);
        memoryHits = metrics.Counter(Name, "memory", "read", "hit");
        memoryMisses = metrics.Counter(Name, "memory", "read", "miss");
        memoryStale = metrics.Counter(Name, "memory", "read", "stale");
        memoryInvalidated = metrics.Counter(Name, "memory", "invalidate", "ok");
        computed = metrics.Counter(Name, "source", "compute", "ok");
        unavailable = metrics.Counter(Name, "source", "compute", "error");
    }

    public string Name { get; }

    /// <summary>Entries in memory, current or not.</summary>
    public int Count => memory.Count;

    /// <summary>True while changes of the data cannot be followed: what was kept is served marked stale.</summary>
    public bool IsBehind
    {
        get => isBehind;
        set => isBehind = value;
    }

    /// <summary>True while Redis is neither read nor written, because changes may not have reached it.</summary>
    public bool IsSharedSuspended
    {
        get => shared?.IsSuspended ?? true;
        set
        {
            if (shared is not null)
            {
                shared.IsSuspended = value;
            }
        }
    }

    /// <exception cref="SourceUnavailableException">The data cannot be read and nothing is known from before.</exception>
    public ValueTask<CacheReading<TValue>> GetAsync(CacheKey key, CancellationToken cancellationToken)
    {
        if (memory.Find(key) is { } entry)
        {
            if (entry.FreshUntil > time.Now)
            {
                memoryHits.Add();
                return new ValueTask<CacheReading<TValue>>(new CacheReading<TValue>(entry.Value, CacheLevel.Memory, isBehind));
            }

            if (!entry.IsInvalid && entry.Value is not null && time.Now - entry.FreshUntil < options().StaleWhileRevalidate.TotalMilliseconds && Age(entry) <= options().MaximumStaleness)
            {
                memoryStale.Add();
                Revalidate(key);
                return new ValueTask<CacheReading<TValue>>(new CacheReading<TValue>(entry.Value, CacheLevel.Memory, true));
            }
        }

        memoryMisses.Add();
        return new ValueTask<CacheReading<TValue>>(ReadAsync(key, cancellationToken));
    }

    /// <summary>Computes anew, past every tier, and ends when the durable tier has the result or could not take it, which the reading says.</summary>
    /// <exception cref="SourceUnavailableException">The data cannot be read and nothing is known from before.</exception>
    public async Task<CacheReading<TValue>> RefreshAsync(CacheKey key, CancellationToken cancellationToken)
    {
        var loaded = await FlyAsync(key, renew: true, cancellationToken);
        return loaded.Reading with { IsKept = await loaded.Stored.WaitAsync(cancellationToken) };
    }

    /// <summary>The data of the key changed: memory and Redis drop it here and on every replica. A durable tier judges by itself.</summary>
    /// <param name="key">What changed; an empty id: everything of the tenant; an empty tenant: everything.</param>
    /// <param name="position">Position of the change in the feed: entries that contain it stay. Null: not known, all go.</param>
    /// <param name="cancellationToken">Ends the attempt to tell the others.</param>
    /// <returns>False when Redis could not be told; what it holds is then not to be trusted.</returns>
    public async Task<bool> InvalidateAsync(CacheKey key, long? position, CancellationToken cancellationToken)
    {
        DropLocal(key, position);
        return shared is null || await shared.InvalidateAsync(key, position, cancellationToken);
    }

    /// <summary>Drops what this replica holds in memory; it stays as the last known.</summary>
    /// <returns>How many entries were current until now.</returns>
    public int DropLocal(CacheKey key, long? position)
    {
        int dropped;
        if (key.Id.Length > 0)
        {
            flights.Outdate(key, position);
            dropped = memory.Invalidate(key, position) ? 1 : 0;
        }
        else
        {
            var tenant = key.Tenant.Length > 0 ? key.Tenant : null;
            flights.OutdateAll(tenant, position);
            dropped = memory.InvalidateAll(tenant, position);
        }

        memoryInvalidated.Add(dropped);
        return dropped;
    }

    /// <summary>Completes when the writes and revalidations that are under way have ended.</summary>
    public Task PendingAsync() => background.AllAsync();

    void IChangeFollower.BeginFollowing() => followsFeed = true;

    void IChangeFollower.DropEverythingLocal() => DropLocal(CacheKey.Everything, null);

    async Task<bool> IChangeFollower.ApplyAsync(DataChange change, CancellationToken cancellationToken)
    {
        var told = true;
        foreach (var key in outdated(change))
        {
            told &= await InvalidateAsync(key, change.Position, cancellationToken);
        }

        return told;
    }

    Task<bool> IChangeFollower.DropEverythingSharedAsync(CancellationToken cancellationToken) =>
        shared?.InvalidateAsync(CacheKey.Everything, null, cancellationToken) ?? Task.FromResult(true);

    Task<(bool Answered, string? Snapshot)> IChangeFollower.ReadSharedSnapshotAsync(CancellationToken cancellationToken) =>
        shared?.ReadSnapshotAsync(cancellationToken) ?? Task.FromResult<(bool, string?)>((false, null));

    Task<bool> IChangeFollower.WriteSharedSnapshotAsync(string snapshot, TimeSpan life, CancellationToken cancellationToken) =>
        shared?.WriteSnapshotAsync(snapshot, life, cancellationToken) ?? Task.FromResult(true);

    /// <summary>Hears what other replicas say until the token ends.</summary>
    internal Task ListenAsync(CancellationToken cancellationToken) => sharedTier?.ListenAsync(Hear, cancellationToken) ?? Task.CompletedTask;

    private void Hear(SharedNotice notice)
    {
        switch (notice.Kind)
        {
            case SharedNoticeKind.Finished:
                shared?.Finished(notice.Key);
                break;
            case SharedNoticeKind.Invalidated:
                DropLocal(notice.Key, notice.Position);
                break;
            case SharedNoticeKind.Interrupted when followsFeed:
                // The feed tells memory of every change; Redis is used again when it has been told of what it may have missed.
                IsSharedSuspended = true;
                break;
            case SharedNoticeKind.Interrupted:
                DropLocal(CacheKey.Everything, null);
                break;
        }
    }

    private void Revalidate(CacheKey key)
    {
        if (revalidations.TryAdd(key, true))
        {
            background.Add(RunAsync());
        }

        async Task RunAsync()
        {
            try
            {
                await FlyAsync(key, renew: false, CancellationToken.None);
            }
            finally
            {
                revalidations.TryRemove(key, out _);
            }
        }
    }

    // Apart from the hit, which would otherwise allocate what this captures.
    private async Task<CacheReading<TValue>> ReadAsync(CacheKey key, CancellationToken cancellationToken) => (await FlyAsync(key, renew: false, cancellationToken)).Reading;

    private Task<Loaded> FlyAsync(CacheKey key, bool renew, CancellationToken cancellationToken) =>
        flights.RunAsync(key, (flight, token) => LoadAsync(key, flight, renew, token), cancellationToken);

    private async Task<Loaded> LoadAsync(CacheKey key, SingleFlight<Loaded>.Flight flight, bool renew, CancellationToken cancellationToken)
    {
        var answer = shared is null ? default : await shared.AskAsync(key, renew, cancellationToken);
        if (answer.Entry is { } found)
        {
            KeepInMemory(key, flight, found, answer.Remaining);
            return new Loaded(new CacheReading<TValue>(found.Value, CacheLevel.Shared, isBehind), AlreadyStored);
        }

        if (answer.Lease is not { } lease)
        {
            return (await FillAsync(key, flight, null, renew, cancellationToken)).Loaded;
        }

        using var working = new CancellationTokenSource();
        var holding = shared!.HoldAsync(key, lease, working.Token);
        var handedOver = false;
        try
        {
            (var loaded, handedOver) = await FillAsync(key, flight, lease, renew, cancellationToken);
            return loaded;
        }
        finally
        {
            await working.CancelAsync();
            await holding;
            if (!handedOver)
            {
                background.Add(shared.ReleaseAsync(key, lease));
            }
        }
    }

    private async Task<(Loaded Loaded, bool HandedOver)> FillAsync(
        CacheKey key, SingleFlight<Loaded>.Flight flight, SharedLease? lease, bool renew, CancellationToken cancellationToken)
    {
        var found = default(DurableReading<TValue>);
        if (durable is not null && !renew)
        {
            (var readable, found) = await durableGuard.TryAsync("read", options().DatabaseReadTimeout, token => durable.FindAsync(key, token), cancellationToken);
            if (readable && Judge(found) is { } current)
            {
                var kept = Keep(key, flight, current, lease, isNew: false);
                return (new Loaded(new CacheReading<TValue>(current.Value, CacheLevel.Durable, isBehind), AlreadyStored), kept.HandsOver);
            }

            // With a database in trouble an old answer now is worth more than a new one that will hardly come.
            if (!readable && await FindLastKnownAsync(key, null, cancellationToken) is { } known)
            {
                return (new Loaded(known, NotStored), false);
            }
        }

        try
        {
            var made = await source.ComputeAsync(key, cancellationToken);
            computed.Add();
            var (handsOver, stored) = made.IsComplete ? Keep(key, flight, made.Entry, lease, isNew: true) : (false, NotStored);
            return (new Loaded(new CacheReading<TValue>(made.Entry.Value, CacheLevel.Computed, false), stored), handsOver);
        }
        catch (SourceUnavailableException) when (!cancellationToken.IsCancellationRequested)
        {
            unavailable.Add();
            if (await FindLastKnownAsync(key, found.Entry, cancellationToken) is { } known)
            {
                return (new Loaded(known, NotStored), false);
            }

            throw;
        }
    }

    private CacheEntry<TValue>? Judge(DurableReading<TValue> stored)
    {
        var isCurrent = stored.State == DurableState.Current && stored.Entry!.Age < options().Freshness;
        durableGuard.Count("read", stored.State switch
        {
            DurableState.Absent => "miss",
            DurableState.Corrupt => "corrupt",
            _ => isCurrent ? "hit" : "stale",
        });
        return isCurrent ? stored.Entry : null;
    }

    /// <returns>Whether the lease is taken care of, and whether the durable tier has the entry once the writes have ended.</returns>
    private (bool HandsOver, Task<bool> Stored) Keep(CacheKey key, SingleFlight<Loaded>.Flight flight, CacheEntry<TValue> entry, SharedLease? lease, bool isNew)
    {
        var settings = options();
        double share;
        lock (random)
        {
            share = random.NextDouble();
        }

        var life = ((entry.Value is null ? settings.NegativeLife : settings.Freshness) * (1 - (settings.ExpiryJitter * share))) - entry.Age;
        var isCurrent = life > TimeSpan.Zero && KeepInMemory(key, flight, entry, life);
        if (!isCurrent && !isNew)
        {
            return (false, NotStored);
        }

        // What became outdated while it was made is no entry for memory or Redis. The durable tier judges by itself, and its other readers see what is there.
        var writing = WriteAsync(key, entry, life, isCurrent ? lease : null, isNew);
        background.Add(writing);
        return (isCurrent && lease is not null, writing);
    }

    private bool KeepInMemory(CacheKey key, SingleFlight<Loaded>.Flight flight, CacheEntry<TValue> entry, TimeSpan life)
    {
        if (flight.Outdates(entry.Snapshot))
        {
            return false;
        }

        var now = time.Now;
        memory.Store(key, new MemoryEntry<TValue>(entry, now - (long)entry.Age.TotalMilliseconds, now + (long)life.TotalMilliseconds));
        if (!flight.Outdates(entry.Snapshot))
        {
            return true;
        }

        // Invalidated between the check and the store: what was stored must not count.
        memory.Invalidate(key, null);
        return false;
    }

    // Each write has its own limit; no reader waits for it.
    private async Task<bool> WriteAsync(CacheKey key, CacheEntry<TValue> entry, TimeSpan life, SharedLease? lease, bool isNew)
    {
        var limit = options().DatabaseWriteTimeout;
        if (lease is not null && !await shared!.WriteAsync(key, lease, entry, life))
        {
            memory.Invalidate(key, null);
        }

        if (!isNew || durable is null || entry.Value is null)
        {
            return true;
        }

        var (done, _) = await durableGuard.TryAsync("write", limit, async token =>
        {
            await durable.StoreAsync(key, entry, token);
            return true;
        }, CancellationToken.None);
        if (done)
        {
            durableGuard.Count("write", "ok");
        }

        return done;
    }

    private async Task<CacheReading<TValue>?> FindLastKnownAsync(CacheKey key, CacheEntry<TValue>? stored, CancellationToken cancellationToken)
    {
        var longest = options().MaximumStaleness;
        if (memory.Find(key) is { Value: { } kept } entry && Age(entry) <= longest)
        {
            memoryStale.Add();
            return new CacheReading<TValue>(kept, CacheLevel.Memory, true);
        }

        if (shared is not null && await shared.FindLastKnownAsync(key, cancellationToken) is { } last && last.Age <= longest)
        {
            return new CacheReading<TValue>(last.Value, CacheLevel.Shared, true);
        }

        return stored?.Value is { } old && stored.Age <= longest ? new CacheReading<TValue>(old, CacheLevel.Durable, true) : null;
    }

    private TimeSpan Age(MemoryEntry<TValue> entry) => TimeSpan.FromMilliseconds(time.Now - entry.BornAt);

    /// <param name="Reading">What is shown.</param>
    /// <param name="Stored">Ends with the writes; false when the durable tier could not take what was made anew.</param>
    private readonly record struct Loaded(CacheReading<TValue> Reading, Task<bool> Stored);
}
