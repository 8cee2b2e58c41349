using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Aspire.Hosting.ApplicationModel;
using Microsoft.Extensions.Hosting;

namespace Aspire.Hosting.Publishing;

/// <summary>Writes the application as an Aspire manifest, then ends the host.</summary>
internal sealed class ManifestPublisher(DistributedApplicationBuilder application, IHostApplicationLifetime lifetime) : IHostedService
{
    private const string SchemaAddress = "https://json.schemastore.org/aspire-8.0.json";
    private const string DefaultFileName = "aspire-manifest.json";

    private static readonly JsonSerializerOptions Layout = new()
    {
        WriteIndented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        var wanted = application.Configuration["Publishing:OutputPath"] ?? DefaultFileName;
        var path = Path.GetFullPath(wanted);
        if (!path.EndsWith(".json", StringComparison.OrdinalIgnoreCase))
        {
            path = Path.Combine(path, DefaultFileName);
        }

        var folder = Path.GetDirectoryName(path)!;
        Directory.CreateDirectory(folder);
        var resources = new JsonObject();
        foreach (var resource in application.Resources)
        {
            if (await WriteAsync(resource, folder, cancellationToken).ConfigureAwait(false) is { } written)
            {
                resources[resource.Name] = written;
            }
        }

        var manifest = new JsonObject { ["$schema"] = SchemaAddress, ["resources"] = resources };
        await File.WriteAllTextAsync(path, manifest.ToJsonString(Layout) + Environment.NewLine, cancellationToken).ConfigureAwait(false);
        Console.Out.WriteLine($"Published manifest to: {path}");
        lifetime.StopApplication();
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private async Task<JsonObject?> WriteAsync(IResource resource, string folder, CancellationToken cancellationToken) => resource switch
    {
        ProjectResource project => await WriteProjectAsync(project, folder, cancellationToken).ConfigureAwait(false),
        ExecutableResource executable => await WriteExecutableAsync(executable, folder, cancellationToken).ConfigureAwait(false),
        ContainerResource container => await WriteContainerAsync(container, cancellationToken).ConfigureAwait(false),
        ParameterResource parameter => WriteParameter(parameter),
        IResourceWithConnectionString connection => new JsonObject
        {
            ["type"] = "value.v0",
            ["connectionString"] = connection.ConnectionStringExpression.ValueExpression,
        },
        _ => null,
    };

    private async Task<JsonObject> WriteProjectAsync(ProjectResource project, string folder, CancellationToken cancellationToken)
    {
        var written = new JsonObject
        {
            ["type"] = "project.v0",
            ["path"] = Relative(folder, project.Annotations.OfType<IProjectMetadata>().Last().ProjectPath),
        };
        await AddArgumentsAsync(written, project, cancellationToken).ConfigureAwait(false);
        var endpoints = project.Annotations.OfType<EndpointAnnotation>().ToArray();
        var variables = new Dictionary<string, object> { ["OTEL_DOTNET_EXPERIMENTAL_OTLP_RETRY"] = "in_memory" };
        if (endpoints.Length > 0)
        {
            variables["ASPNETCORE_FORWARDEDHEADERS_ENABLED"] = "true";
        }

        if (endpoints.Any(e => e.KestrelKey is not null))
        {
            foreach (var endpoint in endpoints)
            {
                variables[$"Kestrel__Endpoints__{endpoint.KestrelKey ?? endpoint.Name}__Url"] =
                    $"{endpoint.UriScheme}://*:{{{project.Name}.bindings.{endpoint.Name}.targetPort}}";
            }
        }
        else if (endpoints.FirstOrDefault(e => e.UriScheme == "http") is { } http)
        {
            variables["HTTP_PORTS"] = $"{{{project.Name}.bindings.{http.Name}.targetPort}}";
        }

        await AddEnvironmentAsync(written, project, variables, cancellationToken).ConfigureAwait(false);
        AddBindings(written, endpoints);
        return written;
    }

    private async Task<JsonObject> WriteExecutableAsync(ExecutableResource executable, string folder, CancellationToken cancellationToken)
    {
        var written = new JsonObject
        {
            ["type"] = "executable.v0",
            ["workingDirectory"] = Relative(folder, executable.WorkingDirectory),
            ["command"] = executable.Command,
        };
        await AddArgumentsAsync(written, executable, cancellationToken).ConfigureAwait(false);
        await AddEnvironmentAsync(written, executable, [], cancellationToken).ConfigureAwait(false);
        AddBindings(written, [.. executable.Annotations.OfType<EndpointAnnotation>()]);
        return written;
    }

    private async Task<JsonObject> WriteContainerAsync(ContainerResource container, CancellationToken cancellationToken)
    {
        var written = new JsonObject { ["type"] = "container.v0" };
        if (container is IResourceWithConnectionString connection)
        {
            written["connectionString"] = connection.ConnectionStringExpression.ValueExpression;
        }

        var image = container.Annotations.OfType<ContainerImageAnnotation>().LastOrDefault()
            ?? throw new DistributedApplicationException($"'{container.Name}' has no container image.");
        written["image"] = $"{image.Registry}/{image.Image}:{image.Tag}";
        if (container.Entrypoint is not null)
        {
            written["entrypoint"] = container.Entrypoint;
        }

        await AddArgumentsAsync(written, container, cancellationToken).ConfigureAwait(false);
        AddMounts(written, container);
        await AddEnvironmentAsync(written, container, [], cancellationToken).ConfigureAwait(false);
        AddBindings(written, [.. container.Annotations.OfType<EndpointAnnotation>()]);
        return written;
    }

    private static JsonObject WriteParameter(ParameterResource parameter)
    {
        var written = new JsonObject { ["type"] = "parameter.v0" };
        if (parameter is IResourceWithConnectionString)
        {
            written["connectionString"] = $"{{{parameter.Name}.value}}";
        }

        written["value"] = $"{{{parameter.Name}.inputs.value}}";
        var input = new JsonObject { ["type"] = "string" };
        if (parameter.Secret)
        {
            input["secret"] = true;
        }

        parameter.Default?.WriteToManifest(input);
        written["inputs"] = new JsonObject { ["value"] = input };
        return written;
    }

    private async Task AddEnvironmentAsync(
        JsonObject written, IResource resource, Dictionary<string, object> variables, CancellationToken cancellationToken)
    {
        var context = new EnvironmentCallbackContext(application.ExecutionContext, resource, variables, cancellationToken);
        foreach (var annotation in resource.Annotations.OfType<EnvironmentCallbackAnnotation>())
        {
            await annotation.Callback(context).ConfigureAwait(false);
        }

        if (context.EnvironmentVariables.Count > 0)
        {
            written["env"] = new JsonObject(context.EnvironmentVariables.Select(v => KeyValuePair.Create(v.Key, (JsonNode?)Expression(v.Value))));
        }
    }

    private static async Task AddArgumentsAsync(JsonObject written, IResource resource, CancellationToken cancellationToken)
    {
        var context = new CommandLineArgsCallbackContext([], cancellationToken);
        foreach (var annotation in resource.Annotations.OfType<CommandLineArgsCallbackAnnotation>())
        {
            await annotation.Callback(context).ConfigureAwait(false);
        }

        if (context.Args.Count > 0)
        {
            written["args"] = new JsonArray([.. context.Args.Select(arg => (JsonNode?)Expression(arg))]);
        }
    }

    private static void AddMounts(JsonObject written, IResource resource)
    {
        var volumes = resource.Annotations.OfType<ContainerMountAnnotation>().Where(m => m.Type == ContainerMountType.Volume).ToArray();
        if (volumes.Length > 0)
        {
            written["volumes"] = new JsonArray([.. volumes.Select(m => (JsonNode?)new JsonObject
            {
                ["name"] = m.Source,
                ["target"] = m.Target,
                ["readOnly"] = m.IsReadOnly,
            })]);
        }
    }

    private static void AddBindings(JsonObject written, IReadOnlyList<EndpointAnnotation> endpoints)
    {
        if (endpoints.Count == 0)
        {
            return;
        }

        var bindings = new JsonObject();
        foreach (var endpoint in endpoints)
        {
            var binding = new JsonObject
            {
                ["scheme"] = endpoint.UriScheme,
                ["protocol"] = endpoint.Protocol.ToString().ToLowerInvariant(),
                ["transport"] = endpoint.Transport,
            };
            if (endpoint.Port is > 0)
            {
                binding["port"] = endpoint.Port;
            }

            if (endpoint.TargetPort is > 0)
            {
                binding["targetPort"] = endpoint.TargetPort;
            }

            if (endpoint.IsExternal)
            {
                binding["external"] = true;
            }

            bindings[endpoint.Name] = binding;
        }

        written["bindings"] = bindings;
    }

    private static string Relative(string folder, string path) => Path.GetRelativePath(folder, path).Replace('\\', '/');

    private static string Expression(object value) => value switch
    {
        IManifestExpressionProvider provider => provider.ValueExpression,
        IResourceBuilder<IResource> { Resource: IManifestExpressionProvider provider } => provider.ValueExpression,
        IFormattable formattable => formattable.ToString(null, CultureInfo.InvariantCulture),
        _ => value.ToString() ?? string.Empty,
    };
}
