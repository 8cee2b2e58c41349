using System.Threading.Channels;
using Npgsql;
using Platform.ModelGateway.Telemetry;

namespace Platform.ModelGateway.Usage;

/// <summary>
/// Writes usage beside the calls, so that none waits for the database, in batches and exactly once. While the database is away
/// rows are kept in memory and written when it is back; the oldest are dropped, counted and logged when there are too many.
/// </summary>
internal sealed partial class UsageLedger : BackgroundService
{
    internal const int KeptRows = 20_000;
    private const int BatchRows = 200;
    private static readonly TimeSpan WriteLimit = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(5);

    private readonly Channel<UsageRow> _rows;
    private readonly UsageStore _store;
    private readonly TimeProvider _time;
    private readonly ILogger<UsageLedger> _logger;

    public UsageLedger(UsageStore store, ModelGatewayMetrics metrics, TimeProvider time, ILogger<UsageLedger> logger)
    {
        (_store, _time, _logger) = (store, time, logger);
        _rows = Channel.CreateBounded<UsageRow>(
            new BoundedChannelOptions(KeptRows) { FullMode = BoundedChannelFullMode.DropOldest, SingleReader = true },
            _ =>
            {
                metrics.UsageLost(1);
                Log.Lost(logger);
            });
    }

    internal void Add(UsageRow row) => _rows.Writer.TryWrite(row);

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        _rows.Writer.TryComplete();
        if (ExecuteTask is { } writing)
        {
            // The host's limit decides how long the last rows may take.
            await Task.WhenAny(writing, Task.Delay(Timeout.InfiniteTimeSpan, cancellationToken));
        }

        await base.StopAsync(cancellationToken);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var batch = new List<UsageRow>(BatchRows);
        while (await _rows.Reader.WaitToReadAsync(stoppingToken))
        {
            batch.Clear();
            while (batch.Count < BatchRows && _rows.Reader.TryRead(out var row))
            {
                batch.Add(row);
            }

            await WriteAsync(batch, stoppingToken);
        }
    }

    private async Task WriteAsync(List<UsageRow> batch, CancellationToken cancellationToken)
    {
        for (var pause = FirstPause; ; pause = pause * 2 < LongestPause ? pause * 2 : LongestPause)
        {
            try
            {
                using var limit = new CancellationTokenSource(WriteLimit, _time);
                using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, limit.Token);
                await _store.AddAsync(batch, either.Token);
                return;
            }
            catch (Exception error) when (error is NpgsqlException or OperationCanceledException && !cancellationToken.IsCancellationRequested)
            {
                Log.Deferred(_logger, batch.Count, error);
            }

            await Task.Delay(pause, _time, cancellationToken);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(EventId = 1, EventName = "UsageDeferred", Level = LogLevel.Warning, Message = "{Rows} usage rows could not be written and are tried again")]
        internal static partial void Deferred(ILogger logger, int rows, Exception error);

        [LoggerMessage(EventId = 2, EventName = "UsageLost", Level = LogLevel.Error, Message = "A usage row was dropped because too many wait for the database")]
        internal static partial void Lost(ILogger logger);
    }
}
