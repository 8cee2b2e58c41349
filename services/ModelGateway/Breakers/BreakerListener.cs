using StackExchange.Redis;

namespace Platform.ModelGateway.Breakers;

/// <summary>
/// Hears at once what other instances change, and reads everything every few seconds and after a lost connection, because
/// messages may be missed.
/// </summary>
internal sealed partial class BreakerListener(BreakerRegistry registry, SharedBreakers shared, TimeProvider time, ILogger<BreakerListener> logger) : BackgroundService
{
    private static readonly TimeSpan Period = TimeSpan.FromSeconds(2);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Period, time);
        var subscribed = false;
        do
        {
            try
            {
                if (!subscribed && shared.IsConnected)
                {
                    await shared.SubscribeAsync(Changed).WaitAsync(Period, time, stoppingToken);
                    subscribed = true;
                }

                await registry.SyncAsync().WaitAsync(stoppingToken);
            }
            catch (Exception error) when (error is RedisException or TimeoutException or ObjectDisposedException)
            {
                Log.NotHeard(logger, error.GetType().Name);
            }
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    private void Changed(string name) => _ = registry.SyncAsync(name);

    private static partial class Log
    {
        [LoggerMessage(EventId = 1, EventName = "BreakersNotHeard", Level = LogLevel.Warning, Message = "Changes of breakers cannot be heard ({Error}); trying again")]
        internal static partial void NotHeard(ILogger logger, string error);
    }
}
