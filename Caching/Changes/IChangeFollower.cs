namespace Platform.Caching.Changes;

/// <summary>What happened to the data.</summary>
/// <param name="OrganizationId">Whose.</param>
/// <param name="CustomerId">Of which customer; "*": of all.</param>
/// <param name="Position">The transaction that made the change: snapshots that begin after it contain it.</param>
public sealed record DataChange(string OrganizationId, string CustomerId, long Position)
{
    public bool IsWhole => CustomerId == "*";
}

/// <summary>A cache that follows the changes of its data.</summary>
public interface IChangeFollower
{
    string Name { get; }

    /// <summary>True while changes cannot be followed: what was kept is served marked stale.</summary>
    bool IsBehind { get; set; }

    /// <summary>True while Redis is neither read nor written, because changes may not have reached it.</summary>
    bool IsSharedSuspended { get; set; }

    /// <summary>From now on changes come from the feed alone.</summary>
    void BeginFollowing();

    /// <summary>Forgets all that memory holds as current: changes may have been missed.</summary>
    void DropEverythingLocal();

    /// <returns>False when Redis could not be told.</returns>
    Task<bool> ApplyAsync(DataChange change, CancellationToken cancellationToken);

    /// <summary>Makes nothing in Redis count.</summary>
    /// <returns>False when Redis could not be told.</returns>
    Task<bool> DropEverythingSharedAsync(CancellationToken cancellationToken);

    /// <summary>The state of the data up to which every change has reached Redis.</summary>
    /// <returns>Whether Redis answered, and the snapshot or null.</returns>
    Task<(bool Answered, string? Snapshot)> ReadSharedSnapshotAsync(CancellationToken cancellationToken);

    /// <returns>False when Redis could not be told.</returns>
    Task<bool> WriteSharedSnapshotAsync(string snapshot, TimeSpan life, CancellationToken cancellationToken);
}
