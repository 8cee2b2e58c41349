using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.ServiceDiscovery;
using Microsoft.Extensions.ServiceDiscovery.Configuration;
using Microsoft.Extensions.ServiceDiscovery.Http;
using Microsoft.Extensions.ServiceDiscovery.PassThrough;
using Microsoft.Extensions.ServiceDiscovery.Resolution;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Adds service discovery.</summary>
public static class ServiceDiscoveryServiceCollectionExtensions
{
    /// <summary>Adds discovery from configuration; unknown names pass through as host names.</summary>
    public static IServiceCollection AddServiceDiscovery(this IServiceCollection services)
        => services.AddServiceDiscovery(static _ => { });

    /// <summary>Adds discovery from configuration; unknown names pass through as host names.</summary>
    public static IServiceCollection AddServiceDiscovery(this IServiceCollection services, Action<ServiceDiscoveryOptions> configureOptions)
        => services
            .AddServiceDiscoveryCore(configureOptions)
            .AddConfigurationServiceEndpointProvider()
            .AddPassThroughServiceEndpointProvider();

    /// <summary>Adds discovery without any provider.</summary>
    public static IServiceCollection AddServiceDiscoveryCore(this IServiceCollection services)
        => services.AddServiceDiscoveryCore(static _ => { });

    /// <summary>Adds discovery without any provider.</summary>
    public static IServiceCollection AddServiceDiscoveryCore(this IServiceCollection services, Action<ServiceDiscoveryOptions> configureOptions)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentNullException.ThrowIfNull(configureOptions);

        services.AddOptions<ServiceDiscoveryOptions>()
            .Configure(configureOptions)
            .Validate(static options => options.AllowedSchemes is not null, $"{nameof(ServiceDiscoveryOptions.AllowedSchemes)} must not be null.")
            .Validate(
                static options => options.RefreshPeriod > TimeSpan.Zero,
                $"{nameof(ServiceDiscoveryOptions.RefreshPeriod)} must be longer than zero.");
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<ServiceEndpointCollector>();
        services.TryAddSingleton(static provider => new ServiceEndpointResolver(provider.GetRequiredService<ServiceEndpointCollector>()));
        services.TryAddSingleton<IServiceDiscoveryHttpMessageHandlerFactory, ServiceDiscoveryHttpMessageHandlerFactory>();
        return services;
    }

    /// <summary>Adds the provider that reads the section <c>Services</c>.</summary>
    public static IServiceCollection AddConfigurationServiceEndpointProvider(this IServiceCollection services)
        => services.AddConfigurationServiceEndpointProvider(static _ => { });

    /// <summary>Adds the provider that reads endpoints from configuration.</summary>
    public static IServiceCollection AddConfigurationServiceEndpointProvider(
        this IServiceCollection services,
        Action<ConfigurationServiceEndpointProviderOptions> configureOptions)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentNullException.ThrowIfNull(configureOptions);

        services.AddServiceDiscoveryCore();
        services.AddOptions<ConfigurationServiceEndpointProviderOptions>()
            .Configure(configureOptions)
            .Validate(
                static options => !string.IsNullOrWhiteSpace(options.SectionName),
                $"{nameof(ConfigurationServiceEndpointProviderOptions.SectionName)} must name a section.")
            .Validate(
                static options => options.ShouldApplyHostNameMetadata is not null,
                $"{nameof(ConfigurationServiceEndpointProviderOptions.ShouldApplyHostNameMetadata)} must not be null.");
        return services.AddSingleton<IServiceEndpointProviderFactory, ConfigurationServiceEndpointProviderFactory>();
    }

    /// <summary>Adds the provider that takes every name as a host name.</summary>
    public static IServiceCollection AddPassThroughServiceEndpointProvider(this IServiceCollection services)
    {
        ArgumentNullException.ThrowIfNull(services);

        services.AddServiceDiscoveryCore();
        return services.AddSingleton<IServiceEndpointProviderFactory, PassThroughServiceEndpointProviderFactory>();
    }
}
