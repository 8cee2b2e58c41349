using Microsoft.Extensions.Options;
using Platform.ModelGateway.Providers;

namespace Platform.ModelGateway.Audit;

/// <summary>Exports the ends of the chains that this process writes: to the log, and to a file when one is configured.</summary>
internal sealed partial class AuditCheckpoints(AuditKey key, IOptions<ModelGatewayOptions> options, TimeProvider time, ILogger<AuditCheckpoints> logger)
{
    private readonly Lock _gate = new();
    private readonly SortedDictionary<int, AuditRow> _open = [];
    private readonly AuditOptions _options = options.Value.Audit;
    private DateTimeOffset _exported = DateTimeOffset.UnixEpoch;

    /// <summary>How long until the next export; null when there is nothing to export.</summary>
    internal TimeSpan? UntilDue
    {
        get
        {
            lock (_gate)
            {
                var left = _exported + _options.CheckpointInterval - time.GetUtcNow();
                return _open.Count == 0 ? null : left > TimeSpan.Zero ? left : TimeSpan.Zero;
            }
        }
    }

    /// <summary>A chain ends with this row now.</summary>
    internal void Advance(AuditRow last)
    {
        lock (_gate)
        {
            _open[last.Shard] = last;
        }

        if (UntilDue == TimeSpan.Zero)
        {
            Flush();
        }
    }

    internal void Flush()
    {
        var now = time.GetUtcNow();
        string[] lines;
        lock (_gate)
        {
            lines = [.. _open.Values.Select(row => AuditCheckpoint.Of(row, now, key).Line)];
            _open.Clear();
            _exported = now;
        }

        foreach (var line in lines)
        {
            Log.Checkpoint(logger, line);
        }

        if (_options.CheckpointFile.Length == 0 || lines.Length == 0)
        {
            return;
        }

        try
        {
            File.AppendAllLines(_options.CheckpointFile, lines);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            Log.NotExported(logger, _options.CheckpointFile, error);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(EventId = 1, EventName = "AuditCheckpoint", Level = LogLevel.Information, Message = "{Checkpoint}")]
        internal static partial void Checkpoint(ILogger logger, string checkpoint);

        [LoggerMessage(EventId = 2, EventName = "AuditCheckpointNotExported", Level = LogLevel.Error, Message = "A checkpoint of the audit log could not be appended to {File}")]
        internal static partial void NotExported(ILogger logger, string file, Exception error);
    }
}
