namespace Platform.Caching;

/// <summary>Whose entry and which one. Every key of every tier carries its tenant.</summary>
/// <param name="Tenant">The organization.</param>
/// <param name="Id">What is cached, within the tenant.</param>
public readonly record struct CacheKey(string Tenant, string Id)
{
    /// <summary>Every entry of every tenant, for invalidations.</summary>
    public static CacheKey Everything { get; } = new("", "");

    /// <summary>Every entry of a tenant, for invalidations.</summary>
    public static CacheKey Whole(string tenant) => new(tenant, "");

    public bool Equals(CacheKey other) => string.Equals(Id, other.Id) && string.Equals(Tenant, other.Tenant);

    // Ids come from requests and need the randomised hash; tenants do not, and telling them apart by a few characters is cheap.
    public override int GetHashCode() => Id.GetHashCode(StringComparison.Ordinal) ^ TenantHash(Tenant);

    private static int TenantHash(string tenant) =>
        tenant.Length == 0 ? 0 : ((((tenant.Length * 31) + tenant[0]) * 31) + tenant[tenant.Length / 2]) * 0x01000193 + tenant[^1];
}
