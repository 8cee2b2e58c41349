using StackExchange.Redis;

namespace Platform.PatternAnalysis.Invalidation;

/// <summary>Hears what other instances invalidate. After a lost connection everything in memory is dropped, because messages may have been missed.</summary>
internal sealed partial class InvalidationListener(IConnectionMultiplexer redis, PatternInvalidation invalidation, TimeProvider clock, ILogger<InvalidationListener> logger) : BackgroundService
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        redis.ConnectionRestored += OnConnectionRestored;
        try
        {
            while (!await TrySubscribeAsync(stoppingToken))
            {
                await Task.Delay(Pause, clock, stoppingToken);
            }

            // Between the start and the subscription something may have been read that is old by now.
            invalidation.DropAllLocal();
            await Task.Delay(Timeout.InfiniteTimeSpan, clock, stoppingToken);
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            Log.Stopped(logger);
        }
        finally
        {
            redis.ConnectionRestored -= OnConnectionRestored;
        }
    }

    private async Task<bool> TrySubscribeAsync(CancellationToken cancellationToken)
    {
        if (!redis.IsConnected)
        {
            return false;
        }

        try
        {
            await redis.GetSubscriber().SubscribeAsync(PatternInvalidation.Channel, (_, message) => invalidation.Receive(message)).WaitAsync(Pause, clock, cancellationToken);
            return true;
        }
        catch (Exception exception) when (exception is RedisException or TimeoutException or ObjectDisposedException || (exception is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            Log.SubscribeFailed(logger, exception);
            return false;
        }
    }

    private void OnConnectionRestored(object? sender, ConnectionFailedEventArgs args) => invalidation.DropAllLocal();

    private static partial class Log
    {
        [LoggerMessage(EventId = 61, EventName = "InvalidationSubscribeFailed", Level = LogLevel.Warning, Message = "The invalidation channel could not be subscribed to; trying again")]
        public static partial void SubscribeFailed(ILogger logger, Exception exception);

        [LoggerMessage(EventId = 62, EventName = "InvalidationListenerStopped", Level = LogLevel.Debug, Message = "The invalidation listener stopped")]
        public static partial void Stopped(ILogger logger);
    }
}
