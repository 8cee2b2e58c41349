using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Configuration.Json;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;

namespace Platform.ServiceDefaults;

/// <summary>What every service begins with.</summary>
public static class ServiceDefaultsExtensions
{
    /// <summary>
    /// Configuration from <c>config/platform.yaml</c>, JSON logs, telemetry, discovery for every HttpClient, limits of calls,
    /// the request context, health checks, and gRPC with context and error mapping.
    /// </summary>
    /// <exception cref="PlatformConfigurationException">The configuration is missing or not valid; the message says how to mend it.</exception>
    public static TBuilder AddServiceDefaults<TBuilder>(this TBuilder builder)
        where TBuilder : IHostApplicationBuilder
    {
        ArgumentNullException.ThrowIfNull(builder);
        StartupFailure.Install();
        builder.Services.TryAddSingleton(TimeProvider.System);
        builder.AddPlatformConfiguration();
        builder.AddPlatformLogging();
        builder.AddPlatformTelemetry();
        builder.AddPlatformOptions<ResilienceOptions>(ResilienceOptions.Section);
        builder.AddPlatformHealth();
        builder.Services.AddServiceDiscovery();
        builder.Services.ConfigureHttpClientDefaults(http => http.AddServiceDiscovery());
        builder.Services.TryAddSingleton<IRequestContextAccessor, RequestContextAccessor>();
        builder.Services.AddSingleton<ActiveRequests>().AddSingleton<IStartupFilter, RequestContextMiddleware.First>();
        builder.AddPlatformGrpc();
        return builder;
    }

    /// <summary><c>/health</c>, <c>/health/live</c>, <c>/health/ready</c>, <c>/health/budgets</c> and <c>/metrics</c> on the HTTP/1 endpoint, and gRPC health on the other.</summary>
    public static WebApplication MapDefaultEndpoints(this WebApplication app)
    {
        ArgumentNullException.ThrowIfNull(app);
        app.MapPlatformHealth();
        app.MapPlatformBudgets();
        KeptTraces.Map(app);
        app.MapGrpcHealthChecksService();
        app.MapPrometheusScrapingEndpoint().OnHttpEndpointOnly();
        return app;
    }

    private static void AddPlatformConfiguration(this IHostApplicationBuilder builder)
    {
        var files = PlatformConfigurationFiles.Locate(
            builder.Configuration[PlatformConfigurationFiles.PathVariable],
            builder.Environment.ContentRootPath,
            builder.Environment.EnvironmentName);
        var source = new PlatformConfigurationSource(files, Environment.GetEnvironmentVariables);

        // Above appsettings.json, below what a person says on the command line or in a variable.
        var sources = builder.Configuration.Sources;
        var lastFile = sources.LastOrDefault(candidate => candidate is JsonConfigurationSource { Path: { } path } && path.StartsWith("appsettings", StringComparison.OrdinalIgnoreCase));
        sources.Insert(lastFile is null ? 0 : sources.IndexOf(lastFile) + 1, source);

        builder.Services.AddSingleton(source);
        builder.Services.TryAddSingleton<ConfigurationReport>();
        builder.Services.AddHostedService<ConfigurationWatcher>();
    }
}
