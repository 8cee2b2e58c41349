namespace Platform.Caching.Sharing;

/// <summary>What the shared tier has for a key.</summary>
internal enum SharedState
{
    Absent,
    Present,

    /// <summary>Not of a kind or size that could be an entry; the tier has dropped it.</summary>
    Unreadable,
}

/// <param name="State">Whether there is an entry.</param>
/// <param name="Generation">The tenant's generation: an entry of another one does not count.</param>
/// <param name="Bytes">The entry.</param>
/// <param name="Remaining">Life that is left, by the tier's own clock.</param>
/// <param name="Lease">What came of asking for the lease as well; null unless that was asked and the entry is absent.</param>
internal readonly record struct SharedReading(SharedState State, string Generation, byte[]? Bytes, TimeSpan Remaining, LeaseAnswer? Lease = null);

/// <param name="Lease">Names whoever asks.</param>
/// <param name="Duration">How long it holds without being renewed.</param>
internal readonly record struct LeaseRequest(string Lease, TimeSpan Duration);

internal enum LeaseState
{
    Granted,

    /// <summary>Another holds it; <see cref="LeaseAnswer.Remaining"/> says for how long at most.</summary>
    Taken,

    /// <summary>Meanwhile there is another entry than the one that was seen.</summary>
    EntryChanged,
}

internal readonly record struct LeaseAnswer(LeaseState State, TimeSpan Remaining);

internal enum SharedWrite
{
    Done,

    /// <summary>The lease has passed to another: what this one made is not wanted any more.</summary>
    LeaseLost,

    /// <summary>The data changed after they were read.</summary>
    Outdated,
}

/// <summary>What replicas tell each other.</summary>
/// <param name="Kind">What happened.</param>
/// <param name="Key">To which entry; of a whole tenant the id is empty, of everything the tenant too.</param>
/// <param name="Position">Position of the change; null: not known.</param>
internal readonly record struct SharedNotice(SharedNoticeKind Kind, CacheKey Key, long? Position);

internal enum SharedNoticeKind
{
    /// <summary>Whoever computed the key has finished, with or without a result.</summary>
    Finished,
    Invalidated,

    /// <summary>Notices may have been missed.</summary>
    Interrupted,
}

/// <summary>L2: entries that all replicas share, the right to compute one, and word of what happened. It throws its faults.</summary>
internal interface ISharedTier
{
    string Name { get; }

    /// <summary>False while it is known to be away.</summary>
    bool IsConnected { get; }

    /// <param name="wanted">The lease to ask for in the same step when there is no entry; default: none.</param>
    Task<SharedReading> ReadAsync(CacheKey key, int maximumBytes, LeaseRequest wanted);

    /// <summary>The entry that counted last, for the time when nothing better can be had.</summary>
    Task<byte[]?> ReadLastKnownAsync(CacheKey key, int maximumBytes);

    /// <param name="seen">Checksum of the entry that the caller found of no use, which is its last 16 bytes or all of a shorter one; empty: it found none.</param>
    Task<LeaseAnswer> AcquireAsync(CacheKey key, string lease, TimeSpan duration, ReadOnlyMemory<byte> seen);

    /// <returns>False when the lease is no longer the caller's.</returns>
    Task<bool> RenewAsync(CacheKey key, string lease, TimeSpan duration);

    /// <summary>Writes an entry under the lease, gives the lease back and tells those who wait.</summary>
    Task<SharedWrite> WriteAsync(CacheKey key, string lease, string generation, string snapshot, byte[] entry, TimeSpan life);

    /// <summary>Gives the lease back without a result.</summary>
    Task<bool> ReleaseAsync(CacheKey key, string lease);

    /// <param name="key">An empty id: the whole tenant; an empty tenant: everything.</param>
    /// <param name="position">Entries that hold this change already stay; null: not known, all go.</param>
    Task<bool> InvalidateAsync(CacheKey key, long? position);

    /// <summary>The state of the data up to which every change has reached the tier, or null.</summary>
    Task<string?> ReadSnapshotAsync();

    Task<bool> WriteSnapshotAsync(string snapshot, TimeSpan life);

    /// <summary>Passes on what replicas tell each other until the token ends.</summary>
    Task ListenAsync(Action<SharedNotice> heard, CancellationToken cancellationToken);
}
