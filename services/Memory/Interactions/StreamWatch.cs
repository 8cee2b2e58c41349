using Microsoft.Extensions.Options;
using StackExchange.Redis;

namespace Platform.Memory.Interactions;

/// <summary>Measures how far recording is behind, also while the consumer waits for a database that is away.</summary>
internal sealed class StreamWatch(Lazy<InteractionStream> stream, IOptionsMonitor<StreamOptions> options, MemoryMetrics metrics, TimeProvider time) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            await Task.Delay(options.CurrentValue.WatchInterval, time, stoppingToken);
            metrics.ObserveStream(await MeasureAsync(stoppingToken));
        }
    }

    private async Task<StreamBacklog?> MeasureAsync(CancellationToken cancellationToken)
    {
        try
        {
            return await stream.Value.MeasureAsync(time.GetUtcNow(), cancellationToken);
        }
        catch (Exception exception) when (exception is RedisException or TimeoutException or ObjectDisposedException && !cancellationToken.IsCancellationRequested)
        {
            // The consumer says in the log and in /health that Redis is away.
            return null;
        }
    }
}
