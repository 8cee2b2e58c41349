namespace Platform.EntityResolution.Registry;

/// <summary>What an organization's lookups are answered from just now.</summary>
/// <param name="Snapshot">The names in memory; null while they are read for the first time, when there are too many, or none could be read.</param>
/// <param name="Stale">True when the last attempt to read the names failed.</param>
/// <param name="AsOf">When the database last confirmed the snapshot; null without one.</param>
internal sealed record RegistryView(RegistrySnapshot? Snapshot, bool Stale, DateTimeOffset? AsOf = null)
{
    public static RegistryView Unread { get; } = new(null, Stale: false);

    public RegistrySnapshot Names => Snapshot ?? RegistrySnapshot.Empty;
}
