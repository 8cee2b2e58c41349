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
        var file = new LogFileOptions();
        builder.Configuration.GetSection(LogFileOptions.Section).Bind(file);
        builder.Services.AddSingleton<ILoggerProvider>(services =>
        {
            var time = services.GetRequiredService<TimeProvider>();
            List<ILineSink> sinks = [new ConsoleLines(Console.OpenStandardOutput(), time)];
            if (file.Folder.Length > 0)
            {
                sinks.Add(new RollingLogFile(file, builder.Environment.ApplicationName, time));
            }

            return new LineLoggerProvider(sinks, time);
        });
    }
}
