using Platform.EntityResolution.Index;
using Platform.EntityResolution.Names;

namespace Platform.EntityResolution.Registry;

/// <summary>A customer of the registry with its name as it is compared.</summary>
internal sealed record RegisteredCustomer(string Id, string Name, NormalizedName Normalized)
{
    public static RegisteredCustomer Of(LayeredEntity entity)
    {
        var name = entity.Name;
        return new RegisteredCustomer(entity.Id, name, NameText.Normalize(name));
    }
}

/// <summary>
/// The names of one organization at one moment: immutable, replaced as a whole. Answers every lookup of names without a database.
/// </summary>
internal sealed partial class RegistrySnapshot
{
    private readonly NameLayers _names;
    private readonly AliasNames _aliases;

    public RegistrySnapshot(NameIndex names, IEnumerable<RegisteredAlias> aliases, DateTimeOffset asOf)
        : this(new NameLayers(names), new AliasNames(aliases), asOf)
    {
    }

    private RegistrySnapshot(NameLayers names, AliasNames aliases, DateTimeOffset asOf)
    {
        (_names, _aliases, AsOf) = (names.WithAliases(aliases.OfCustomers), aliases, asOf);
    }

    public static RegistrySnapshot Empty { get; } = new(new NameLayers(new NameIndexBuilder().Build()), AliasNames.None, DateTimeOffset.MinValue);

    public DateTimeOffset AsOf { get; }

    public int Names => _names.Count + _aliases.All.Count;

    /// <summary>A snapshot of a few names that a database gave, so that they are compared as those in memory are.</summary>
    public static RegistrySnapshot Of(IEnumerable<(string Id, string Name)> customers)
    {
        var builder = new NameIndexBuilder();
        foreach (var (id, name) in customers)
        {
            builder.Add(id, name);
        }

        return new RegistrySnapshot(new NameLayers(builder.Build()), AliasNames.None, DateTimeOffset.MinValue);
    }

    public RegisteredCustomer? ById(string id) => _names.FindId(id) is { } entity ? RegisteredCustomer.Of(entity) : null;

    public IReadOnlyList<RegisteredCustomer> ByCore(string core) => [.. _names.FindCore(core).Select(RegisteredCustomer.Of)];

    public IReadOnlyList<RegisteredCustomer> ByIdKey(string key) => [.. _names.FindSpokenId(key).Select(RegisteredCustomer.Of)];

    public IReadOnlyList<RegisteredCustomer> ByInitials(string letters) => [.. _names.FindInitials(letters).Select(RegisteredCustomer.Of)];

    public RegisteredAlias? Alias(string key) => _aliases.Find(key);

    /// <summary>Most words of a name or alias that begins with the word; 0 when none does.</summary>
    public int LongestFrom(string word) => Math.Max(_names.LongestFrom(word), _aliases.LongestFrom(word));

    /// <summary>Whether a name or an alias holds the word.</summary>
    public bool HasWord(string word) => _names.HasWord(word);

    /// <summary>Customers whose names or aliases are most like the words, likeliest first.</summary>
    public IReadOnlyList<LayeredMatch> Like(ReadOnlySpan<string> words, int limit) => _names.FindLike(words, limit);

    /// <summary>Customers whose names complete what was typed, best first.</summary>
    public IReadOnlyList<(RegisteredCustomer Customer, CompletionKind Kind)> Complete(string typed, int limit) =>
        [.. _names.Complete(typed, limit).Select(found => (RegisteredCustomer.Of(found.Entity), found.Completion.Kind))];
}
