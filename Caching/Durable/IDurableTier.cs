namespace Platform.Caching.Durable;

/// <summary>What a durable tier had.</summary>
/// <param name="State">How it went.</param>
/// <param name="Entry">The entry when the state is <see cref="DurableState.Current"/>; also, for the time when nothing better can be had, when it is <see cref="DurableState.Outdated"/>.</param>
public readonly record struct DurableReading<TValue>(DurableState State, CacheEntry<TValue>? Entry)
    where TValue : class;

public enum DurableState
{
    Absent,
    Current,
    Outdated,

    /// <summary>Damaged or of another version; the tier has dropped it.</summary>
    Corrupt,
}

/// <summary>L3: a table that outlives every process. It throws its faults; the cache gives it limits and counts them.</summary>
public interface IDurableTier<TValue>
    where TValue : class
{
    /// <summary>Name in metrics, e.g. "postgres".</summary>
    string Name { get; }

    /// <summary>Says whether the entry is current by itself: older changes of the data must be visible in it.</summary>
    Task<DurableReading<TValue>> FindAsync(CacheKey key, CancellationToken cancellationToken);

    /// <summary>Keeps an entry, unless one that was made from newer data is there already.</summary>
    Task StoreAsync(CacheKey key, CacheEntry<TValue> entry, CancellationToken cancellationToken);
}
