using System.Net.Sockets;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using OpenTelemetry.Instrumentation.StackExchangeRedis;
using StackExchange.Redis;

namespace Platform.ServiceDefaults;

/// <summary>The platform's Redis.</summary>
public static partial class RedisExtensions
{
    public const string ConnectionName = "redis";

    private const int ConnectLimitMilliseconds = 1000;
    private const int CommandLimitMilliseconds = 1000;

    /// <summary>
    /// Registers <see cref="IConnectionMultiplexer"/> for <c>ConnectionStrings:redis</c> with health component <c>redis</c>, which
    /// only ever degrades. The connection is begun when the host starts and mends itself; while it is down calls fail at once.
    /// Use the asynchronous methods only: the synchronous ones starve the thread pool.
    /// </summary>
    /// <exception cref="PlatformConfigurationException">The connection string is missing or cannot be read.</exception>
    public static void AddPlatformRedis(this IHostApplicationBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        Check(ConnectionStrings.Require(builder.Configuration, ConnectionName, "a Redis address, e.g. localhost:6379"));
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
        builder.Services.ConfigureAll<StackExchangeRedisInstrumentationOptions>(RedisSpans.Configure);
        builder.Services.AddHealthChecks().AddCheck<RedisHealthCheck>("redis", HealthStatus.Degraded);
        builder.Services.AddHostedService<Connect>();
    }

    private static void Check(string configured)
    {
        try
        {
            if (ConfigurationOptions.Parse(configured).EndPoints.Count > 0)
            {
                return;
            }
        }
        catch (Exception error) when (error is ArgumentException or FormatException)
        {
            // Told below; the reason may repeat a part of the string, and with it a password.
        }

        throw new PlatformConfigurationException(
            $"ConnectionStrings:{ConnectionName} = (hidden) is not allowed. Allowed: host:port, further options after commas, e.g. localhost:6379,password=….");
    }

    /// <summary>Begins the connection beside the start, so that the first request does not wait for it.</summary>
    private sealed partial class Connect(IServiceProvider services, TimeProvider time, ILogger<Connect> logger) : BackgroundService
    {
        private static readonly TimeSpan Quiet = TimeSpan.FromMinutes(1);

        private long _quietUntil = long.MinValue;

        protected override Task ExecuteAsync(CancellationToken stoppingToken) => Task.Run(Begin, stoppingToken);

        private void Begin()
        {
            try
            {
                services.GetRequiredService<IConnectionMultiplexer>().InternalError += (_, error) => Tell(error);
            }
            catch (Exception error) when (error is RedisException or SocketException or TimeoutException)
            {
                // Whoever needs it next tries again; until then everything works without.
                Log.NotConnected(logger, error);
            }
        }

        // The client goes on after an error of its own, but may have failed whatever it was about to write. Once a minute says enough.
        private void Tell(InternalErrorEventArgs error)
        {
            var until = Volatile.Read(ref _quietUntil);
            var now = time.GetTimestamp();
            if (now >= until && Interlocked.CompareExchange(ref _quietUntil, now + (long)(Quiet.TotalSeconds * time.TimestampFrequency), until) == until)
            {
                Log.ClientError(logger, error.Origin, error.Exception);
            }
        }

        private static partial class Log
        {
            [LoggerMessage(EventId = 2, EventName = "RedisClientError", Level = LogLevel.Warning, Message = "The Redis client failed in {Origin}; commands may have failed with it")]
            internal static partial void ClientError(ILogger logger, string origin, Exception? error);

            [LoggerMessage(EventId = 1, EventName = "RedisNotConnected", Level = LogLevel.Warning, Message = "Redis cannot be reached at start; caches and limits are local")]
            internal static partial void NotConnected(ILogger logger, Exception error);
        }
    }
}
