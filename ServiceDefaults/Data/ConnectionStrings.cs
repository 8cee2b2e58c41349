using Microsoft.Extensions.Configuration;

namespace Platform.ServiceDefaults;

internal static class ConnectionStrings
{
    internal static string Require(IConfiguration configuration, string name, string allowed) =>
        configuration.GetConnectionString(name) is { } value && !string.IsNullOrWhiteSpace(value)
            ? value
            : throw new PlatformConfigurationException(
                $"ConnectionStrings:{name} is missing. Allowed: {allowed}. The AppHost sets it; by hand it is the variable ConnectionStrings__{name}.");
}
