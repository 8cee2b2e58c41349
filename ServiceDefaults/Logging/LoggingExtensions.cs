using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Platform.ServiceDefaults;

internal static class LoggingExtensions
{
    internal static void AddPlatformLogging(this IHostApplicationBuilder builder)
    {
        builder.Logging.ClearProviders();
        builder.Services.AddSingleton<ILoggerProvider>(services =>
            new ConsoleLineLoggerProvider(Console.OpenStandardOutput(), services.GetRequiredService<TimeProvider>()));

        var file = new LogFileOptions();
        builder.Configuration.GetSection(LogFileOptions.Section).Bind(file);
        if (file.Folder.Length > 0)
        {
            builder.Services.AddSingleton<ILoggerProvider>(services =>
                new RollingFileLoggerProvider(file, builder.Environment.ApplicationName, services.GetRequiredService<TimeProvider>()));
        }
    }
}
