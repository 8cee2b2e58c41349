using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Platform.Testing;

namespace Platform.ServiceDefaults.Tests.Logging;

/// <summary>Levels change while the service runs (J4).</summary>
public sealed class LogLevelTests
{
    [Fact]
    public async Task Level_ChangedInTheFile_CountsForItsCategoryWithoutARestart()
    {
        using var folder = new ConfigurationFolder("logging: { logLevel: { default: Warning } }");
        await using var service = await RunningService.StartAsync(RunningService.Builder(folder), cancellationToken: TestContext.Current.CancellationToken);
        var loggers = service.Services.GetRequiredService<ILoggerFactory>();
        var (chosen, other) = (loggers.CreateLogger("Platform.Sample.Chosen"), loggers.CreateLogger("Platform.Sample.Other"));
        chosen.LogDebug("too early");
        Assert.False(chosen.IsEnabled(LogLevel.Debug));

        folder.Write("logging: { logLevel: { default: Warning, Platform.Sample.Chosen: Debug } }");
        await Eventually.HoldsAsync(() => chosen.IsEnabled(LogLevel.Debug), "the level is applied");
        chosen.LogDebug("now");
        other.LogDebug("never");
        folder.Write("logging: { logLevel: { default: Warning } }");
        await Eventually.HoldsAsync(() => !chosen.IsEnabled(LogLevel.Debug), "the level is taken back");

        Assert.Equal(["now"], service.Logs.Lines.Where(line => line.Category.StartsWith("Platform.Sample", StringComparison.Ordinal)).Select(line => line.Message));
    }
}
