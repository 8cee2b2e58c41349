using Microsoft.Extensions.Configuration;

namespace Aspire.Hosting.ApplicationModel;

/// <summary>A .NET project that runs as a process.</summary>
public class ProjectResource(string name)
    : Resource(name), IResourceWithEnvironment, IResourceWithArgs, IResourceWithServiceDiscovery, IResourceWithWaitSupport;

/// <summary>A program that runs as a process.</summary>
public class ExecutableResource : Resource, IResourceWithEnvironment, IResourceWithArgs, IResourceWithEndpoints, IResourceWithWaitSupport
{
    public ExecutableResource(string name, string command, string workingDirectory)
        : base(name)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(command);
        Command = command;
        WorkingDirectory = workingDirectory;
    }

    public string Command { get; }

    public string WorkingDirectory { get; }
}

/// <summary>Something that is deployed as a container. Locally it runs as a process of this machine.</summary>
public class ContainerResource(string name, string? entrypoint = null)
    : Resource(name), IResourceWithEnvironment, IResourceWithArgs, IResourceWithEndpoints, IResourceWithWaitSupport
{
    public string? Entrypoint { get; set; } = entrypoint;
}

/// <summary>A value that is given from outside: configuration key <c>Parameters:&lt;name&gt;</c>.</summary>
public class ParameterResource : Resource, IValueProvider, IManifestExpressionProvider
{
    private readonly Lazy<string> value;

    /// <param name="name">Parameter name.</param>
    /// <param name="callback">Called once for the value.</param>
    /// <param name="secret">Whether the value must not be shown.</param>
    public ParameterResource(string name, Func<ParameterDefault?, string> callback, bool secret = false)
        : base(name)
    {
        ArgumentNullException.ThrowIfNull(callback);
        value = new Lazy<string>(() => callback(Default));
        Secret = secret;
    }

    public ParameterDefault? Default { get; set; }

    public bool Secret { get; }

    /// <summary>True when the value comes from <c>ConnectionStrings</c> instead of <c>Parameters</c>.</summary>
    public bool IsConnectionString { get; set; }

    public string ValueExpression => $"{{{Name}.value}}";

    /// <summary>The value when something has asked for it, else null: without asking for it, which may fail.</summary>
    internal string? KnownValue => value.IsValueCreated ? value.Value : null;

    public ValueTask<string?> GetValueAsync(CancellationToken cancellationToken) => new(value.Value);
}

/// <summary>Where a parameter's value comes from when nobody gave one.</summary>
public abstract class ParameterDefault
{
    public abstract string GetDefaultValue();

    internal abstract void WriteToManifest(System.Text.Json.Nodes.JsonObject input);
}

/// <summary>A connection string that is composed of other values.</summary>
public sealed class ConnectionStringResource(string name, ReferenceExpression connectionStringExpression)
    : Resource(name), IResourceWithConnectionString, IResourceWithWaitSupport
{
    public ReferenceExpression ConnectionStringExpression { get; } = connectionStringExpression;
}

/// <summary>A connection string that the user gives in <c>ConnectionStrings:&lt;name&gt;</c>.</summary>
internal sealed class ConfiguredConnectionStringResource : ParameterResource, IResourceWithConnectionString
{
    private readonly string? environmentVariable;

    public ConfiguredConnectionStringResource(string name, IConfiguration configuration, string? environmentVariable)
        : base(name, _ => configuration.GetConnectionString(name) ?? throw new DistributedApplicationException(
            $"Connection string '{name}' is missing: set ConnectionStrings:{name} (environment variable ConnectionStrings__{name})."), secret: true)
    {
        this.environmentVariable = environmentVariable;
        IsConnectionString = true;
    }

    public string? ConnectionStringEnvironmentVariable => environmentVariable;

    public ReferenceExpression ConnectionStringExpression => ReferenceExpression.Create($"{(ParameterResource)this}");

    string IManifestExpressionProvider.ValueExpression => $"{{{Name}.connectionString}}";

    ValueTask<string?> IValueProvider.GetValueAsync(CancellationToken cancellationToken) => base.GetValueAsync(cancellationToken);
}
