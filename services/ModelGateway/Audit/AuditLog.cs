using Microsoft.Extensions.Options;
using Npgsql;
using Platform.ModelGateway.Providers;
using Platform.ModelGateway.Telemetry;

namespace Platform.ModelGateway.Audit;

/// <summary>
/// Takes entries from all calls, in order, and commits what has come together in one statement. An entry that its caller waits for is written by
/// the caller itself when nobody writes, else with the next; entries that nobody waits for go with those of some milliseconds. While the
/// database is away entries wait, up to a number.
/// </summary>
internal sealed partial class AuditLog : BackgroundService
{
    private static readonly TimeSpan Gathering = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan IdleLook = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan WriteLimit = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(2);

    private readonly AuditQueue _queue;
    private readonly CancellationTokenSource _hurry = new();
    private readonly AuditChain _chain;
    private readonly AuditKey _key;
    private readonly AuditCheckpoints _checkpoints;
    private readonly ModelGatewayMetrics _metrics;
    private readonly TimeProvider _time;
    private readonly ILogger<AuditLog> _logger;
    private CancellationToken _stopping;

    public AuditLog(
        AuditStore store, AuditKey key, AuditCheckpoints checkpoints, IOptions<ModelGatewayOptions> options, ModelGatewayMetrics metrics, TimeProvider time, ILogger<AuditLog> logger)
    {
        var configured = options.Value.Audit;
        (_key, _checkpoints, _metrics, _time, _logger) = (key, checkpoints, metrics, time, logger);
        _chain = new AuditChain(store, key, configured.Shards, Random.Shared.Next(configured.Shards));
        _queue = new AuditQueue(configured.WaitingRows);
    }

    /// <summary>Ends when the entry is committed.</summary>
    /// <exception cref="AuditFullException">Too many entries wait.</exception>
    internal Task AppendAsync(AuditEntry entry) => AppendAsync(() => entry);

    /// <param name="entry">Made when it is written.</param>
    internal Task AppendAsync(Func<AuditEntry> entry)
    {
        var waiting = new AuditWaiting(entry, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
        return !TryAdd(waiting) ? Task.FromException(new AuditFullException())
            : _queue.TryBegin() is { } batch ? WriteOwnAsync(batch, waiting)
            : waiting.Committed!.Task;
    }

    /// <summary>Leaves the entry to be written soon.</summary>
    /// <param name="entry">Made when it is written, beside the calls.</param>
    /// <returns>False when too many entries wait.</returns>
    internal bool TryQueue(Func<AuditEntry> entry) => TryAdd(new AuditWaiting(entry, null));

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        _queue.Close();
        await _hurry.CancelAsync();
        if (ExecuteTask is { } writing)
        {
            // The host's limit decides how long the last rows may take.
            await Task.WhenAny(writing, Task.Delay(Timeout.InfiniteTimeSpan, cancellationToken));
        }

        await base.StopAsync(cancellationToken);
    }

    public override void Dispose()
    {
        _queue.Dispose();
        _hurry.Dispose();
        base.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (!_key.IsSet)
        {
            Log.NoKey(_logger);
        }

        _stopping = stoppingToken;
        await WriteOthersAsync(_queue.Next());
        while (!_queue.IsDone())
        {
            // When nothing comes for a while, what was written last gets its checkpoint all the same.
            if (!await _queue.ComeAsync(_checkpoints.UntilDue ?? IdleLook, stoppingToken))
            {
                if (_checkpoints.UntilDue == TimeSpan.Zero)
                {
                    await _checkpoints.FlushAsync(stoppingToken);
                }

                continue;
            }

            if (_queue.HasTime())
            {
                await Task.Delay(Gathering, _time, _hurry.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }

            await WriteOthersAsync(_queue.TryBegin());
        }

        await _checkpoints.FlushAsync(stoppingToken);
    }

    /// <summary>The entry is mostly the only one of the batch, and always in it or in one that somebody else writes.</summary>
    private async Task WriteOwnAsync(List<AuditWaiting> batch, AuditWaiting own)
    {
        try
        {
            await WriteAsync(batch);
        }
        finally
        {
            _queue.End();
        }

        await own.Committed!.Task;
    }

    private async Task WriteOthersAsync(List<AuditWaiting>? batch)
    {
        while (batch is not null)
        {
            await WriteAsync(batch);
            if (_queue.HasTime())
            {
                // What came meanwhile goes with what comes next: each statement costs the database as much as many rows.
                _queue.End();
                return;
            }

            batch = _queue.Next();
        }
    }

    private async Task WriteAsync(List<AuditWaiting> batch)
    {
        var last = await CommitAsync([.. batch.Select(waiting => waiting.Entry())], _stopping);
        foreach (var waiting in batch)
        {
            waiting.Committed?.TrySetResult();
        }

        _metrics.AuditWritten(batch.Count);
        await _checkpoints.AdvanceAsync(last, _stopping);
    }

    private bool TryAdd(AuditWaiting entry)
    {
        var isAdded = _queue.TryAdd(entry);
        if (!isAdded)
        {
            _metrics.AuditRefused();
        }

        return isAdded;
    }

    private async Task<AuditRow> CommitAsync(List<AuditEntry> entries, CancellationToken stoppingToken)
    {
        for (var pause = FirstPause; ; pause = pause * 2 < LongestPause ? pause * 2 : LongestPause)
        {
            try
            {
                using var limit = new CancellationTokenSource(WriteLimit, _time);
                using var either = CancellationTokenSource.CreateLinkedTokenSource(stoppingToken, limit.Token);
                return await _chain.RecoverAsync(either.Token) ?? await _chain.AppendAsync(entries, either.Token);
            }
            catch (Exception error) when (error is NpgsqlException or OperationCanceledException or IOException && !stoppingToken.IsCancellationRequested)
            {
                Log.Deferred(_logger, entries.Count, error.GetType().Name);
            }

            await Task.Delay(pause, _time, stoppingToken);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(EventId = 1, EventName = "AuditKeyMissing", Level = LogLevel.Warning, Message = "PLATFORM_AUDIT_KEY is not set: the audit log is chained, but not signed")]
        internal static partial void NoKey(ILogger logger);

        // Not the exception: its text may hold the row.
        [LoggerMessage(EventId = 2, EventName = "AuditDeferred", Level = LogLevel.Warning, Message = "{Rows} audit rows could not be written ({Error}) and are tried again")]
        internal static partial void Deferred(ILogger logger, int rows, string error);
    }
}

/// <summary>No more entries may wait for the database.</summary>
internal sealed class AuditFullException() : Exception("Too many audit rows wait for the database.");
