using Platform.EntityResolution.Names;

namespace Platform.EntityResolution.Registry;

/// <summary>A customer of the registry with its name as it is compared.</summary>
internal sealed record RegisteredCustomer(string Id, string Name, NormalizedName Normalized);

/// <summary>Another name of an entity. The type is the lower-case name of the contract's, e.g. "customer".</summary>
internal sealed record RegisteredAlias(Guid Id, string Key, string EntityType, string EntityId);

/// <summary>
/// The names of one organization at one moment: immutable, replaced as a whole. Answers exact and alias lookups without a
/// database; fuzzy lookups ask pg_trgm and come here only when the database is away.
/// </summary>
internal sealed partial class RegistrySnapshot
{
    private readonly Dictionary<string, List<RegisteredCustomer>> _byCore = new(StringComparer.Ordinal);
    private readonly Dictionary<string, RegisteredCustomer> _byId = new(StringComparer.OrdinalIgnoreCase);
    private readonly Dictionary<string, List<RegisteredCustomer>> _byIdKey = new(StringComparer.Ordinal);
    private readonly Dictionary<string, List<RegisteredCustomer>> _byInitials = new(StringComparer.Ordinal);
    private readonly Dictionary<string, RegisteredAlias> _aliases = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int> _longestFrom = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int> _namesWithWord = new(StringComparer.Ordinal);
    private readonly List<RegisteredCustomer> _customers = [];
    private readonly double _rarest;

    public RegistrySnapshot(IEnumerable<RegisteredCustomer> customers, IEnumerable<RegisteredAlias> aliases, DateTimeOffset asOf)
    {
        AsOf = asOf;
        foreach (var customer in customers)
        {
            Add(customer);
        }

        foreach (var alias in aliases)
        {
            _aliases[alias.Key] = alias;
            NoteStart(alias.Key.Split(' '));
        }

        _rarest = Math.Log(2 + _customers.Count);
    }

    public static RegistrySnapshot Empty { get; } = new([], [], DateTimeOffset.MinValue);

    public DateTimeOffset AsOf { get; }

    public IReadOnlyList<RegisteredCustomer> Customers => _customers;

    public int Names => _customers.Count + _aliases.Count;

    public RegisteredCustomer? ById(string id) => _byId.GetValueOrDefault(id);

    public IReadOnlyList<RegisteredCustomer> ByCore(string core) => _byCore.TryGetValue(core, out var found) ? found : [];

    public IReadOnlyList<RegisteredCustomer> ByIdKey(string key) => _byIdKey.TryGetValue(key, out var found) ? found : [];

    public IReadOnlyList<RegisteredCustomer> ByInitials(string letters) => _byInitials.TryGetValue(letters, out var found) ? found : [];

    public RegisteredAlias? Alias(string key) => _aliases.GetValueOrDefault(key);

    /// <summary>Most words of a name or alias that begins with the word; 0 when none does.</summary>
    public int LongestFrom(string word) => _longestFrom.GetValueOrDefault(word);

    public bool HasWord(string word) => _namesWithWord.ContainsKey(word);

    /// <summary>How telling a word is in this registry: the fewer names hold it, the more.</summary>
    public double Weight(string word) =>
        _namesWithWord.TryGetValue(word, out var names) ? Math.Max(0.1, _rarest - Math.Log(1 + names)) : Math.Max(0.1, _rarest);

    private void Add(RegisteredCustomer customer)
    {
        _customers.Add(customer);
        _byId[customer.Id] = customer;
        Append(_byCore, customer.Normalized.Core, customer);
        var words = customer.Normalized.Words;
        // As written, because one legal form may be several words.
        NoteStart([.. words, .. NameText.Tokenize(customer.Name).Skip(words.Count).Select(t => t.Text)]);

        var idKey = NameText.Normalize(customer.Id).Key;
        if (idKey.Any(char.IsDigit) && idKey.Any(char.IsLetter) || idKey.Contains(' ', StringComparison.Ordinal))
        {
            Append(_byIdKey, idKey, customer);
            NoteStart(idKey.Split(' '));
        }

        if (words.Count >= 2)
        {
            Append(_byInitials, string.Concat(words.Where(w => w != "and").Select(w => w[0])), customer);
        }

        foreach (var word in words.Distinct(StringComparer.Ordinal))
        {
            _namesWithWord[word] = _namesWithWord.GetValueOrDefault(word) + 1;
        }
    }

    private void NoteStart(IReadOnlyList<string> words)
    {
        if (words.Count > 0)
        {
            _longestFrom[words[0]] = Math.Max(_longestFrom.GetValueOrDefault(words[0]), words.Count);
        }
    }

    private static void Append(Dictionary<string, List<RegisteredCustomer>> map, string key, RegisteredCustomer customer)
    {
        if (key.Length == 0)
        {
            return;
        }

        if (map.TryGetValue(key, out var list))
        {
            list.Add(customer);
        }
        else
        {
            map[key] = [customer];
        }
    }
}
