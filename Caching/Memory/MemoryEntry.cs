namespace Platform.Caching.Memory;

/// <summary>What memory holds for a key. It stays as the last known value when it is no longer current.</summary>
internal sealed class MemoryEntry<TValue>(CacheEntry<TValue> entry, long bornAt, long freshUntil)
    where TValue : class
{
    private long freshUntil = freshUntil;

    public TValue? Value { get; } = entry.Value;

    public CacheEntry<TValue> Entry { get; } = entry;

    /// <summary>When its data were read, in milliseconds of the monotonic clock.</summary>
    public long BornAt { get; } = bornAt;

    /// <summary>When it stops being current; in the past for ever once it was invalidated.</summary>
    public long FreshUntil => Volatile.Read(ref freshUntil);

    public bool IsInvalid => FreshUntil == long.MinValue;

    public void Invalidate() => Volatile.Write(ref freshUntil, long.MinValue);
}
