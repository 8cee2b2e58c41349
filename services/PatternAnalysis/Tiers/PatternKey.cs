using Platform.Caching;

namespace Platform.PatternAnalysis.Tiers;

/// <summary>Whose patterns: every key of every tier carries the organization.</summary>
internal readonly record struct PatternKey(string OrganizationId, string CustomerId)
{
    public static implicit operator CacheKey(PatternKey key) => new(key.OrganizationId, key.CustomerId);

    public static PatternKey From(CacheKey key) => new(key.Tenant, key.Id);
}
