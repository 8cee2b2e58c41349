using System.Diagnostics.CodeAnalysis;
using System.Net;

namespace Microsoft.Extensions.ServiceDiscovery.PassThrough;

/// <summary>Takes a name that no other provider knows as an ordinary host name.</summary>
internal sealed class PassThroughServiceEndpointProvider(EndPoint endPoint) : IServiceEndpointProvider
{
    public ValueTask PopulateAsync(IServiceEndpointBuilder endpoints, CancellationToken cancellationToken)
    {
        if (endpoints.Endpoints.Count == 0)
        {
            var endpoint = ServiceEndpoint.Create(endPoint);
            endpoint.Features.Set<IServiceEndpointProvider>(this);
            endpoints.Endpoints.Add(endpoint);
        }

        return ValueTask.CompletedTask;
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    public override string ToString() => "Pass-through";
}

internal sealed class PassThroughServiceEndpointProviderFactory : IServiceEndpointProviderFactory
{
    public bool TryCreateProvider(ServiceEndpointQuery query, [NotNullWhen(true)] out IServiceEndpointProvider? provider)
    {
        provider = ServiceEndpoint.TryParse(Address(query), out var endpoint)
            ? new PassThroughServiceEndpointProvider(endpoint.EndPoint)
            : null;
        return provider is not null;
    }

    // A list of schemes is no scheme; the first of it is the preferred one. The endpoint's name means nothing to a host.
    private static string Address(ServiceEndpointQuery query)
    {
        var input = query.ToString()!;
        var separator = input.IndexOf("://", StringComparison.Ordinal);
        var authority = separator < 0 ? input : input[(separator + 3)..];
        if (query.EndpointName is { } name && authority.StartsWith($"_{name}.", StringComparison.OrdinalIgnoreCase))
        {
            authority = authority[(name.Length + 2)..];
        }

        return query.IncludedSchemes is [var scheme, ..] ? $"{scheme}://{authority}" : authority;
    }
}
