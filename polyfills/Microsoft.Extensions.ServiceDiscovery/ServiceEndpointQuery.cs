using System.Diagnostics.CodeAnalysis;

namespace Microsoft.Extensions.ServiceDiscovery;

/// <summary>A service name taken apart: <c>https+http://_endpoint.name</c>.</summary>
public sealed class ServiceEndpointQuery
{
    private readonly string _input;

    private ServiceEndpointQuery(string input, IReadOnlyList<string> includedSchemes, string serviceName, string? endpointName)
    {
        _input = input;
        IncludedSchemes = includedSchemes;
        ServiceName = serviceName;
        EndpointName = endpointName;
    }

    /// <summary>The schemes that the caller accepts, best first; empty when none was given.</summary>
    public IReadOnlyList<string> IncludedSchemes { get; }

    /// <summary>The endpoint of the service that is meant, or null for the default one.</summary>
    public string? EndpointName { get; }

    /// <summary>The service's name.</summary>
    public string ServiceName { get; }

    /// <summary>Reads a service name with optional schemes and endpoint.</summary>
    public static bool TryParse(string input, [NotNullWhen(true)] out ServiceEndpointQuery? query)
    {
        ArgumentException.ThrowIfNullOrEmpty(input);
        query = null;

        var hasScheme = input.Contains("://", StringComparison.Ordinal);
        if (!Uri.TryCreate(hasScheme ? input : "none://" + input, UriKind.Absolute, out var uri) || uri.Host.Length == 0)
        {
            return false;
        }

        var name = uri.Host;
        string? endpoint = null;
        if (name[0] == '_' && name.IndexOf('.') is > 1 and var dot && dot < name.Length - 1)
        {
            endpoint = name[1..dot];
            name = name[(dot + 1)..];
        }

        query = new(input, hasScheme ? uri.Scheme.Split('+') : [], name, endpoint);
        return true;
    }

    /// <inheritdoc/>
    public override string? ToString() => _input;
}
