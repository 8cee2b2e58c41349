using System.Globalization;
using Aspire.Hosting.ApplicationModel;
using Microsoft.Extensions.Hosting;

namespace Aspire.Hosting.Running;

/// <summary>Works out command, arguments and environment of a project or a program.</summary>
internal static class ProcessPlanning
{
    public static async Task<ProcessPlan> CreateAsync(IResource resource, int replica, RunContext context, CancellationToken cancellationToken)
    {
        var environment = await EnvironmentAsync(resource, replica, context, cancellationToken).ConfigureAwait(false);
        var arguments = await ArgumentsAsync(resource, cancellationToken).ConfigureAwait(false);
        if (resource is ExecutableResource executable)
        {
            var program = executable.Command.Contains(Path.DirectorySeparatorChar, StringComparison.Ordinal)
                ? Path.GetFullPath(Path.Combine(executable.WorkingDirectory, executable.Command))
                : ProgramSearch.Find(executable.Command) ?? throw new DistributedApplicationException($"'{executable.Command}' of '{resource.Name}' is not on PATH.");
            return new ProcessPlan(program, arguments, executable.WorkingDirectory) { Environment = environment };
        }

        var project = resource.Annotations.OfType<IProjectMetadata>().Last().ProjectPath;
        var assembly = resource.TryGetLastAnnotation<ProjectOutputAnnotation>(out var output)
            ? output.AssemblyPath
            : throw new DistributedApplicationException($"The build of this host does not know the output of '{project}'; reference that project from the host's project file.");
        return File.Exists(assembly)
            ? new ProcessPlan(DotnetProgram(), [assembly, .. arguments], Path.GetDirectoryName(project)!) { Environment = environment }
            : throw new DistributedApplicationException($"'{resource.Name}' is not built: '{assembly}' does not exist. Run: dotnet build \"{project}\"");
    }

    private static string DotnetProgram()
    {
        var name = OperatingSystem.IsWindows() ? "dotnet.exe" : "dotnet";
        return Path.GetFileName(Environment.ProcessPath) == name ? Environment.ProcessPath!
            : Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") is { Length: > 0 } host ? host
            : Environment.GetEnvironmentVariable("DOTNET_ROOT") is { Length: > 0 } root && File.Exists(Path.Combine(root, name)) ? Path.Combine(root, name)
            : ProgramSearch.Find(name) ?? throw new DistributedApplicationException("dotnet is not on PATH.");
    }

    private static async Task<IReadOnlyList<string>> ArgumentsAsync(IResource resource, CancellationToken cancellationToken)
    {
        var collected = new CommandLineArgsCallbackContext([], cancellationToken);
        foreach (var annotation in resource.Annotations.OfType<CommandLineArgsCallbackAnnotation>())
        {
            await annotation.Callback(collected).ConfigureAwait(false);
        }

        var values = new List<string>();
        foreach (var argument in collected.Args)
        {
            values.Add(await ResolveAsync(argument, cancellationToken).ConfigureAwait(false) ?? string.Empty);
        }

        return values;
    }

    private static async Task<IReadOnlyDictionary<string, string>> EnvironmentAsync(
        IResource resource, int replica, RunContext context, CancellationToken cancellationToken)
    {
        var collected = new EnvironmentCallbackContext(context.Application.ExecutionContext, resource, cancellationToken: cancellationToken);
        if (resource is ProjectResource)
        {
            AddProjectDefaults(collected.EnvironmentVariables, resource, replica, context.Application);
        }

        foreach (var annotation in resource.Annotations.OfType<EnvironmentCallbackAnnotation>())
        {
            await annotation.Callback(collected).ConfigureAwait(false);
        }

        var values = new Dictionary<string, string>();
        foreach (var (name, value) in collected.EnvironmentVariables)
        {
            // An endpoint's own port differs between replicas.
            var resolved = value is EndpointReferenceExpression { Property: EndpointProperty.TargetPort } own && ReferenceEquals(own.Endpoint.Resource, resource)
                ? own.Endpoint.EndpointAnnotation.Replicas[replica].Port.ToString(CultureInfo.InvariantCulture)
                : await ResolveAsync(value, cancellationToken).ConfigureAwait(false);
            if (resolved is not null)
            {
                values[name] = resolved;
            }
        }

        return values;
    }

    private static void AddProjectDefaults(Dictionary<string, object> variables, IResource resource, int replica, DistributedApplicationBuilder application)
    {
        variables["DOTNET_ENVIRONMENT"] = application.Environment.EnvironmentName;
        variables["ASPNETCORE_ENVIRONMENT"] = application.Environment.EnvironmentName;
        AddTelemetry(variables, resource, replica, application);
        var endpoints = resource.Annotations.OfType<EndpointAnnotation>().ToArray();
        if (endpoints.Any(e => e.KestrelKey is not null))
        {
            foreach (var endpoint in endpoints)
            {
                variables[$"Kestrel__Endpoints__{endpoint.KestrelKey ?? endpoint.Name}__Url"] = string.Create(
                    CultureInfo.InvariantCulture, $"{endpoint.UriScheme}://{endpoint.TargetHost}:{endpoint.Replicas[replica].Port}");
            }
        }
        else if (endpoints.Where(e => e.UriScheme is "http" or "https").ToArray() is { Length: > 0 } web)
        {
            variables["ASPNETCORE_URLS"] = string.Join(';', web.Select(e => e.Replicas[replica].UriString));
        }
    }

    private static void AddTelemetry(Dictionary<string, object> variables, IResource resource, int replica, DistributedApplicationBuilder application)
    {
        var configuration = application.Configuration;
        variables["OTEL_SERVICE_NAME"] = resource.Name;
        variables["OTEL_RESOURCE_ATTRIBUTES"] = string.Create(
            CultureInfo.InvariantCulture, $"service.instance.id={resource.Name}-{Environment.ProcessId}-{replica}");
        var grpc = configuration["ASPIRE_DASHBOARD_OTLP_ENDPOINT_URL"] ?? configuration["DOTNET_DASHBOARD_OTLP_ENDPOINT_URL"];
        var http = configuration["ASPIRE_DASHBOARD_OTLP_HTTP_ENDPOINT_URL"] ?? configuration["DOTNET_DASHBOARD_OTLP_HTTP_ENDPOINT_URL"];
        if ((grpc ?? http) is not { Length: > 0 } collector)
        {
            return;
        }

        variables["OTEL_EXPORTER_OTLP_ENDPOINT"] = collector;
        variables["OTEL_EXPORTER_OTLP_PROTOCOL"] = grpc is null ? "http/protobuf" : "grpc";
        if (configuration["AppHost:OtlpApiKey"] is { Length: > 0 } key)
        {
            variables["OTEL_EXPORTER_OTLP_HEADERS"] = $"x-otlp-api-key={key}";
        }

        if (application.Environment.IsDevelopment())
        {
            // Someone is watching the dashboard: show spans, logs and metrics at once and all of them.
            variables["OTEL_BLRP_SCHEDULE_DELAY"] = "1000";
            variables["OTEL_BSP_SCHEDULE_DELAY"] = "1000";
            variables["OTEL_METRIC_EXPORT_INTERVAL"] = "1000";
            variables["OTEL_TRACES_SAMPLER"] = "always_on";
            variables["OTEL_METRICS_EXEMPLAR_FILTER"] = "trace_based";
        }
    }

    private static async Task<string?> ResolveAsync(object value, CancellationToken cancellationToken) => value switch
    {
        IValueProvider provider => await provider.GetValueAsync(cancellationToken).ConfigureAwait(false),
        IResourceBuilder<IResource> { Resource: IValueProvider provider } => await provider.GetValueAsync(cancellationToken).ConfigureAwait(false),
        IFormattable formattable => formattable.ToString(null, CultureInfo.InvariantCulture),
        _ => value.ToString(),
    };
}
