using System.Threading.Channels;
using Microsoft.Extensions.Options;
using Platform.ModelGateway.Providers;

namespace Platform.ModelGateway.Usage;

/// <summary>
/// The write-ahead journal of this instance: what calls used is on the disk before they are answered. One writer puts records that
/// come at the same time into one write and one flush. Segments that are full are closed; the ledger deletes them once their rows
/// are in the database. Calls that are still open go along to the next segment.
/// </summary>
internal sealed class UsageJournal : IAsyncDisposable
{
    private readonly Channel<Append> _appends = Channel.CreateUnbounded<Append>(new UnboundedChannelOptions { SingleReader = true });
    private readonly Dictionary<string, JournalRecord> _open = new(StringComparer.Ordinal);
    private readonly SemaphoreSlim _written = new(0, 1);
    private readonly LedgerOptions _options;
    private readonly JournalFolder _folder;
    private FileStream? _lock;
    private FileStream? _segment;
    private string _instance = "";
    private readonly CancellationTokenSource _stopping = new();
    private readonly TimeProvider _time;
    private Task _writing = Task.CompletedTask;
    private Task _flushing = Task.CompletedTask;
    private volatile bool _unflushed;
    private volatile int _number;

    public UsageJournal(IOptions<ModelGatewayOptions> options, JournalFolder folder, TimeProvider time) => (_options, _folder, _time) = (options.Value.Ledger, folder, time);

    /// <summary>The segment that is written to; those with lower numbers are complete.</summary>
    internal int Number => _number;

    /// <summary>Claims a name of its own in the folder and begins to write.</summary>
    internal void Open()
    {
        (_instance, _lock) = _folder.Claim();
        NextSegment();
        _writing = Task.Run(WriteAsync);
        _flushing = _options.FlushToDisk && _options.FlushInterval > TimeSpan.Zero ? FlushRegularlyAsync() : Task.CompletedTask;
    }

    internal string Path(int number) => _folder.Segment(_instance, number);

    /// <summary>Notes that a provider is about to be asked. Survives the end of the process, not a power cut.</summary>
    internal Task BeginAsync(string call, UsageRow provisional) => AddAsync(new JournalRecord(JournalRecordKind.Begun, call, provisional), durable: false);

    /// <summary>Notes what the call used; returns when that is kept.</summary>
    internal Task EndAsync(string call, UsageRow row) => AddAsync(new JournalRecord(JournalRecordKind.Ended, call, row), durable: true);

    internal Task WithdrawAsync(string call) => AddAsync(new JournalRecord(JournalRecordKind.Withdrawn, call, null), durable: false);

    /// <summary>Returns when something was written since the last return, at the latest after the limit.</summary>
    internal Task WrittenAsync(TimeSpan limit, CancellationToken cancellationToken) => _written.WaitAsync(limit, cancellationToken);

    /// <summary>Takes no more records; returns when all are written.</summary>
    internal async Task CompleteAsync()
    {
        _appends.Writer.TryComplete();
        await _writing;
        await _stopping.CancelAsync();
        await _flushing;
    }

    /// <summary>Ends the journal: deletes it when everything in it is in the database, else leaves it for the next instance.</summary>
    internal void Close(bool shipped)
    {
        _segment?.Dispose();
        if (shipped && _segment is not null)
        {
            File.Delete(Path(_number));
        }

        _segment = null;
        _folder.Release(_instance, _lock, delete: shipped);
        _lock = null;
    }

    public async ValueTask DisposeAsync()
    {
        await CompleteAsync();
        _segment?.Dispose();
        _lock?.Dispose();
        _written.Dispose();
        _stopping.Dispose();
    }

    private Task AddAsync(JournalRecord record, bool durable)
    {
        var append = new Append(record, durable, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
        return _appends.Writer.TryWrite(append) ? append.Done.Task : Task.FromException(new IOException("The usage journal is closed."));
    }

    private async Task WriteAsync()
    {
        var batch = new List<Append>();
        using var bytes = new MemoryStream();
        while (await _appends.Reader.WaitToReadAsync())
        {
            batch.Clear();
            bytes.SetLength(0);
            while (batch.Count < 1000 && _appends.Reader.TryRead(out var append))
            {
                batch.Add(append);
                bytes.Write(append.Record.ToLine());
            }

            try
            {
                await WriteAsync(batch, bytes);
                batch.ForEach(append => append.Done.SetResult());
            }
            catch (Exception error) when (error is IOException or UnauthorizedAccessException)
            {
                // The callers decide what happens to their rows. What may be half written is no whole line, and readers skip it.
                batch.ForEach(append => append.Done.TrySetException(new IOException("The usage journal cannot be written.", error)));
            }
        }
    }

    private async Task WriteAsync(List<Append> batch, MemoryStream bytes)
    {
        var segment = _segment!;
        var began = segment.Position;
        try
        {
            await segment.WriteAsync(bytes.GetBuffer().AsMemory(0, (int)bytes.Length));
            await segment.FlushAsync();
            if (_options.FlushToDisk && batch.Exists(append => append.Durable))
            {
                if (_options.FlushInterval == TimeSpan.Zero)
                {
                    RandomAccess.FlushToDisk(segment.SafeFileHandle);
                }
                else
                {
                    _unflushed = true;
                }
            }
        }
        catch (IOException)
        {
            segment.SetLength(began);
            segment.Position = began;
            throw;
        }

        foreach (var append in batch)
        {
            _ = append.Record.Kind == JournalRecordKind.Begun ? _open.TryAdd(append.Record.Call, append.Record) : _open.Remove(append.Record.Call);
        }

        if (_written.CurrentCount == 0)
        {
            _written.Release();
        }

        if (segment.Position >= _options.SegmentBytes)
        {
            NextSegment();
        }
    }

    private void NextSegment()
    {
        var next = new FileStream(Path(_number + 1), new FileStreamOptions
        {
            Mode = FileMode.CreateNew,
            Access = FileAccess.Write,
            Share = FileShare.Read | FileShare.Delete,
            BufferSize = 0,
        });
        foreach (var open in _open.Values)
        {
            next.Write(open.ToLine());
        }

        if (_segment is { } full)
        {
            Flush(full);
            full.Dispose();
        }

        _segment = next;
        _number++;
    }

    // A flush takes as long as some calls: none of them waits for it.
    private async Task FlushRegularlyAsync()
    {
        using var timer = new PeriodicTimer(_options.FlushInterval, _time);
        try
        {
            while (await timer.WaitForNextTickAsync(_stopping.Token))
            {
                Flush(_segment!);
            }
        }
        catch (OperationCanceledException)
        {
            Flush(_segment!);
        }
    }

    private void Flush(FileStream segment)
    {
        if (!_unflushed)
        {
            return;
        }

        _unflushed = false;
        try
        {
            RandomAccess.FlushToDisk(segment.SafeFileHandle);
        }
        catch (ObjectDisposedException)
        {
            // It was full in the meantime, and flushed before it was closed.
        }
        catch (IOException)
        {
            _unflushed = true;
        }
    }

    private sealed record Append(JournalRecord Record, bool Durable, TaskCompletionSource Done);
}
