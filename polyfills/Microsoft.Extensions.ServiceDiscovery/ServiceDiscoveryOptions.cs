namespace Microsoft.Extensions.ServiceDiscovery;

/// <summary>How services are found.</summary>
public sealed class ServiceDiscoveryOptions
{
    /// <summary>True (default) accepts endpoints of every scheme; false only those of <see cref="AllowedSchemes"/>.</summary>
    public bool AllowAllSchemes { get; set; } = true;

    /// <summary>How long the answer of a provider without change notification is used. Default: 60 s.</summary>
    public TimeSpan RefreshPeriod { get; set; } = TimeSpan.FromSeconds(60);

    /// <summary>The schemes that are accepted when <see cref="AllowAllSchemes"/> is false.</summary>
    public IList<string> AllowedSchemes { get; set; } = [];

    /// <summary>
    /// The schemes that count for a request: all that it names, less those that are not allowed; the allowed ones when it names none.
    /// </summary>
    public IReadOnlyList<string> ApplyAllowedSchemes(IReadOnlyList<string> requestedSchemes)
    {
        ArgumentNullException.ThrowIfNull(requestedSchemes);

        if (requestedSchemes.Count == 0)
        {
            return [.. AllowedSchemes];
        }

        return AllowAllSchemes
            ? requestedSchemes
            : [.. requestedSchemes.Where(scheme => AllowedSchemes.Contains(scheme, StringComparer.OrdinalIgnoreCase))];
    }
}
