namespace Microsoft.Extensions.ServiceDiscovery;

/// <summary>The host name that requests to an endpoint carry instead of the endpoint's own.</summary>
public interface IHostNameFeature
{
    /// <summary>The host name.</summary>
    string HostName { get; }
}
