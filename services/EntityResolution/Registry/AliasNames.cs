using Platform.EntityResolution.Index;

namespace Platform.EntityResolution.Registry;

/// <summary>Another name of an entity. The type is the lower-case name of the contract's, e.g. "customer".</summary>
internal sealed record RegisteredAlias(Guid Id, string Key, string EntityType, string EntityId);

/// <summary>The aliases of one organization: by key, and those of customers by likeness. Immutable.</summary>
internal sealed class AliasNames
{
    private readonly Dictionary<string, RegisteredAlias> _byKey = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int> _longestFrom = new(StringComparer.Ordinal);

    public AliasNames(IEnumerable<RegisteredAlias> aliases)
    {
        foreach (var alias in aliases)
        {
            _byKey[alias.Key] = alias;
            var words = alias.Key.Split(' ');
            _longestFrom[words[0]] = Math.Max(_longestFrom.GetValueOrDefault(words[0]), words.Length);
        }

        var builder = new NameIndexBuilder();
        foreach (var customer in _byKey.Values.Where(alias => alias.EntityType == "customer").GroupBy(alias => alias.EntityId))
        {
            var entity = -1;
            foreach (var alias in customer)
            {
                if (entity < 0)
                {
                    entity = builder.Add(customer.Key, alias.Key);
                }
                else
                {
                    builder.AddAlias(entity, alias.Key);
                }
            }
        }

        OfCustomers = builder.Build();
    }

    public static AliasNames None { get; } = new([]);

    public IReadOnlyCollection<RegisteredAlias> All => _byKey.Values;

    /// <summary>Aliases of customers as names; the ids are those of the customers.</summary>
    public NameIndex OfCustomers { get; }

    public RegisteredAlias? Find(string key) => _byKey.GetValueOrDefault(key);

    /// <summary>Most words of an alias that begins with the word; 0 when none does.</summary>
    public int LongestFrom(string word) => _longestFrom.GetValueOrDefault(word);
}
