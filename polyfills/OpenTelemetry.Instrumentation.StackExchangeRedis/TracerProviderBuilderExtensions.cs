using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using OpenTelemetry.Instrumentation.StackExchangeRedis;
using StackExchange.Redis;

namespace OpenTelemetry.Trace;

/// <summary>Adds the spans of Redis commands.</summary>
public static class TracerProviderBuilderExtensions
{
    /// <summary>Records the connection that is registered as <see cref="IConnectionMultiplexer"/>.</summary>
    public static TracerProviderBuilder AddRedisInstrumentation(this TracerProviderBuilder builder)
        => builder.AddRedisInstrumentation(name: null, connection: null, serviceKey: null, configure: null);

    /// <summary>Records the connection that is registered with that key.</summary>
    public static TracerProviderBuilder AddRedisInstrumentation(this TracerProviderBuilder builder, object serviceKey)
    {
        ArgumentNullException.ThrowIfNull(serviceKey);
        return builder.AddRedisInstrumentation(name: null, connection: null, serviceKey, configure: null);
    }

    /// <summary>Records the given connection.</summary>
    public static TracerProviderBuilder AddRedisInstrumentation(this TracerProviderBuilder builder, IConnectionMultiplexer connection)
    {
        ArgumentNullException.ThrowIfNull(connection);
        return builder.AddRedisInstrumentation(name: null, connection, serviceKey: null, configure: null);
    }

    /// <summary>Records the registered connection with changed options.</summary>
    public static TracerProviderBuilder AddRedisInstrumentation(this TracerProviderBuilder builder, Action<StackExchangeRedisInstrumentationOptions> configure)
    {
        ArgumentNullException.ThrowIfNull(configure);
        return builder.AddRedisInstrumentation(name: null, connection: null, serviceKey: null, configure);
    }

    /// <summary>Records the given connection with changed options.</summary>
    public static TracerProviderBuilder AddRedisInstrumentation(
        this TracerProviderBuilder builder,
        IConnectionMultiplexer connection,
        Action<StackExchangeRedisInstrumentationOptions> configure)
    {
        ArgumentNullException.ThrowIfNull(connection);
        ArgumentNullException.ThrowIfNull(configure);
        return builder.AddRedisInstrumentation(name: null, connection, serviceKey: null, configure);
    }

    /// <summary>Records the connection that is registered with that key, with the options of that name.</summary>
    public static TracerProviderBuilder AddRedisInstrumentation(
        this TracerProviderBuilder builder,
        string? name,
        object serviceKey,
        Action<StackExchangeRedisInstrumentationOptions> configure)
    {
        ArgumentNullException.ThrowIfNull(serviceKey);
        ArgumentNullException.ThrowIfNull(configure);
        return builder.AddRedisInstrumentation(name, connection: null, serviceKey, configure);
    }

    /// <summary>Records the given connection, else the one registered with the key, else the one registered without, if there is any.</summary>
    public static TracerProviderBuilder AddRedisInstrumentation(
        this TracerProviderBuilder builder,
        string? name,
        IConnectionMultiplexer? connection,
        object? serviceKey,
        Action<StackExchangeRedisInstrumentationOptions>? configure)
    {
        ArgumentNullException.ThrowIfNull(builder);
        name ??= Options.DefaultName;

        if (configure is not null)
        {
            builder.ConfigureServices(services => services.Configure(name, configure));
        }

        return builder.AddRedisServices().AddInstrumentation(services =>
        {
            var instrumentation = services.GetRequiredService<StackExchangeRedisInstrumentation>();
            var found = connection
                ?? (serviceKey is null ? services.GetService<IConnectionMultiplexer>() : services.GetKeyedService<IConnectionMultiplexer>(serviceKey));
            if (found is not null)
            {
                instrumentation.AddConnection(name, found);
            }

            return instrumentation;
        });
    }

    /// <summary>Changes the set of recorded connections when the provider is created.</summary>
    public static TracerProviderBuilder ConfigureRedisInstrumentation(this TracerProviderBuilder builder, Action<StackExchangeRedisInstrumentation> configure)
    {
        ArgumentNullException.ThrowIfNull(configure);
        return builder.ConfigureRedisInstrumentation((_, instrumentation) => configure(instrumentation));
    }

    /// <summary>Changes the set of recorded connections when the provider is created.</summary>
    public static TracerProviderBuilder ConfigureRedisInstrumentation(
        this TracerProviderBuilder builder,
        Action<IServiceProvider, StackExchangeRedisInstrumentation> configure)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(configure);

        builder.AddRedisServices();
        if (builder is IDeferredTracerProviderBuilder deferred)
        {
            deferred.Configure((services, _) => configure(services, services.GetRequiredService<StackExchangeRedisInstrumentation>()));
        }

        return builder;
    }

    private static TracerProviderBuilder AddRedisServices(this TracerProviderBuilder builder) => builder
        .AddSource(StackExchangeRedisInstrumentation.ActivitySourceName)
        .ConfigureServices(static services => services.TryAddSingleton(static provider => new StackExchangeRedisInstrumentation(
            provider.GetRequiredService<IOptionsMonitor<StackExchangeRedisInstrumentationOptions>>(),
            provider.GetService<TimeProvider>() ?? TimeProvider.System)));
}
