using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Npgsql;

namespace Platform.ServiceDefaults;

/// <summary>The platform's PostgreSQL database.</summary>
public static class DatabaseExtensions
{
    public const string ConnectionName = "platform";

    /// <summary>
    /// Registers <see cref="NpgsqlDataSource"/> for <c>ConnectionStrings:platform</c>, traced and metered, with health component
    /// <c>database</c>: the service becomes ready once the database answered, and stays ready when it goes away later.
    /// Who waits for a connection, of an exhausted pool or a new one, is refused after 3 s; 40 often used statements are kept prepared
    /// and are not JIT-compiled by the server, unless the string says otherwise.
    /// </summary>
    /// <exception cref="PlatformConfigurationException">The connection string is missing or cannot be read.</exception>
    public static void AddPlatformDatabase(this IHostApplicationBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        var configured = ConnectionStrings.Require(builder.Configuration, ConnectionName, "a PostgreSQL connection string, e.g. Host=localhost;Port=5432;Username=platform;Password=…;Database=platform");
        var connectionString = WithLimits(configured);
        builder.AddNpgsqlDataSource(
            ConnectionName,
            settings =>
            {
                settings.ConnectionString = connectionString;
                settings.DisableHealthChecks = true;
            },
            source => source.ConfigureTracing(DatabaseSpans.Configure));
        builder.Services.AddHealthChecks().AddCheck<DatabaseHealthCheck>("database", HealthStatus.Unhealthy, [HealthTags.RequiredToStart]);
    }

    private static string WithLimits(string configured)
    {
        try
        {
            var given = new NpgsqlConnectionStringBuilder(configured);

            // ContainsKey holds for every keyword that there is, ShouldSerialize for those that are given.
            if (!given.ShouldSerialize("Timeout"))
            {
                given.Timeout = 3;
            }

            // Statements that come again and again are parsed and planned once for each connection.
            if (!given.ShouldSerialize("Max Auto Prepare"))
            {
                given.MaxAutoPrepare = 40;
            }

            // Compiling a long statement costs seconds and gains milliseconds. Only as a start option does it survive the pool's resets.
            if (string.IsNullOrEmpty(given.Options))
            {
                given.Options = "-c jit=off";
            }

            return given.ConnectionString;
        }
        catch (Exception error) when (error is ArgumentException or FormatException or KeyNotFoundException)
        {
            // The reason may repeat a part of the string, and with it a password.
            throw new PlatformConfigurationException($"ConnectionStrings:{ConnectionName} = (hidden) is not allowed. Allowed: a PostgreSQL connection string in Npgsql's key=value form.");
        }
    }
}
