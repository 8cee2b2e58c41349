using Microsoft.Extensions.Configuration;

namespace Platform.ServiceDefaults;

/// <summary>What service discovery was told of the platform's services: <c>services:name:http:0</c> and so on, one address for each replica.</summary>
public static class DiscoveredServices
{
    /// <summary>Each service with the addresses at which its processes answer HTTP: health, metrics.</summary>
    public static IEnumerable<(string Service, IReadOnlyList<Uri> Processes)> Http(IConfiguration configuration) => configuration.GetSection("services").GetChildren()
        .Select(service => (service.Key, (IReadOnlyList<Uri>)[.. service.GetSection("http").GetChildren().Select(address => address.Value).OfType<string>().Select(address => new Uri(address))]));
}
