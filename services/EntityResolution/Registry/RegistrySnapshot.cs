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

/// <summary>Another name of an entity. The type is the lower-case name of the contract's, e.g. "customer".</summary>
internal sealed record RegisteredAlias(Guid Id, string Key, string EntityType, string EntityId);

/// <summary>A customer that words may mean.</summary>
/// <param name="Customer">Whose name agreed.</param>
/// <param name="Match">How, and how likely: its probability counts the others that were found, and that none may be meant; null when the database found it.</param>
/// <param name="Explanation">What agreed and what was forgiven.</param>
internal sealed record LikelyCustomer(RegisteredCustomer Customer, NameMatch? Match, IReadOnlyList<string> Explanation);

/// <summary>
/// The names of one organization at one moment: immutable, replaced as a whole. Answers every lookup of names without a database.
/// </summary>
internal sealed partial class RegistrySnapshot
{
    private readonly NameLayers _names;
    private readonly Dictionary<string, RegisteredAlias> _aliases = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int> _longestAliasFrom = new(StringComparer.Ordinal);

    public RegistrySnapshot(NameIndex names, IEnumerable<RegisteredAlias> aliases, DateTimeOffset asOf)
        : this(new NameLayers(names), aliases, asOf)
    {
    }

    private RegistrySnapshot(NameLayers names, IEnumerable<RegisteredAlias> aliases, DateTimeOffset asOf)
    {
        _names = names;
        AsOf = asOf;
        foreach (var alias in aliases)
        {
            _aliases[alias.Key] = alias;
            var words = alias.Key.Split(' ');
            _longestAliasFrom[words[0]] = Math.Max(_longestAliasFrom.GetValueOrDefault(words[0]), words.Length);
        }
    }

    public static RegistrySnapshot Empty { get; } = new(new NameIndexBuilder().Build(), [], DateTimeOffset.MinValue);

    public DateTimeOffset AsOf { get; }

    public int Names => _names.Count + _aliases.Count;

    public RegisteredCustomer? ById(string id) => _names.FindId(id) is { } entity ? RegisteredCustomer.Of(entity) : null;

    public IReadOnlyList<RegisteredCustomer> ByCore(string core) => [.. _names.FindCore(core).Select(RegisteredCustomer.Of)];

    public IReadOnlyList<RegisteredCustomer> ByIdKey(string key) => [.. _names.FindSpokenId(key).Select(RegisteredCustomer.Of)];

    public IReadOnlyList<RegisteredCustomer> ByInitials(string letters) => [.. _names.FindInitials(letters).Select(RegisteredCustomer.Of)];

    public RegisteredAlias? Alias(string key) => _aliases.GetValueOrDefault(key);

    /// <summary>Most words of a name or alias that begins with the word; 0 when none does.</summary>
    public int LongestFrom(string word) => Math.Max(_names.LongestFrom(word), _longestAliasFrom.GetValueOrDefault(word));

    public bool HasWord(string word) => _names.HasWord(word);

    /// <summary>How telling a word is in this registry, in nats: the fewer names hold it, the more.</summary>
    public double Weight(string word) => _names.WeightOf(word);

    /// <summary>Customers whose names are most like the words, likeliest first.</summary>
    public IReadOnlyList<LikelyCustomer> Like(ReadOnlySpan<string> words, int limit)
    {
        var found = new List<LikelyCustomer>();
        foreach (var (entity, match, explanation) in _names.FindLike(words, limit))
        {
            found.Add(new LikelyCustomer(RegisteredCustomer.Of(entity), match, explanation));
        }

        return found;
    }

    /// <summary>Customers whose names complete what was typed, best first.</summary>
    public IReadOnlyList<(RegisteredCustomer Customer, CompletionKind Kind)> Complete(string typed, int limit) =>
        [.. _names.Complete(typed, limit).Select(found => (RegisteredCustomer.Of(found.Entity), found.Completion.Kind))];
}
