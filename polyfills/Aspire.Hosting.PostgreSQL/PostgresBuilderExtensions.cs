using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Postgres;
using Microsoft.Extensions.Configuration;

namespace Aspire.Hosting;

/// <summary>PostgreSQL servers and databases as resources.</summary>
public static class PostgresBuilderExtensions
{
    private const int Port = 5432;

    /// <summary>Adds a PostgreSQL server.</summary>
    /// <param name="builder">The application.</param>
    /// <param name="name">Resource name; connection string <c>ConnectionStrings:&lt;name&gt;</c> makes it an existing server.</param>
    /// <param name="userName">Superuser; <c>postgres</c> when null.</param>
    /// <param name="password">Its password; generated and kept when null.</param>
    /// <param name="port">Port for callers; chosen freely when null.</param>
    public static IResourceBuilder<PostgresServerResource> AddPostgres(
        this IDistributedApplicationBuilder builder,
        string name,
        IResourceBuilder<ParameterResource>? userName = null,
        IResourceBuilder<ParameterResource>? password = null,
        int? port = null)
    {
        var passwordParameter = password?.Resource ?? builder.AddResource(builder.CreateServerPassword($"{name}-password", special: true)).Resource;
        var server = new PostgresServerResource(name, userName?.Resource, passwordParameter);
        var added = builder.AddResource(server)
            .WithAnnotation(new EndpointAnnotation(ProtocolType.Tcp, "tcp", null, PostgresServerResource.EndpointName, port, Port))
            .WithAnnotation(new ContainerImageAnnotation { Registry = "docker.io", Image = "library/postgres", Tag = "17.6" })
            .WithAnnotation(new LocalPostgres(server))
            .WithEnvironment("POSTGRES_HOST_AUTH_METHOD", "scram-sha-256")
            .WithEnvironment("POSTGRES_INITDB_ARGS", "--auth-host=scram-sha-256 --auth-local=scram-sha-256")
            .WithEnvironment("POSTGRES_USER", server.UserNameReference)
            .WithEnvironment(context => context.EnvironmentVariables["POSTGRES_PASSWORD"] = server.PasswordParameter);
        return UseExisting(added, builder, name);
    }

    /// <summary>Adds a database; it is created when the server has none of that name.</summary>
    /// <param name="builder">The server.</param>
    /// <param name="name">Resource name; connection string <c>ConnectionStrings:&lt;name&gt;</c> makes it an existing database.</param>
    /// <param name="databaseName">The database's own name; the resource's when null.</param>
    public static IResourceBuilder<PostgresDatabaseResource> AddDatabase(
        this IResourceBuilder<PostgresServerResource> builder, string name, string? databaseName = null)
    {
        var server = builder.Resource;
        var database = new PostgresDatabaseResource(name, databaseName ?? name, server);
        server.AddDatabase(name, database.DatabaseName);
        var added = UseExisting(builder.ApplicationBuilder.AddResource(database), builder.ApplicationBuilder, name);
        if (added.Resource.TryGetLastAnnotation<ExistingServerAnnotation>(out var existing))
        {
            // The user's database is elsewhere, so a server of our own would stand idle.
            builder.WithAnnotation(existing, ResourceAnnotationMutationBehavior.Replace);
        }

        return added;
    }

    /// <summary>Keeps the data between runs.</summary>
    /// <param name="builder">The server.</param>
    /// <param name="name">Volume name; derived from the application's and the resource's when null.</param>
    /// <param name="isReadOnly">Whether the volume is read-only.</param>
    public static IResourceBuilder<PostgresServerResource> WithDataVolume(
        this IResourceBuilder<PostgresServerResource> builder, string? name = null, bool isReadOnly = false) =>
        builder.WithAnnotation(new ContainerMountAnnotation(
            name ?? VolumeName(builder), "/var/lib/postgresql/data", ContainerMountType.Volume, isReadOnly));

    private static string VolumeName<T>(IResourceBuilder<T> builder)
        where T : IResource
    {
        var application = builder.ApplicationBuilder;
        var hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(application.AppHostDirectory)))[..10];
        return $"{application.Environment.ApplicationName.ToLowerInvariant()}-{hash}-{builder.Resource.Name}-data";
    }

    private static IResourceBuilder<T> UseExisting<T>(IResourceBuilder<T> added, IDistributedApplicationBuilder builder, string name)
        where T : IResource =>
        builder.ExecutionContext.IsRunMode && builder.Configuration.GetConnectionString(name) is { Length: > 0 } connectionString
            ? added.WithAnnotation(new ExistingServerAnnotation(connectionString))
            : added;
}
