using Aspire.StackExchange.Redis;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Options;
using OpenTelemetry.Instrumentation.StackExchangeRedis;
using OpenTelemetry.Trace;
using StackExchange.Redis;

namespace Microsoft.Extensions.Hosting;

/// <summary>Adds Redis clients with health check and tracing.</summary>
public static class AspireRedisExtensions
{
    private const string SectionName = "Aspire:StackExchange:Redis";

    /// <summary>Registers <see cref="IConnectionMultiplexer"/> for <c>ConnectionStrings:&lt;connectionName&gt;</c>.</summary>
    /// <exception cref="InvalidOperationException">On first use: no connection string is configured.</exception>
    public static void AddRedisClient(
        this IHostApplicationBuilder builder,
        string connectionName,
        Action<StackExchangeRedisSettings>? configureSettings = null,
        Action<ConfigurationOptions>? configureOptions = null)
        => builder.AddRedisClientBuilder(connectionName, configureSettings, configureOptions);

    /// <summary>Registers a keyed <see cref="IConnectionMultiplexer"/>; the name is key and name of the connection string.</summary>
    /// <exception cref="InvalidOperationException">On first use: no connection string is configured.</exception>
    public static void AddKeyedRedisClient(
        this IHostApplicationBuilder builder,
        string name,
        Action<StackExchangeRedisSettings>? configureSettings = null,
        Action<ConfigurationOptions>? configureOptions = null)
        => builder.AddKeyedRedisClientBuilder(name, configureSettings, configureOptions);

    /// <summary>As <see cref="AddRedisClient"/>, for what builds on the client.</summary>
    public static AspireRedisClientBuilder AddRedisClientBuilder(
        this IHostApplicationBuilder builder,
        string connectionName,
        Action<StackExchangeRedisSettings>? configureSettings = null,
        Action<ConfigurationOptions>? configureOptions = null)
        => Add(builder, connectionName, serviceKey: null, configureSettings, configureOptions);

    /// <summary>As <see cref="AddKeyedRedisClient"/>, for what builds on the client.</summary>
    public static AspireRedisClientBuilder AddKeyedRedisClientBuilder(
        this IHostApplicationBuilder builder,
        string name,
        Action<StackExchangeRedisSettings>? configureSettings = null,
        Action<ConfigurationOptions>? configureOptions = null)
        => Add(builder, name, serviceKey: name, configureSettings, configureOptions);

    private static AspireRedisClientBuilder Add(
        IHostApplicationBuilder builder,
        string name,
        string? serviceKey,
        Action<StackExchangeRedisSettings>? configureSettings,
        Action<ConfigurationOptions>? configureOptions)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentException.ThrowIfNullOrEmpty(name);

        var section = builder.Configuration.GetSection(SectionName);
        var named = section.GetSection(name);
        var settings = new StackExchangeRedisSettings();
        section.Bind(settings);
        named.Bind(settings);
        if (builder.Configuration.GetConnectionString(name) is { } connectionString)
        {
            settings.ConnectionString = connectionString;
        }

        configureSettings?.Invoke(settings);

        var optionsName = serviceKey ?? Options.Options.DefaultName;
        builder.Services.AddKeyedSingleton(optionsName, settings);
        builder.Services.TryAddTransient<IOptionsFactory<ConfigurationOptions>, ConfigurationOptionsFactory>();
        builder.Services.Configure<ConfigurationOptions>(optionsName, options =>
        {
            section.GetSection("ConfigurationOptions").Bind(options);
            named.GetSection("ConfigurationOptions").Bind(options);
            configureOptions?.Invoke(options);
        });

        builder.Services.TryAddKeyedSingleton(optionsName, (services, _) => Connect(services, name, optionsName));
        if (serviceKey is null)
        {
            builder.Services.AddSingleton<IConnectionMultiplexer>(services => services.GetRequiredKeyedService<RedisConnection>(optionsName).Multiplexer);
        }
        else
        {
            builder.Services.AddKeyedSingleton<IConnectionMultiplexer>(serviceKey, (services, _) => services.GetRequiredKeyedService<RedisConnection>(optionsName).Multiplexer);
        }

        if (!settings.DisableAutoActivation)
        {
            builder.Services.AddHostedService(services => new RedisActivation(services, optionsName));
        }

        if (!settings.DisableTracing)
        {
            builder.Services.AddOpenTelemetry().WithTracing(static tracing => tracing.ConfigureRedisInstrumentation(static _ => { }));
        }

        if (!settings.DisableHealthChecks)
        {
            AddHealthCheck(builder, serviceKey is null ? "StackExchange.Redis" : $"StackExchange.Redis_{name}", optionsName);
        }

        return new AspireRedisClientBuilder(builder, settings, serviceKey);
    }

    private static RedisConnection Connect(IServiceProvider services, string name, string optionsName)
    {
        var options = services.GetRequiredService<IOptionsMonitor<ConfigurationOptions>>().Get(optionsName);
        if (options.EndPoints.Count == 0)
        {
            throw new InvalidOperationException($"No Redis server is configured: set 'ConnectionStrings:{name}' or '{SectionName}:ConnectionString' to host:port.");
        }

        return new RedisConnection(options, services.GetService<StackExchangeRedisInstrumentation>());
    }

    private static void AddHealthCheck(IHostApplicationBuilder builder, string checkName, string optionsName)
    {
        // Registering a name twice would fail every health request; a client may be added from two places.
        if (!builder.Properties.TryAdd($"Aspire.HealthChecks.{checkName}", true))
        {
            return;
        }

        builder.Services.AddHealthChecks().Add(new HealthCheckRegistration(
            checkName,
            services => new RedisHealthCheck(services, optionsName),
            failureStatus: null,
            tags: null));
    }
}
