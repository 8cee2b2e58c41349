namespace Platform.EntityResolution.Registry;

/// <summary>What may have changed in an organization's names since they were last read. Merging two costs nothing and loses nothing.</summary>
/// <param name="Whole">Anything may have changed: compare the fingerprint, and read all when it differs.</param>
/// <param name="Aliases">Some alias may have changed.</param>
/// <param name="CustomerIds">Customers that changed; empty when <paramref name="Whole"/>.</param>
internal sealed record NameChanges(bool Whole, bool Aliases, IReadOnlySet<string> CustomerIds)
{
    /// <summary>Beyond this many customers one pass over all names is cheaper than asking for each.</summary>
    public const int MostCustomers = 2_000;

    private static readonly HashSet<string> NoCustomers = [];

    public static NameChanges None { get; } = new(false, false, NoCustomers);

    public static NameChanges Everything { get; } = new(true, true, NoCustomers);

    public static NameChanges OfAliases { get; } = new(false, true, NoCustomers);

    public static NameChanges OfNames { get; } = new(true, false, NoCustomers);

    public bool IsNone => !Whole && !Aliases && CustomerIds.Count == 0;

    public static NameChanges OfCustomers(IEnumerable<string> ids) => new NameChanges(false, false, ids.ToHashSet(StringComparer.Ordinal)).Bounded();

    public NameChanges Merge(NameChanges other)
    {
        if (IsNone)
        {
            return other;
        }

        var whole = Whole || other.Whole;
        return new NameChanges(whole, Aliases || other.Aliases, whole ? NoCustomers : Union(CustomerIds, other.CustomerIds)).Bounded();
    }

    private NameChanges Bounded() => CustomerIds.Count > MostCustomers ? this with { Whole = true, CustomerIds = NoCustomers } : this;

    private static IReadOnlySet<string> Union(IReadOnlySet<string> left, IReadOnlySet<string> right)
    {
        if (right.Count == 0)
        {
            return left;
        }

        var union = new HashSet<string>(left, StringComparer.Ordinal);
        union.UnionWith(right);
        return union;
    }
}
