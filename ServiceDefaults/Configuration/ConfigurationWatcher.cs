using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Platform.ServiceDefaults;

/// <summary>Looks at the configuration files twice a second, so that an edit is in use within 2 s (bar F10).</summary>
internal sealed partial class ConfigurationWatcher(
    PlatformConfigurationSource source,
    ConfigurationReport report,
    TimeProvider time,
    ILogger<ConfigurationWatcher> logger) : BackgroundService
{
    private const string Part = "files";
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(500);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, time);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
            {
                Look();
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // A host that ends without being stopped first would log it as a failure.
        }
    }

    private void Look()
    {
        if (source.Provider is not { } provider)
        {
            return;
        }

        try
        {
            switch (provider.Refresh())
            {
                case ConfigurationChange.Applied:
                    report.Accepted(Part);
                    Log.Applied(logger, source.Files.BaseFile);
                    break;
                case ConfigurationChange.Rejected:
                    report.Rejected(Part, provider.Problem ?? "");
                    Log.Rejected(logger, provider.Problem ?? "");
                    break;
            }
        }
        catch (Exception error)
        {
            // Listeners of a change run inside Refresh. All of them have run by now; a failing one must not end the watch.
            report.Accepted(Part);
            Log.ListenerFailed(logger, error);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(EventId = 1, EventName = "ConfigurationApplied", Level = LogLevel.Information, Message = "Applied the changed configuration of {File}")]
        internal static partial void Applied(ILogger logger, string file);

        [LoggerMessage(EventId = 2, EventName = "ConfigurationRejected", Level = LogLevel.Error, Message = "The changed configuration is not used; the last good values stay. {Problem}")]
        internal static partial void Rejected(ILogger logger, string problem);

        [LoggerMessage(EventId = 3, EventName = "ConfigurationListenerFailed", Level = LogLevel.Error, Message = "A listener failed on the changed configuration; the others were told")]
        internal static partial void ListenerFailed(ILogger logger, Exception error);
    }
}
