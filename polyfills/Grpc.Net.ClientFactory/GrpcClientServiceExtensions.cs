using System.Diagnostics.CodeAnalysis;
using Grpc.Net.ClientFactory;
using Grpc.Net.ClientFactory.Internal;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Http;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Registers typed gRPC clients whose calls go through IHttpClientFactory's handlers.</summary>
public static class GrpcClientServiceExtensions
{
    private const DynamicallyAccessedMemberTypes Constructors = DynamicallyAccessedMemberTypes.PublicConstructors;

    /// <summary>Registers the client under the name of its type.</summary>
    public static IHttpClientBuilder AddGrpcClient<[DynamicallyAccessedMembers(Constructors)] TClient>(this IServiceCollection services)
        where TClient : class
        => services.AddGrpcClient<TClient>(typeof(TClient).Name);

    public static IHttpClientBuilder AddGrpcClient<[DynamicallyAccessedMembers(Constructors)] TClient>(this IServiceCollection services, Action<GrpcClientFactoryOptions> configureClient)
        where TClient : class
        => services.AddGrpcClient<TClient>(typeof(TClient).Name, configureClient);

    public static IHttpClientBuilder AddGrpcClient<[DynamicallyAccessedMembers(Constructors)] TClient>(this IServiceCollection services, Action<IServiceProvider, GrpcClientFactoryOptions> configureClient)
        where TClient : class
        => services.AddGrpcClient<TClient>(typeof(TClient).Name, configureClient);

    public static IHttpClientBuilder AddGrpcClient<[DynamicallyAccessedMembers(Constructors)] TClient>(this IServiceCollection services, string name)
        where TClient : class
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentNullException.ThrowIfNull(name);

        Registrations(services).Add(name, typeof(TClient));
        services.TryAddSingleton(provider => new ChannelPool(
            provider.GetRequiredService<IHttpMessageHandlerFactory>(),
            provider.GetRequiredService<IOptionsMonitor<GrpcClientFactoryOptions>>(),
            provider,
            provider.GetService<ILoggerFactory>()));
        services.TryAddTransient<GrpcClientFactory, RegisteredClientFactory>();
        services.AddTransient(provider => provider.GetRequiredService<GrpcClientFactory>().CreateClient<TClient>(name));

        // The channel keeps its handler for good, so the factory must not retire it.
        services.Configure<HttpClientFactoryOptions>(name, options =>
        {
            options.HandlerLifetime = Timeout.InfiniteTimeSpan;
            options.HttpMessageHandlerBuilderActions.Add(static builder =>
            {
                if (builder.PrimaryHandler is SocketsHttpHandler sockets)
                {
                    sockets.EnableMultipleHttp2Connections = true;
                }
                else if (builder.PrimaryHandler?.GetType() == typeof(HttpClientHandler))
                {
                    builder.PrimaryHandler = new SocketsHttpHandler { EnableMultipleHttp2Connections = true, UseCookies = false };
                }
            });
        });
        return services.AddHttpClient(name);
    }

    public static IHttpClientBuilder AddGrpcClient<[DynamicallyAccessedMembers(Constructors)] TClient>(this IServiceCollection services, string name, Action<GrpcClientFactoryOptions> configureClient)
        where TClient : class
    {
        ArgumentNullException.ThrowIfNull(configureClient);
        services.Configure(name, configureClient);
        return services.AddGrpcClient<TClient>(name);
    }

    public static IHttpClientBuilder AddGrpcClient<[DynamicallyAccessedMembers(Constructors)] TClient>(this IServiceCollection services, string name, Action<IServiceProvider, GrpcClientFactoryOptions> configureClient)
        where TClient : class
    {
        ArgumentNullException.ThrowIfNull(configureClient);
        services.AddSingleton<IConfigureOptions<GrpcClientFactoryOptions>>(provider =>
            new ConfigureNamedOptions<GrpcClientFactoryOptions>(name, options => configureClient(provider, options)));
        return services.AddGrpcClient<TClient>(name);
    }

    internal static ClientRegistrations Registrations(IServiceCollection services)
    {
        var known = services.FirstOrDefault(service => service.ServiceType == typeof(ClientRegistrations))?.ImplementationInstance as ClientRegistrations;
        if (known is null)
        {
            known = new ClientRegistrations();
            services.AddSingleton(known);
        }

        return known;
    }
}
