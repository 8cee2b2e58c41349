using System.Data.Common;
using Aspire.Npgsql;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace Microsoft.Extensions.Hosting;

/// <summary>Adds PostgreSQL data sources with health check, tracing and metrics.</summary>
public static class AspirePostgreSqlNpgsqlExtensions
{
    private const string SectionName = "Aspire:Npgsql";

    /// <summary>Registers <see cref="NpgsqlDataSource"/> for <c>ConnectionStrings:&lt;connectionName&gt;</c>, and connections of it.</summary>
    /// <exception cref="InvalidOperationException">On first use: no connection string is configured.</exception>
    public static void AddNpgsqlDataSource(
        this IHostApplicationBuilder builder,
        string connectionName,
        Action<NpgsqlSettings>? configureSettings = null,
        Action<NpgsqlDataSourceBuilder>? configureDataSourceBuilder = null)
        => Add(builder, connectionName, serviceKey: null, configureSettings, configureDataSourceBuilder);

    /// <summary>Registers a keyed <see cref="NpgsqlDataSource"/>; the name is key and name of the connection string.</summary>
    /// <exception cref="InvalidOperationException">On first use: no connection string is configured.</exception>
    public static void AddKeyedNpgsqlDataSource(
        this IHostApplicationBuilder builder,
        string name,
        Action<NpgsqlSettings>? configureSettings = null,
        Action<NpgsqlDataSourceBuilder>? configureDataSourceBuilder = null)
        => Add(builder, name, serviceKey: name, configureSettings, configureDataSourceBuilder);

    private static void Add(
        IHostApplicationBuilder builder,
        string name,
        string? serviceKey,
        Action<NpgsqlSettings>? configureSettings,
        Action<NpgsqlDataSourceBuilder>? configureDataSource)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentException.ThrowIfNullOrEmpty(name);

        var section = builder.Configuration.GetSection(SectionName);
        var settings = new NpgsqlSettings();
        section.Bind(settings);
        section.GetSection(name).Bind(settings);
        if (builder.Configuration.GetConnectionString(name) is { } connectionString)
        {
            settings.ConnectionString = connectionString;
        }

        configureSettings?.Invoke(settings);
        AddServices(builder.Services, serviceKey, services => Build(services, settings.ConnectionString, name, configureDataSource));

        if (!settings.DisableHealthChecks)
        {
            AddHealthCheck(builder, serviceKey is null ? "PostgreSql" : $"PostgreSql_{name}", serviceKey);
        }

        if (!settings.DisableTracing)
        {
            builder.Services.AddOpenTelemetry().WithTracing(static tracing => tracing.AddNpgsql());
        }

        if (!settings.DisableMetrics)
        {
            builder.Services.AddOpenTelemetry().WithMetrics(static metrics => metrics.AddNpgsqlInstrumentation());
        }
    }

    private static NpgsqlDataSource Build(IServiceProvider services, string? connectionString, string name, Action<NpgsqlDataSourceBuilder>? configure)
    {
        if (string.IsNullOrWhiteSpace(connectionString))
        {
            throw new InvalidOperationException($"No PostgreSQL server is configured: set 'ConnectionStrings:{name}' or '{SectionName}:ConnectionString'.");
        }

        var source = new NpgsqlDataSourceBuilder(connectionString);
        source.UseLoggerFactory(services.GetService<ILoggerFactory>());
        configure?.Invoke(source);
        return source.Build();
    }

    private static void AddServices(IServiceCollection services, string? key, Func<IServiceProvider, NpgsqlDataSource> build)
    {
        if (key is null)
        {
            services.TryAddSingleton(build);
            services.TryAddSingleton<DbDataSource>(static provider => provider.GetRequiredService<NpgsqlDataSource>());
            services.TryAddTransient(static provider => provider.GetRequiredService<NpgsqlDataSource>().CreateConnection());
            services.TryAddTransient<DbConnection>(static provider => provider.GetRequiredService<NpgsqlConnection>());
        }
        else
        {
            services.TryAddKeyedSingleton(key, (provider, _) => build(provider));
            services.TryAddKeyedSingleton<DbDataSource>(key, static (provider, key) => provider.GetRequiredKeyedService<NpgsqlDataSource>(key));
            services.TryAddKeyedTransient(key, static (provider, key) => provider.GetRequiredKeyedService<NpgsqlDataSource>(key).CreateConnection());
            services.TryAddKeyedTransient<DbConnection>(key, static (provider, key) => provider.GetRequiredKeyedService<NpgsqlConnection>(key));
        }
    }

    private static void AddHealthCheck(IHostApplicationBuilder builder, string checkName, string? serviceKey)
    {
        // Registering a name twice would fail every health request; a data source may be added from two places.
        if (!builder.Properties.TryAdd($"Aspire.HealthChecks.{checkName}", true))
        {
            return;
        }

        builder.Services.AddHealthChecks().Add(new HealthCheckRegistration(
            checkName,
            services => new NpgsqlHealthCheck(services, serviceKey),
            failureStatus: null,
            tags: null));
    }
}
