using System.Net.Sockets;
using System.Reflection;
using Aspire.Hosting.ApplicationModel;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;

namespace Aspire.Hosting;

/// <summary>.NET projects as resources.</summary>
public static class ProjectResourceBuilderExtensions
{
    /// <summary>Prefix of the generated assembly attributes that name the built assembly of a project.</summary>
    internal const string OutputAttributePrefix = "aspirehostoutput:";

    /// <summary>Adds a project that the host references. Its endpoints are those of <c>Kestrel:Endpoints</c> in its appsettings.json.</summary>
    public static IResourceBuilder<ProjectResource> AddProject<TProject>(this IDistributedApplicationBuilder builder, string name)
        where TProject : IProjectMetadata, new()
    {
        var metadata = new TProject();
        var project = builder.AddResource(new ProjectResource(name)).WithAnnotation(metadata);
        var output = typeof(TProject).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
            .FirstOrDefault(a => a.Key == OutputAttributePrefix + metadata.ProjectPath)?.Value;
        if (output is not null)
        {
            project.WithAnnotation(new ProjectOutputAnnotation(output));
        }

        return AddKestrelEndpoints(project, metadata);
    }

    /// <summary>Runs several processes of the project; callers get the addresses of all.</summary>
    public static IResourceBuilder<ProjectResource> WithReplicas(this IResourceBuilder<ProjectResource> builder, int replicas)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(replicas, 1);
        return builder.WithAnnotation(new ReplicaAnnotation(replicas), ResourceAnnotationMutationBehavior.Replace);
    }

    private static IResourceBuilder<ProjectResource> AddKestrelEndpoints(IResourceBuilder<ProjectResource> project, IProjectMetadata metadata)
    {
        var folder = Path.GetDirectoryName(metadata.ProjectPath)!;
        var settings = new ConfigurationBuilder()
            .AddJsonFile(Path.Combine(folder, "appsettings.json"), optional: true)
            .AddJsonFile(Path.Combine(folder, $"appsettings.{project.ApplicationBuilder.Environment.EnvironmentName}.json"), optional: true)
            .Build();
        var listeners = settings.GetSection("Kestrel:Endpoints").GetChildren()
            .Where(section => section["Url"] is not null)
            .Select(section => (section.Key, Address: BindingAddress.Parse(section["Url"]!), Protocols: section["Protocols"] ?? settings["Kestrel:EndpointDefaults:Protocols"]))
            .ToArray();
        foreach (var scheme in listeners.GroupBy(listener => listener.Address.Scheme))
        {
            foreach (var (key, address, protocols) in scheme)
            {
                // One endpoint of a scheme is known by the scheme, several by their own names.
                var name = scheme.Count() == 1 ? address.Scheme : key;
                project.WithAnnotation(new EndpointAnnotation(ProtocolType.Tcp, address.Scheme, protocols == "Http2" ? "http2" : null, name)
                {
                    Port = project.ApplicationBuilder.ExecutionContext.IsRunMode && address.Port > 0 ? address.Port : null,
                    TargetPort = project.ApplicationBuilder.ExecutionContext.IsPublishMode && address.Port > 0 ? address.Port : null,
                    TargetHost = address.Host is "*" or "+" ? "localhost" : address.Host,
                    KestrelKey = key,
                    PortIsWanted = false,
                });
            }
        }

        return project;
    }
}
