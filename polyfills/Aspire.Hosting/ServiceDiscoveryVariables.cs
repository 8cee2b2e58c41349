using System.Globalization;
using Aspire.Hosting.ApplicationModel;

namespace Aspire.Hosting;

/// <summary>The environment variables by which a resource finds the endpoints of another one.</summary>
internal static class ServiceDiscoveryVariables
{
    public static void Add(EnvironmentCallbackContext context, IResourceWithEndpoints target, string? only)
    {
        foreach (var endpoint in target.GetEndpoints())
        {
            if (only is not null && !string.Equals(endpoint.EndpointName, only, StringComparison.OrdinalIgnoreCase))
            {
                continue;
            }

            context.EnvironmentVariables[$"{Encode(target.Name)}_{Encode(endpoint.EndpointName)}"] = endpoint;
            var prefix = $"services__{target.Name}__{endpoint.EndpointName}__";
            if (context.ExecutionContext.IsPublishMode)
            {
                context.EnvironmentVariables[prefix + "0"] = endpoint;
                continue;
            }

            for (var replica = 0; replica < endpoint.EndpointAnnotation.Replicas.Count; replica++)
            {
                context.EnvironmentVariables[prefix + replica.ToString(CultureInfo.InvariantCulture)] =
                    endpoint.EndpointAnnotation.Replicas[replica].UriString;
            }
        }
    }

    private static string Encode(string name) =>
        string.Concat(name.Select(c => char.IsAsciiLetterOrDigit(c) ? char.ToUpperInvariant(c) : '_'));
}

/// <summary>A connection string in an environment variable; the variable is left out when it is optional and has no value.</summary>
internal sealed record ConnectionStringReference(IResourceWithConnectionString Resource, bool Optional) : IValueProvider, IManifestExpressionProvider
{
    public string ValueExpression => ((IManifestExpressionProvider)Resource).ValueExpression;

    public async ValueTask<string?> GetValueAsync(CancellationToken cancellationToken = default)
    {
        string? value;
        try
        {
            value = await Resource.GetConnectionStringAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (DistributedApplicationException) when (Optional)
        {
            return null;
        }

        return value ?? (Optional
            ? null
            : throw new DistributedApplicationException($"The connection string for the resource '{Resource.Name}' is not available."));
    }
}
