using System.Globalization;
using Platform.Caching;
using Platform.Caching.Changes;

namespace Platform.DataQuestions.Facts.Tiers;

/// <summary>
/// Whose facts and of which day; a null day is the present one, whichever that is. The present facts of a customer are outdated
/// by its own changes. All others (portfolio, orders, invoices, earlier days) cannot be told from a change, so they are kept under
/// a tenant of their own that every change of the organization empties.
/// </summary>
internal readonly record struct FactKey(string OrganizationId, FactScope Scope, string Id, DateOnly? Day)
{
    // No organization's name has a slash (RequestHeaders).
    private const string OthersSuffix = "/others";

    public static implicit operator CacheKey(FactKey key) => key is { Scope: FactScope.Customer, Day: null }
        ? new CacheKey(key.OrganizationId, key.Id)
        : new CacheKey(key.OrganizationId + OthersSuffix, $"{key.Scope}/{key.Day?.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)}/{key.Id}");

    public static FactKey From(CacheKey key)
    {
        if (!key.Tenant.EndsWith(OthersSuffix, StringComparison.Ordinal))
        {
            return new FactKey(key.Tenant, FactScope.Customer, key.Id, null);
        }

        var parts = key.Id.Split('/', 3);
        return new FactKey(
            key.Tenant[..^OthersSuffix.Length], Enum.Parse<FactScope>(parts[0]), parts[2],
            parts[1].Length == 0 ? null : DateOnly.ParseExact(parts[1], "yyyy-MM-dd", CultureInfo.InvariantCulture));
    }

    public static IReadOnlyList<CacheKey> OutdatedBy(DataChange change) =>
    [
        change.IsWhole ? CacheKey.Whole(change.OrganizationId) : new CacheKey(change.OrganizationId, change.CustomerId),
        CacheKey.Whole(change.OrganizationId + OthersSuffix),
    ];
}
