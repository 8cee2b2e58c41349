using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;
using Platform.Migrations.ChangeEvents;
using Platform.Migrations.Commands;
using Platform.Migrations.Contract;
using Platform.Migrations.Import;
using Platform.Migrations.Indexes;
using Platform.Migrations.SampleData;
using Platform.Migrations.Schema;

namespace Platform.Migrations;

/// <summary>Puts the worker together. The host is never started: a command runs to its end and the process exits.</summary>
internal static class MigrationsHost
{
    /// <param name="connectionString">Overrides the configured one when not null.</param>
    public static IHost Create(string? connectionString)
    {
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings
        {
            ContentRootPath = AppContext.BaseDirectory,
            EnvironmentName = Environment.GetEnvironmentVariable("DOTNET_ENVIRONMENT") ?? Environment.GetEnvironmentVariable("ASPNETCORE_ENVIRONMENT"),
        });
        builder.Configuration.AddEnvironmentVariables().AddEnvironmentVariables("PLATFORM__");
        if (connectionString is not null)
        {
            builder.Configuration.AddInMemoryCollection([new("ConnectionStrings:platform", connectionString)]);
        }

        builder.Logging.AddSimpleConsole(console => console.SingleLine = true).AddFilter("Npgsql", LogLevel.Warning);
        builder.Services.AddSingleton(TimeProvider.System);
        builder.Services.AddSingleton(ReadSettings(builder.Configuration));
        builder.Services.AddSingleton(services => DataSource(builder.Configuration, services.GetRequiredService<ILoggerFactory>()));
        builder.Services.AddSingleton<DatabaseWait>();
        builder.Services.AddSingleton<SchemaRunner>();
        builder.Services.AddSingleton<Extensions>();
        builder.Services.AddSingleton<IndexBuilder>();
        builder.Services.AddSingleton<ChangeTriggers>();
        builder.Services.AddSingleton<SampleStore>();
        builder.Services.AddSingleton<ContractCheck>();
        builder.Services.AddSingleton<MigrateCommand>();
        builder.Services.AddSingleton<CheckCommand>();
        builder.Services.AddSingleton<ImportRun>();
        builder.Services.AddSingleton<ImportCommand>();
        builder.Services.AddSingleton<SampleCommand>();
        return builder.Build();
    }

    private static NpgsqlDataSource DataSource(IConfiguration configuration, ILoggerFactory loggers)
    {
        var text = configuration.GetConnectionString("platform");
        if (string.IsNullOrWhiteSpace(text))
        {
            throw new MigrationException(
                "ConnectionStrings:platform is not set. Set the environment variable ConnectionStrings__platform, or pass --connection, e.g. \"Host=localhost;Username=postgres;Database=platform\".");
        }

        try
        {
            var options = new NpgsqlConnectionStringBuilder(text) { ApplicationName = "platform-migrations" };
            return new NpgsqlDataSourceBuilder(options.ConnectionString).UseLoggerFactory(loggers).Build();
        }
        catch (Exception exception) when (exception is ArgumentException or FormatException or KeyNotFoundException)
        {
            // The reason may repeat a part of the string, and with it a password.
            throw new MigrationException("ConnectionStrings:platform is not a PostgreSQL connection string in Npgsql's key=value form.", exception);
        }
    }

    private static MigrationSettings ReadSettings(IConfiguration configuration)
    {
        var section = configuration.GetSection(MigrationSettings.Section);
        var defaults = new MigrationSettings();
        return new MigrationSettings
        {
            SampleData = Read<bool?>(section, "sampleData", text => bool.TryParse(text, out var on) ? on : null, null, "true or false"),
            LockTimeout = Read<TimeSpan?>(section, "lockTimeout", Duration, defaults.LockTimeout, "a duration such as 00:05:00") ?? defaults.LockTimeout,
            ConnectTimeout = Read<TimeSpan?>(section, "connectTimeout", Duration, defaults.ConnectTimeout, "a duration such as 00:00:30") ?? defaults.ConnectTimeout,
        };
    }

    private static T? Read<T>(IConfigurationSection section, string key, Func<string, T?> parse, T? otherwise, string allowed)
    {
        var text = section[key];
        if (string.IsNullOrEmpty(text))
        {
            return otherwise;
        }

        return parse(text) ?? throw new MigrationException($"{section.Path}:{key} is '{text}'; allowed is {allowed}.");
    }

    private static TimeSpan? Duration(string text) =>
        TimeSpan.TryParse(text, System.Globalization.CultureInfo.InvariantCulture, out var duration) && duration >= TimeSpan.Zero ? duration : null;
}
