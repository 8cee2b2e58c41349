namespace Platform.EntityResolution.Registry;

/// <summary>
/// Tells whether an organization's names are those that were read, without reading them: their number and the sum of a hash
/// of each row, both computed by the database. The sum does not depend on order, so that it can follow single changes.
/// </summary>
internal sealed record NamesFingerprint(long Count, decimal Sum)
{
    public NamesFingerprint Change(NamesFingerprint removed, NamesFingerprint added) =>
        new(Count - removed.Count + added.Count, Sum - removed.Sum + added.Sum);
}
