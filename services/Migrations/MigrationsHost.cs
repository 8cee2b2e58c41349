using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Platform.Migrations.ChangeEvents;
using Platform.Migrations.Commands;
using Platform.Migrations.Contract;
using Platform.Migrations.Import;
using Platform.Migrations.Indexes;
using Platform.Migrations.SampleData;
using Platform.Migrations.Schema;
using Platform.ServiceDefaults;

namespace Platform.Migrations;

/// <summary>Puts the worker together.</summary>
internal static class MigrationsHost
{
    /// <param name="connectionString">Overrides the configured one when not null.</param>
    public static IHost Create(string? connectionString)
    {
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings
        {
            // Where it is started from is of no concern to a worker, but where its configuration lies is.
            ContentRootPath = AppContext.BaseDirectory,
            EnvironmentName = Environment.GetEnvironmentVariable("DOTNET_ENVIRONMENT") ?? Environment.GetEnvironmentVariable("ASPNETCORE_ENVIRONMENT"),
        });
        builder.Configuration.AddEnvironmentVariables();
        if (connectionString is not null)
        {
            builder.Configuration.AddInMemoryCollection([new("ConnectionStrings:platform", connectionString)]);
        }

        builder.AddServiceDefaults();
        builder.Logging.AddConfiguration(builder.Configuration.GetSection("Logging"));
        builder.AddPlatformDatabase();
        builder.AddPlatformOptions<MigrationSettings>(MigrationSettings.Section);
        builder.Services.AddSingleton(services => services.GetRequiredService<IOptionsMonitor<MigrationSettings>>().CurrentValue);
        builder.Services.AddSingleton<DatabaseWait>();
        builder.Services.AddSingleton<SchemaRunner>();
        builder.Services.AddSingleton<Extensions>();
        builder.Services.AddSingleton<IndexBuilder>();
        builder.Services.AddSingleton<ChangeTriggers>();
        builder.Services.AddSingleton<SampleStore>();
        builder.Services.AddSingleton<ContractCheck>();
        builder.Services.AddSingleton<ImportRun>();
        builder.Services.AddSingleton<MigrateCommand>();
        builder.Services.AddSingleton<CheckCommand>();
        builder.Services.AddSingleton<SampleCommand>();
        builder.Services.AddSingleton<ImportCommand>();
        return builder.Build();
    }
}
