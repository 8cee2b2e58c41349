namespace Platform.EntityResolution.Registry;

/// <summary>What an organization's lookups are answered from just now.</summary>
/// <param name="Snapshot">The names in memory; null when none could be read or there are too many.</param>
/// <param name="Stale">True when the last attempt to read the names failed.</param>
internal sealed record RegistryView(RegistrySnapshot? Snapshot, bool Stale)
{
    public RegistrySnapshot Names => Snapshot ?? RegistrySnapshot.Empty;
}
