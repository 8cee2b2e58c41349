using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Http;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.ServiceDiscovery;
using Microsoft.Extensions.ServiceDiscovery.Http;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Adds service discovery to HTTP clients.</summary>
public static class ServiceDiscoveryHttpClientBuilderExtensions
{
    /// <summary>Resolves the host of each request of the client; with <c>ConfigureHttpClientDefaults</c>, of every client.</summary>
    public static IHttpClientBuilder AddServiceDiscovery(this IHttpClientBuilder httpClientBuilder)
    {
        ArgumentNullException.ThrowIfNull(httpClientBuilder);

        var services = httpClientBuilder.Services;
        services.AddServiceDiscoveryCore();
        httpClientBuilder.AddHttpMessageHandler(static provider => new ResolvingHttpDelegatingHandler(
            provider.GetRequiredService<ServiceEndpointResolver>(),
            provider.GetRequiredService<IOptions<ServiceDiscoveryOptions>>()));

        services.TryAddEnumerable(ServiceDescriptor.Singleton<IHttpMessageHandlerBuilderFilter, GrpcLoadBalancingFilter>());
        services.Configure<GrpcLoadBalancingOptions>(options => options.Clients.Add(httpClientBuilder.Name ?? string.Empty));
        return httpClientBuilder;
    }

    private sealed class GrpcLoadBalancingOptions
    {
        // The empty name stands for every client.
        public HashSet<string> Clients { get; } = [];
    }

    /// <summary>
    /// A gRPC channel would open connections to the service name by itself; this property of the handler, which the channel looks
    /// for, keeps it from doing so. A filter sees the primary handler last, whoever configured it.
    /// </summary>
    private sealed class GrpcLoadBalancingFilter(IOptions<GrpcLoadBalancingOptions> options) : IHttpMessageHandlerBuilderFilter
    {
        public Action<HttpMessageHandlerBuilder> Configure(Action<HttpMessageHandlerBuilder> next) => builder =>
        {
            next(builder);
            var clients = options.Value.Clients;
            if (builder.PrimaryHandler is SocketsHttpHandler handler && (clients.Contains(string.Empty) || clients.Contains(builder.Name ?? string.Empty)))
            {
                handler.Properties["__GrpcLoadBalancingDisabled"] = true;
            }
        };
    }
}
