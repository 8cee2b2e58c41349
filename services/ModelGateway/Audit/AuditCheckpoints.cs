using System.Text;
using Microsoft.Extensions.Options;
using Platform.ModelGateway.Providers;

namespace Platform.ModelGateway.Audit;

/// <summary>Exports the ends of the chains that this process writes: to the log, and to a file when one is configured. What the file did not take goes with the next export.</summary>
internal sealed partial class AuditCheckpoints(AuditKey key, IOptions<ModelGatewayOptions> options, TimeProvider time, ILogger<AuditCheckpoints> logger)
{
    private const int MostAttempts = 20;
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(10);

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
    internal async Task AdvanceAsync(AuditRow last, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            _open[last.Shard] = last;
        }

        if (UntilDue == TimeSpan.Zero)
        {
            await FlushAsync(cancellationToken);
        }
    }

    internal async Task FlushAsync(CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        AuditRow[] rows;
        lock (_gate)
        {
            rows = [.. _open.Values];
            _open.Clear();
            _exported = now;
        }

        var lines = rows.Select(row => AuditCheckpoint.Of(row, now, key).Line).ToList();
        foreach (var line in lines)
        {
            Log.Checkpoint(logger, line);
        }

        if (_options.CheckpointFile.Length == 0 || lines.Count == 0)
        {
            return;
        }

        try
        {
            await AppendAsync(lines, cancellationToken);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            Log.NotExported(logger, _options.CheckpointFile, error);
            Keep(rows);
        }
    }

    /// <summary>Replicas may share the file. One that appends has it for itself, and the others wait for the moment that it takes.</summary>
    private async Task AppendAsync(List<string> lines, CancellationToken cancellationToken)
    {
        var text = Encoding.UTF8.GetBytes(string.Concat(lines.Select(line => line + Environment.NewLine)));
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                // On Unix nothing less than FileShare.None keeps two that append from writing at the same place.
                await using var file = new FileStream(_options.CheckpointFile, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, bufferSize: 0);
                await AppendAsync(file, text, cancellationToken);
                return;
            }
            catch (IOException) when (attempt < MostAttempts)
            {
                await Task.Delay(Pause, time, cancellationToken);
            }
        }
    }

    // What a full disk took of the lines is taken back; what a process that was killed left of a line has a line for itself.
    private static async Task AppendAsync(FileStream file, byte[] lines, CancellationToken cancellationToken)
    {
        var end = file.Length;
        if (end > 0)
        {
            file.Position = end - 1;
            lines = file.ReadByte() == '\n' ? lines : [(byte)'\n', .. lines];
        }

        try
        {
            await file.WriteAsync(lines, cancellationToken);
        }
        catch (Exception error) when (error is IOException or OperationCanceledException)
        {
            file.SetLength(end);
            throw;
        }
    }

    /// <summary>Leaves rows to the next export, but for those that later rows of their chain stand for.</summary>
    private void Keep(AuditRow[] rows)
    {
        lock (_gate)
        {
            foreach (var row in rows)
            {
                _open.TryAdd(row.Shard, row);
            }
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
