namespace Microsoft.Extensions.ServiceDiscovery;

/// <summary>How endpoints are read from configuration.</summary>
public sealed class ConfigurationServiceEndpointProviderOptions
{
    /// <summary>The section that holds the services. Default: <c>Services</c>.</summary>
    public string SectionName { get; set; } = "Services";

    /// <summary>True for endpoints whose requests carry the service's name as host. Default: for none.</summary>
    public Func<ServiceEndpoint, bool> ShouldApplyHostNameMetadata { get; set; } = static _ => false;
}
