using System.Globalization;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Redis;
using Microsoft.Extensions.Configuration;

namespace Aspire.Hosting;

/// <summary>Redis servers as resources.</summary>
public static class RedisBuilderExtensions
{
    private const int Port = 6379;

    /// <summary>Adds a Redis server.</summary>
    /// <param name="builder">The application.</param>
    /// <param name="name">Resource name; connection string <c>ConnectionStrings:&lt;name&gt;</c> makes it an existing server.</param>
    /// <param name="port">Port for callers; chosen freely when null.</param>
    /// <param name="password">Its password; generated and kept when null.</param>
    public static IResourceBuilder<RedisResource> AddRedis(
        this IDistributedApplicationBuilder builder, string name, int? port = null, IResourceBuilder<ParameterResource>? password = null)
    {
        var passwordParameter = password?.Resource ?? builder.AddResource(builder.CreateServerPassword($"{name}-password", special: false)).Resource;
        var redis = new RedisResource(name, passwordParameter) { Entrypoint = "/bin/sh" };
        var added = builder.AddResource(redis)
            .WithAnnotation(new EndpointAnnotation(ProtocolType.Tcp, "redis", null, RedisResource.EndpointName, port, Port))
            .WithAnnotation(new ContainerImageAnnotation { Registry = "docker.io", Image = "library/redis", Tag = "8.6" })
            .WithAnnotation(new LocalRedis(redis))
            .WithEnvironment(context => context.EnvironmentVariables["REDIS_PASSWORD"] = passwordParameter)
            .WithArgs(context =>
            {
                context.Args.Add("-c");
                context.Args.Add(redis.TryGetLastAnnotation<PersistenceAnnotation>(out var persistence)
                    ? $"redis-server --requirepass $REDIS_PASSWORD --save {persistence.SaveArguments}"
                    : "redis-server --requirepass $REDIS_PASSWORD");
            });
        return builder.ExecutionContext.IsRunMode && builder.Configuration.GetConnectionString(name) is { Length: > 0 } connectionString
            ? added.WithAnnotation(new ExistingServerAnnotation(connectionString))
            : added;
    }

    /// <summary>Keeps the data between runs; snapshots are taken every minute in which a key changed unless <see cref="WithPersistence"/> says otherwise.</summary>
    public static IResourceBuilder<RedisResource> WithDataVolume(this IResourceBuilder<RedisResource> builder, string? name = null, bool isReadOnly = false)
    {
        builder.WithAnnotation(new ContainerMountAnnotation(name ?? VolumeName(builder), "/data", ContainerMountType.Volume, isReadOnly));
        return isReadOnly ? builder : builder.WithPersistence();
    }

    /// <summary>Sets when a snapshot is taken.</summary>
    /// <param name="builder">The server.</param>
    /// <param name="interval">Time between snapshots; 60 s when null.</param>
    /// <param name="keysChangedThreshold">Changes since the last snapshot that are needed for one.</param>
    public static IResourceBuilder<RedisResource> WithPersistence(
        this IResourceBuilder<RedisResource> builder, TimeSpan? interval = null, long keysChangedThreshold = 1) =>
        builder.WithAnnotation(
            new PersistenceAnnotation(interval ?? TimeSpan.FromSeconds(60), keysChangedThreshold), ResourceAnnotationMutationBehavior.Replace);

    private static string VolumeName(IResourceBuilder<RedisResource> builder)
    {
        var application = builder.ApplicationBuilder;
        var hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(application.AppHostDirectory)))[..10];
        return $"{application.Environment.ApplicationName.ToLowerInvariant()}-{hash}-{builder.Resource.Name}-data";
    }
}

/// <summary>When snapshots are taken.</summary>
internal sealed record PersistenceAnnotation(TimeSpan Interval, long KeysChanged) : IResourceAnnotation
{
    public string SaveArguments => string.Create(CultureInfo.InvariantCulture, $"{(long)Interval.TotalSeconds} {KeysChanged}");
}
