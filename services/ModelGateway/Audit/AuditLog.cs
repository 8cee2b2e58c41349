using System.Threading.Channels;
using Microsoft.Extensions.Options;
using Npgsql;
using Platform.ModelGateway.Providers;
using Platform.ModelGateway.Telemetry;

namespace Platform.ModelGateway.Audit;

/// <summary>
/// Takes entries from all calls and commits what has come together in one statement; an append is acknowledged after that commit. While
/// the database is away entries wait, in order, up to a number.
/// </summary>
internal sealed partial class AuditLog : BackgroundService
{
    private const int MostRowsAtOnce = 500;
    private static readonly TimeSpan WriteLimit = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(2);

    private readonly Channel<Waiting> _waiting;
    private readonly AuditChain _chain;
    private readonly AuditKey _key;
    private readonly AuditCheckpoints _checkpoints;
    private readonly ModelGatewayMetrics _metrics;
    private readonly TimeProvider _time;
    private readonly ILogger<AuditLog> _logger;

    public AuditLog(
        AuditStore store, AuditKey key, AuditCheckpoints checkpoints, IOptions<ModelGatewayOptions> options, ModelGatewayMetrics metrics, TimeProvider time, ILogger<AuditLog> logger)
    {
        var configured = options.Value.Audit;
        (_key, _checkpoints, _metrics, _time, _logger) = (key, checkpoints, metrics, time, logger);
        _chain = new AuditChain(store, key, configured.Shards, Random.Shared.Next(configured.Shards));
        _waiting = Channel.CreateBounded<Waiting>(new BoundedChannelOptions(configured.WaitingRows) { SingleReader = true });
    }

    /// <summary>Ends when the entry is committed.</summary>
    /// <exception cref="AuditFullException">Too many entries wait.</exception>
    internal Task AppendAsync(AuditEntry entry) => AppendAsync(() => entry);

    /// <param name="entry">Made when it is written, beside the calls.</param>
    internal Task AppendAsync(Func<AuditEntry> entry)
    {
        var waiting = new Waiting(entry, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
        if (!_waiting.Writer.TryWrite(waiting))
        {
            _metrics.AuditRefused();
            return Task.FromException(new AuditFullException());
        }

        return waiting.Committed.Task;
    }

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        _waiting.Writer.TryComplete();
        if (ExecuteTask is { } writing)
        {
            // The host's limit decides how long the last rows may take.
            await Task.WhenAny(writing, Task.Delay(Timeout.InfiniteTimeSpan, cancellationToken));
        }

        await base.StopAsync(cancellationToken);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (!_key.IsSet)
        {
            Log.NoKey(_logger);
        }

        var batch = new List<Waiting>(MostRowsAtOnce);
        while (await MoreAsync(stoppingToken))
        {
            batch.Clear();
            while (batch.Count < MostRowsAtOnce && _waiting.Reader.TryRead(out var next))
            {
                batch.Add(next);
            }

            var last = await CommitAsync([.. batch.Select(waiting => waiting.Entry())], stoppingToken);
            foreach (var waiting in batch)
            {
                waiting.Committed.TrySetResult();
            }

            _metrics.AuditWritten(batch.Count);
            _checkpoints.Advance(last);
        }

        _checkpoints.Flush();
    }

    /// <summary>When nothing comes for a while, what was written last gets its checkpoint all the same.</summary>
    private async Task<bool> MoreAsync(CancellationToken stoppingToken)
    {
        var more = _waiting.Reader.WaitToReadAsync(stoppingToken).AsTask();
        if (!more.IsCompleted && _checkpoints.UntilDue is { } due)
        {
            using var waited = CancellationTokenSource.CreateLinkedTokenSource(stoppingToken);
            await Task.WhenAny(more, Task.Delay(due, _time, waited.Token));
            await waited.CancelAsync();
            if (!more.IsCompleted)
            {
                _checkpoints.Flush();
            }
        }

        return await more;
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

    private sealed record Waiting(Func<AuditEntry> Entry, TaskCompletionSource Committed);

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
