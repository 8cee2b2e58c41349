using Microsoft.Extensions.Options;
using Npgsql;
using Platform.ModelGateway.Providers;
using Platform.ModelGateway.Telemetry;

namespace Platform.ModelGateway.Audit;

/// <summary>
/// Verifies the audit log while the service runs, a bounded part at a time, as <c>verify-audit</c> does the whole. What it has read it remembers the end
/// of, so that rows cut off the end of a chain show too. It has no checkpoints from before its start: those are for <c>verify-audit</c>.
/// </summary>
internal sealed partial class AuditWatch : BackgroundService
{
    private const int MostLogged = 10;
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    private readonly AuditStore _store;
    private readonly AuditOptions _options;
    private readonly ModelGatewayMetrics _metrics;
    private readonly TimeProvider _time;
    private readonly ILogger<AuditWatch> _logger;
    private readonly Dictionary<string, AuditKey> _keys;
    private readonly Dictionary<int, AuditRow> _ends = [];
    private AuditRow? _last;
    private int _problems;
    private int _problemsOfTheRoundBefore;

    /// <exception cref="IOException">A file of <c>oldKeyFiles</c> cannot be read.</exception>
    public AuditWatch(AuditStore store, AuditKey key, IOptions<ModelGatewayOptions> options, ModelGatewayMetrics metrics, TimeProvider time, ILogger<AuditWatch> logger)
    {
        (_store, _options, _metrics, _time, _logger) = (store, options.Value.Audit, metrics, time, logger);
        _keys = _options.OldKeyFiles.Select(file => AuditKey.Of(File.ReadAllText(file).Trim())).Prepend(key)
            .DistinctBy(known => known.Id).ToDictionary(known => known.Id, StringComparer.Ordinal);
    }

    /// <summary>Verifies the next part.</summary>
    /// <returns>Problems of the log as far as they are known: of this round or of the one before, whichever has more.</returns>
    internal async Task<int> VerifyNextAsync(CancellationToken cancellationToken)
    {
        var problems = new List<string>();
        var cutOff = 0;
        foreach (var end in _ends.Values)
        {
            if (await _store.HashAsync(end.Shard, end.Sequence, cancellationToken) is not { } hash || !hash.AsSpan().SequenceEqual(end.Hash))
            {
                // Counted each time and not added up: the row stays away.
                cutOff++;
                Log.Broken(_logger, $"shard {end.Shard}: row {end.Sequence}, which was there, is gone or another");
            }
        }

        // One after the other: all at once, with their details, would be hundreds of megabytes.
        var rows = 0;
        try
        {
            await foreach (var row in _store.AfterAsync(_last?.Shard ?? -1, _last?.Sequence ?? 0, _options.VerifyRows, cancellationToken))
            {
                AuditVerifier.Check(row, _last?.Shard == row.Shard ? _last : null, _keys, [], problems);
                if (!_ends.TryGetValue(row.Shard, out var end) || end.Sequence < row.Sequence)
                {
                    _ends[row.Shard] = row;
                }

                _last = row;
                rows++;
            }
        }
        finally
        {
            // Also of a part that could not be read to its end: the next one goes on behind what was read.
            foreach (var problem in problems.Take(MostLogged))
            {
                Log.Broken(_logger, problem);
            }

            _problems += problems.Count;
        }

        var known = Math.Max(_problems, _problemsOfTheRoundBefore) + cutOff;
        _metrics.AuditVerified(rows, known);
        if (rows < _options.VerifyRows)
        {
            (_problemsOfTheRoundBefore, _problems, _last) = (_problems, 0, null);
        }

        return known;
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (!_options.Enabled || _options.VerifyEvery == TimeSpan.Zero)
        {
            return;
        }

        using var timer = new PeriodicTimer(_options.VerifyEvery, _time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            using var limit = CancellationTokenSource.CreateLinkedTokenSource(stoppingToken);
            limit.CancelAfter(Limit);
            try
            {
                await VerifyNextAsync(limit.Token);
            }
            catch (Exception error) when (error is NpgsqlException or IOException or TimeoutException or OperationCanceledException && !stoppingToken.IsCancellationRequested)
            {
                Log.NotVerified(_logger, error.GetType().Name);
            }
        }
    }

    private static partial class Log
    {
        [LoggerMessage(EventId = 1, EventName = "AuditChainBroken", Level = LogLevel.Error, Message = "The audit log was tampered with or damaged: {Problem}")]
        internal static partial void Broken(ILogger logger, string problem);

        [LoggerMessage(EventId = 2, EventName = "AuditNotVerified", Level = LogLevel.Warning, Message = "The audit log could not be verified ({Error}); it is tried again")]
        internal static partial void NotVerified(ILogger logger, string error);
    }
}
