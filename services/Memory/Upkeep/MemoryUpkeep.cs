using Microsoft.Extensions.Options;
using Npgsql;
using Platform.Memory.AnswerRecords;
using Platform.Memory.Memories;

namespace Platform.Memory.Upkeep;

/// <summary>Removes memories and answer records whose time is over and measures the collections.</summary>
internal sealed partial class MemoryUpkeep(
    MemoryStore memories, AnswerRecordStore records, IOptionsMonitor<MemoryOptions> options, MemoryMetrics metrics, TimeProvider time, ILogger<MemoryUpkeep> log) : BackgroundService
{
    private const int MostAtOnce = 1000;
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    /// <summary>One round; a database that is away leaves the work to the next round.</summary>
    public async Task RunOnceAsync(CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(Limit);
        try
        {
            int removed;
            do
            {
                removed = await memories.DeleteExpiredAsync(time.GetUtcNow(), MostAtOnce, limit.Token);
                metrics.Expired(removed);
            }
            while (removed == MostAtOnce);

            while (await records.DeleteOlderAsync(time.GetUtcNow() - options.CurrentValue.AnswerRecordRetention, MostAtOnce, limit.Token) == MostAtOnce)
            {
            }

            metrics.ObserveCollections(await memories.MeasureAsync(null, limit.Token));
        }
        catch (Exception exception) when (exception is NpgsqlException or TimeoutException or OperationCanceledException && !cancellationToken.IsCancellationRequested)
        {
            Log.NotDone(log, exception);
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            await Task.Delay(options.CurrentValue.UpkeepInterval, time, stoppingToken);
            await RunOnceAsync(stoppingToken);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(EventName = "MemoryUpkeepNotDone", Level = LogLevel.Information, Message = "Upkeep of memories was not done; the next round does it")]
        public static partial void NotDone(ILogger logger, Exception exception);
    }
}
