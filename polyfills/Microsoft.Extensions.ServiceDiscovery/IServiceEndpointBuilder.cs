using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Primitives;

namespace Microsoft.Extensions.ServiceDiscovery;

/// <summary>Collects what the providers of a service know.</summary>
public interface IServiceEndpointBuilder
{
    /// <summary>The endpoints found so far.</summary>
    IList<ServiceEndpoint> Endpoints { get; }

    /// <summary>What providers attached to the collection.</summary>
    IFeatureCollection Features { get; }

    /// <summary>Adds a token that fires when the collection is out of date.</summary>
    void AddChangeToken(IChangeToken changeToken);
}
