using System.Diagnostics.CodeAnalysis;

namespace Microsoft.Extensions.ServiceDiscovery;

/// <summary>Makes providers. Every registered factory is asked, in the order of registration.</summary>
public interface IServiceEndpointProviderFactory
{
    /// <summary>Makes a provider for the service of the query; false when this kind of provider cannot know it.</summary>
    bool TryCreateProvider(ServiceEndpointQuery query, [NotNullWhen(true)] out IServiceEndpointProvider? provider);
}
