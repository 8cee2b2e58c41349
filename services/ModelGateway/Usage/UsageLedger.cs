using Microsoft.Extensions.Options;
using Npgsql;
using Platform.ModelGateway.Providers;
using Platform.ModelGateway.Telemetry;

namespace Platform.ModelGateway.Usage;

/// <summary>
/// Every call exactly once. A row is in the journal on the disk before its call is answered, and goes from there to the database,
/// which refuses what it has already; so neither a crash nor a repeated write loses or doubles one. Journals of instances that were
/// killed are taken over; their calls without an end become rows that say so.
/// </summary>
internal sealed partial class UsageLedger(
    UsageJournal journal,
    JournalFolder folder,
    UsageStore store,
    ModelGatewayMetrics metrics,
    IOptions<ModelGatewayOptions> options,
    TimeProvider time,
    ILogger<UsageLedger> logger) : BackgroundService
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Idle = TimeSpan.FromSeconds(1);

    // Rows of some time go in one statement: each costs the database as much as many rows.
    private static readonly TimeSpan Gathering = TimeSpan.FromMilliseconds(50);

    private readonly CancellationTokenSource _hurry = new();
    private int _number = 1;
    private long _offset;

    private LedgerOptions Options => options.Value.Ledger;

    /// <summary>A provider is about to be asked.</summary>
    internal async Task BeginAsync(string call, UsageRow provisional)
    {
        try
        {
            await journal.BeginAsync(call, Clean(provisional));
        }
        catch (IOException error)
        {
            // The end of the call is what counts, and has a second way.
            Log.JournalAway(logger, error);
        }
    }

    /// <summary>The call ended. Returns when its row cannot be lost any more.</summary>
    internal async Task EndAsync(string call, UsageRow row)
    {
        try
        {
            await journal.EndAsync(call, Clean(row));
        }
        catch (IOException error)
        {
            Log.JournalAway(logger, error);
            await WriteDirectlyAsync(Clean(row));
        }
    }

    internal async Task WithdrawAsync(string call)
    {
        try
        {
            await journal.WithdrawAsync(call);
        }
        catch (IOException error)
        {
            Log.JournalAway(logger, error);
        }
    }

    public override Task StartAsync(CancellationToken cancellationToken)
    {
        journal.Open();
        return base.StartAsync(cancellationToken);
    }

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await journal.CompleteAsync();
        await _hurry.CancelAsync();
        if (ExecuteTask is { } shipping)
        {
            // The host's limit decides how long the last rows may take; what is left stays in the journal.
            await Task.WhenAny(shipping, Task.Delay(Timeout.InfiniteTimeSpan, cancellationToken));
        }

        await base.StopAsync(cancellationToken);
        journal.Close(shipped: ExecuteTask is { IsCompletedSuccessfully: true });
    }

    public override void Dispose()
    {
        _hurry.Dispose();
        base.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var scanned = long.MinValue;
        while (!_hurry.IsCancellationRequested)
        {
            try
            {
                if (scanned == long.MinValue || time.GetElapsedTime(scanned) >= Options.OrphanScan)
                {
                    await TakeOverAsync(stoppingToken);
                    scanned = time.GetTimestamp();
                }

                await ShipAsync(stoppingToken);
                await journal.WrittenAsync(Idle, _hurry.Token);
                await Task.Delay(Gathering, time, _hurry.Token);
            }
            catch (OperationCanceledException) when (!stoppingToken.IsCancellationRequested)
            {
                break;
            }
            catch (Exception error) when (error is IOException or UnauthorizedAccessException)
            {
                Log.JournalUnreadable(logger, error);
                await Task.Delay(LongestPause, time, stoppingToken);
            }
        }

        await ShipAsync(stoppingToken);
    }

    private async Task ShipAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            var complete = _number < journal.Number;
            var path = journal.Path(_number);
            var fresh = journal.Shipments.Take(_number, _offset);
            var (rows, next) = fresh ?? await ReadAsync(path, _offset, cancellationToken);
            await WriteAsync(rows, cancellationToken);
            if (next > _offset)
            {
                _offset = next;
                if (fresh is not null)
                {
                    // While calls go on, more came meanwhile: it goes with what comes next.
                    await Task.Delay(Gathering, time, _hurry.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                }
            }
            else if (complete)
            {
                File.Delete(path);
                (_number, _offset) = (_number + 1, 0);
            }
            else
            {
                return;
            }
        }
    }

    private async Task<(IReadOnlyList<UsageRow> Rows, long Next)> ReadAsync(string path, long offset, CancellationToken cancellationToken)
    {
        var (records, next, damaged) = await JournalReader.ReadAsync(path, offset, cancellationToken);
        Report(path, damaged);
        return ([.. records.Where(record => record.Kind == JournalRecordKind.Ended).Select(record => record.Row!)], next);
    }

    /// <summary>Journals of instances that ended without closing them.</summary>
    private async Task TakeOverAsync(CancellationToken cancellationToken)
    {
        foreach (var (instance, held) in folder.Orphans())
        {
            using (held)
            {
                var open = new Dictionary<string, UsageRow>(StringComparer.Ordinal);
                var segments = folder.Segments(instance);
                foreach (var path in segments)
                {
                    await TakeOverAsync(path, open, cancellationToken);
                }

                await WriteAsync([.. open.Values], cancellationToken);
                foreach (var path in segments)
                {
                    File.Delete(path);
                }

                folder.Release(instance, held, delete: true);
                if (segments.Count > 0)
                {
                    Log.TakenOver(logger, instance, segments.Count, open.Count);
                }
            }
        }
    }

    private async Task TakeOverAsync(string path, Dictionary<string, UsageRow> open, CancellationToken cancellationToken)
    {
        for (long offset = 0; ;)
        {
            var (records, next, damaged) = await JournalReader.ReadAsync(path, offset, cancellationToken);
            Report(path, damaged);
            if (next == offset)
            {
                return;
            }

            foreach (var record in records)
            {
                _ = record.Kind == JournalRecordKind.Begun ? open.TryAdd(record.Call, record.Row!) : open.Remove(record.Call);
            }

            await WriteAsync([.. records.Where(record => record.Kind == JournalRecordKind.Ended).Select(record => record.Row!)], cancellationToken);
            offset = next;
        }
    }

    /// <summary>Repeats until the database has the rows.</summary>
    private async Task WriteAsync(IReadOnlyList<UsageRow> rows, CancellationToken cancellationToken)
    {
        foreach (var batch in rows.Chunk(500))
        {
            for (var pause = FirstPause; ; pause = pause * 2 < LongestPause ? pause * 2 : LongestPause)
            {
                try
                {
                    await WriteOnceAsync(batch, cancellationToken);
                    break;
                }
                catch (Exception error) when (error is NpgsqlException or TimeoutException or OperationCanceledException && !cancellationToken.IsCancellationRequested)
                {
                    metrics.UsageDeferred(batch.Length);
                    Log.Deferred(logger, batch.Length, error);
                }

                await Task.Delay(pause, time, cancellationToken);
            }
        }
    }

    private async Task WriteOnceAsync(UsageRow[] rows, CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(Options.WriteTimeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, limit.Token);
        try
        {
            await store.AddAsync(rows, either.Token);
        }
        catch (PostgresException error) when (IsDataError(error))
        {
            if (rows.Length == 1)
            {
                metrics.UsageLost(1);
                Log.Rejected(logger, rows[0].CallId, error);
                folder.Reject(rows[0]);
                return;
            }

            // One bad row must not keep the others.
            foreach (var row in rows)
            {
                await WriteOnceAsync([row], cancellationToken);
            }
        }
    }

    private async Task WriteDirectlyAsync(UsageRow row)
    {
        try
        {
            await WriteOnceAsync([row], CancellationToken.None);
        }
        catch (Exception error) when (error is NpgsqlException or TimeoutException or OperationCanceledException)
        {
            metrics.UsageLost(1);
            Log.Lost(logger, row.CallId, error);
        }
    }

    private void Report(string path, int damaged)
    {
        if (damaged > 0)
        {
            Log.Damaged(logger, damaged, Path.GetFileName(path));
        }
    }

    // Class 22 is data exception, 23 integrity constraint violation.
    private static bool IsDataError(PostgresException error) => error.SqlState.StartsWith("22", StringComparison.Ordinal) || error.SqlState.StartsWith("23", StringComparison.Ordinal);

    // PostgreSQL's text has no NUL.
    private static UsageRow Clean(UsageRow row) => row.Operation.Contains('\0', StringComparison.Ordinal) || row.CallId.Contains('\0', StringComparison.Ordinal)
        ? row with { Operation = row.Operation.Replace("\0", "", StringComparison.Ordinal), CallId = row.CallId.Replace("\0", "", StringComparison.Ordinal) }
        : row;

    private static partial class Log
    {
        [LoggerMessage(EventId = 1, EventName = "UsageDeferred", Level = LogLevel.Warning, Message = "{Rows} usage rows could not be written; they are kept in the journal and tried again")]
        internal static partial void Deferred(ILogger logger, int rows, Exception error);

        [LoggerMessage(EventId = 2, EventName = "UsageLost", Level = LogLevel.Error, Message = "The usage of call {CallId} could be kept neither in the journal nor in the database")]
        internal static partial void Lost(ILogger logger, string callId, Exception error);

        [LoggerMessage(EventId = 3, EventName = "UsageRejected", Level = LogLevel.Error, Message = "The database refuses the usage of call {CallId}; it is put aside in rejected.jsonl beside the journals")]
        internal static partial void Rejected(ILogger logger, string callId, Exception error);

        [LoggerMessage(EventId = 4, EventName = "UsageJournalAway", Level = LogLevel.Error, Message = "The usage journal cannot be written; rows go to the database directly")]
        internal static partial void JournalAway(ILogger logger, Exception error);

        [LoggerMessage(EventId = 5, EventName = "UsageJournalTakenOver", Level = LogLevel.Warning, Message = "{Segments} journals of {Instance}, which ended without closing them, are in the database; {Interrupted} calls had no end")]
        internal static partial void TakenOver(ILogger logger, string instance, int segments, int interrupted);

        [LoggerMessage(EventId = 7, EventName = "UsageJournalUnreadable", Level = LogLevel.Error, Message = "A usage journal cannot be read; it is tried again")]
        internal static partial void JournalUnreadable(ILogger logger, Exception error);

        [LoggerMessage(EventId = 6, EventName = "UsageJournalDamaged", Level = LogLevel.Error, Message = "{Lines} lines of {Journal} are damaged and were skipped")]
        internal static partial void Damaged(ILogger logger, int lines, string journal);
    }
}
