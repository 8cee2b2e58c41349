using Microsoft.Extensions.Configuration;

namespace Microsoft.Extensions.ServiceDiscovery.Configuration;

/// <summary>
/// Reads <c>Services:&lt;name&gt;:&lt;endpoint&gt;</c>, either one value or a list. Environment variables give the same keys as
/// <c>services__&lt;name&gt;__&lt;endpoint&gt;__0</c>.
/// </summary>
internal sealed class ConfigurationServiceEndpointProvider(
    ServiceEndpointQuery query,
    IConfiguration configuration,
    ConfigurationServiceEndpointProviderOptions options,
    ServiceDiscoveryOptions discovery) : IServiceEndpointProvider, IHostNameFeature
{
    public string HostName => query.ServiceName;

    public ValueTask PopulateAsync(IServiceEndpointBuilder endpoints, CancellationToken cancellationToken)
    {
        if (endpoints.Endpoints.Count > 0)
        {
            return ValueTask.CompletedTask;
        }

        endpoints.AddChangeToken(configuration.GetReloadToken());
        var service = configuration.GetSection($"{options.SectionName}:{query.ServiceName}");
        var schemes = discovery.ApplyAllowedSchemes(query.IncludedSchemes);
        if (Section(service, schemes) is not { } section)
        {
            return ValueTask.CompletedTask;
        }

        foreach (var endpoint in Accepted(Read(section), schemes))
        {
            endpoints.Endpoints.Add(endpoint);
        }

        return ValueTask.CompletedTask;
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    public override string ToString() => "Configuration";

    // Without a named endpoint the scheme is the endpoint's name, except where somebody configured one called "default".
    private IConfigurationSection? Section(IConfigurationSection service, IReadOnlyList<string> schemes)
    {
        IEnumerable<string> names = query.EndpointName is { } name ? [name] : ["default", .. schemes];
        return names.Select(service.GetSection).FirstOrDefault(static section => section.Exists());
    }

    private IEnumerable<ServiceEndpoint> Read(IConfigurationSection section)
    {
        if (!string.IsNullOrWhiteSpace(section.Value))
        {
            yield return Parse(section);
            yield break;
        }

        foreach (var entry in section.GetChildren())
        {
            if (!int.TryParse(entry.Key, out _))
            {
                throw new KeyNotFoundException($"The addresses of a service are numbered, but '{entry.Path}' is not: expected '{section.Path}:0' and so on.");
            }

            yield return Parse(entry);
        }
    }

    private ServiceEndpoint Parse(IConfigurationSection entry)
    {
        if (!ServiceEndpoint.TryParse(entry.Value, out var endpoint))
        {
            throw new KeyNotFoundException($"'{entry.Path}' is not the address of a service: expected a URI or host:port.");
        }

        endpoint.Features.Set<IServiceEndpointProvider>(this);
        if (options.ShouldApplyHostNameMetadata(endpoint))
        {
            endpoint.Features.Set<IHostNameFeature>(this);
        }

        return endpoint;
    }

    // Of several accepted schemes only the best one that has an address is used: "https+http" must not mix both.
    private IEnumerable<ServiceEndpoint> Accepted(IEnumerable<ServiceEndpoint> endpoints, IReadOnlyList<string> schemes)
    {
        var all = endpoints.ToList();
        if (discovery.AllowAllSchemes && query.IncludedSchemes.Count == 0)
        {
            return all;
        }

        var best = schemes.FirstOrDefault(scheme => all.Any(endpoint => SchemeOf(endpoint) == scheme));
        return all.Where(endpoint => SchemeOf(endpoint) is not { } scheme || scheme == best);
    }

    private static string? SchemeOf(ServiceEndpoint endpoint) => (endpoint.EndPoint as UriEndPoint)?.Uri.Scheme;
}
