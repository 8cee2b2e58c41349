using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Platform.Testing;

namespace Platform.ServiceDefaults.Tests;

public sealed class BackgroundWorkTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(10);

    [Fact]
    public async Task BackgroundWork_HostEndsWithoutBeingStopped_EndsWithoutAFailureToLog()
    {
        using var folder = new ConfigurationFolder();
        var time = new WatchedTime();
        var builder = RunningService.Builder(folder);
        builder.Services.AddSingleton<TimeProvider>(time);
        Task[] works;
        await using (var service = await RunningService.StartAsync(builder, cancellationToken: TestContext.Current.CancellationToken))
        {
            var announcing = service.Services.GetRequiredService<UndecidedTraces>();
            await Eventually.HoldsAsync(() => announcing.Announce is not null && time.Ticks, "both wait for work");
            works = [.. service.Services.GetServices<IHostedService>().OfType<BackgroundService>().Select(work => work.ExecuteTask!)];
            Assert.All(works, work => Assert.False(work.IsCompleted));
        }

        Assert.NotEmpty(works);
        await Task.WhenAll(works).WaitAsync(Limit, TestContext.Current.CancellationToken);
    }

    /// <summary>Tells whether something waits for the next look at the configuration.</summary>
    private sealed class WatchedTime : TimeProvider
    {
        public bool Ticks { get; private set; }

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            Ticks |= period == TimeSpan.FromMilliseconds(500);
            return base.CreateTimer(callback, state, dueTime, period);
        }
    }
}
