using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using StackExchange.Redis;

namespace Platform.ServiceDefaults;

/// <summary>The platform's Redis.</summary>
public static class RedisExtensions
{
    public const string ConnectionName = "redis";

    private const int ConnectLimitMilliseconds = 1000;
    private const int CommandLimitMilliseconds = 1000;

    /// <summary>
    /// Registers <see cref="IConnectionMultiplexer"/> for <c>ConnectionStrings:redis</c> with health component <c>redis</c>, which
    /// only ever degrades. The connection is begun when the host starts and mends itself; while it is down calls fail at once.
    /// Use the asynchronous methods only: the synchronous ones starve the thread pool.
    /// </summary>
    /// <exception cref="PlatformConfigurationException">The connection string is missing.</exception>
    public static void AddPlatformRedis(this IHostApplicationBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ConnectionStrings.Require(builder.Configuration, ConnectionName, "a Redis address, e.g. localhost:6379");
        builder.AddRedisClient(
            ConnectionName,
            settings => settings.DisableHealthChecks = true,
            options =>
            {
                options.AbortOnConnectFail = false;
                options.ConnectTimeout = ConnectLimitMilliseconds;
                options.ConnectRetry = 1;
                options.SyncTimeout = CommandLimitMilliseconds;
            });
        builder.Services.AddHealthChecks().AddCheck<RedisHealthCheck>("redis", HealthStatus.Degraded);
        builder.Services.AddHostedService<Connect>();
    }

    /// <summary>Begins the connection beside the start, so that neither the start nor the first request waits for it.</summary>
    private sealed class Connect(IServiceProvider services) : BackgroundService
    {
        protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
            Task.Run(() => services.GetRequiredService<IConnectionMultiplexer>(), stoppingToken);
    }
}
