namespace Platform.EntityResolution.Registry;

internal sealed partial class RegistrySnapshot
{
    /// <summary>The same names with one alias more, so that the one who made it sees it at once.</summary>
    public RegistrySnapshot With(RegisteredAlias alias) => WithAliases(_aliases.All.Where(a => a.Key != alias.Key).Append(alias));

    public RegistrySnapshot WithoutAlias(Guid id) => WithAliases(_aliases.All.Where(a => a.Id != id));

    public RegistrySnapshot WithAliases(IEnumerable<RegisteredAlias> aliases) => new(_names, new AliasNames(aliases), AsOf);

    /// <summary>The same names after some customers changed: those that are not among <paramref name="present"/> are gone.</summary>
    public RegistrySnapshot WithCustomers(IReadOnlyList<RegisteredCustomer> present, IReadOnlySet<string> changed) =>
        new(_names.With(present.Select(c => (c.Id, c.Name)), changed), _aliases, AsOf);
}
