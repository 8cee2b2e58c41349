using System.Collections;
using Microsoft.Extensions.Configuration;

namespace Platform.ServiceDefaults;

/// <summary>The platform's YAML files and <c>PLATFORM__</c> variables as one configuration source.</summary>
internal sealed class PlatformConfigurationSource(PlatformConfigurationFiles files, Func<IDictionary> variables) : IConfigurationSource
{
    internal PlatformConfigurationFiles Files { get; } = files;

    /// <summary>The provider that was built last; the ones before it are no longer asked.</summary>
    internal PlatformConfigurationProvider? Provider { get; private set; }

    public IConfigurationProvider Build(IConfigurationBuilder builder) =>
        Provider = new PlatformConfigurationProvider(Files, variables);
}
