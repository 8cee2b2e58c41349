using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Aspire.Hosting.ApplicationModel;

namespace Aspire.Hosting;

/// <summary>Values that are given from outside.</summary>
public static class ParameterResourceBuilderExtensions
{
    /// <summary>Adds a parameter whose value is the configuration's <c>Parameters:&lt;name&gt;</c>.</summary>
    public static IResourceBuilder<ParameterResource> AddParameter(this IDistributedApplicationBuilder builder, string name, bool secret = false) =>
        builder.AddResource(new ParameterResource(name, fallback => Configured(builder, name) ?? fallback?.GetDefaultValue() ?? throw Missing(name), secret));

    /// <summary>Adds a parameter whose value the host knows; the configuration is not asked.</summary>
    public static IResourceBuilder<ParameterResource> AddParameter(
        this IDistributedApplicationBuilder builder, string name, string value, bool publishValueAsDefault = false, bool secret = false) =>
        builder.AddParameter(name, () => value, publishValueAsDefault, secret);

    /// <inheritdoc cref="AddParameter(IDistributedApplicationBuilder, string, string, bool, bool)"/>
    public static IResourceBuilder<ParameterResource> AddParameter(
        this IDistributedApplicationBuilder builder, string name, Func<string> valueGetter, bool publishValueAsDefault = false, bool secret = false)
    {
        ArgumentNullException.ThrowIfNull(valueGetter);
        if (publishValueAsDefault && secret)
        {
            throw new ArgumentException("A parameter cannot be secret and publish its value.", nameof(secret));
        }

        return builder.AddResource(new ParameterResource(name, fallback => fallback?.GetDefaultValue() ?? valueGetter(), secret)
        {
            Default = publishValueAsDefault ? new ConstantDefault(valueGetter) : null,
        });
    }

    /// <summary>Adds a connection string that the user gives in <c>ConnectionStrings:&lt;name&gt;</c>.</summary>
    public static IResourceBuilder<IResourceWithConnectionString> AddConnectionString(
        this IDistributedApplicationBuilder builder, string name, string? environmentVariableName = null) =>
        builder.AddResource(new ConfiguredConnectionStringResource(name, builder.Configuration, environmentVariableName));

    /// <summary>Creates the password parameter of a server. Locally it is kept beside the server's data.</summary>
    internal static ParameterResource CreateServerPassword(this IDistributedApplicationBuilder builder, string name, bool special)
    {
        var generated = new GeneratedDefault(22, special, () => ((IApplicationFolderOwner)builder).Folder.ReadOrCreateSecret(name, NewPassword));
        return new ParameterResource(name, _ => Configured(builder, name) ?? generated.GetDefaultValue(), secret: true) { Default = generated };
    }

    private static string? Configured(IDistributedApplicationBuilder builder, string name) =>
        builder.Configuration[$"Parameters:{name}"] ?? builder.Configuration[$"Parameters:{name.Replace('-', '_')}"];

    private static DistributedApplicationException Missing(string name) => new(
        $"Parameter resource could not be used because configuration key 'Parameters:{name}' is missing and the Parameter has no default value.");

    private static string NewPassword() =>
        RandomNumberGenerator.GetString("ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz23456789", 22);

    private sealed class ConstantDefault(Func<string> value) : ParameterDefault
    {
        public override string GetDefaultValue() => value();

        internal override void WriteToManifest(JsonObject input) => input["default"] = new JsonObject { ["value"] = value() };
    }

    private sealed class GeneratedDefault(int length, bool special, Func<string> value) : ParameterDefault
    {
        public override string GetDefaultValue() => value();

        internal override void WriteToManifest(JsonObject input)
        {
            var generate = new JsonObject { ["minLength"] = length };
            if (!special)
            {
                generate["special"] = false;
            }

            input["default"] = new JsonObject { ["generate"] = generate };
        }
    }
}
