namespace Platform.ModelGateway.Usage;

/// <summary>
/// The files of the journal. One that is full is closed; the ledger deletes it once its rows are in the database. Calls that are still
/// open go along to the next.
/// </summary>
internal sealed class JournalSegments(LedgerOptions options, JournalFolder folder, TimeProvider time) : IDisposable
{
    private readonly Dictionary<string, JournalRecord> _open = new(StringComparer.Ordinal);
    private readonly CancellationTokenSource _stopping = new();
    private readonly SemaphoreSlim _written = new(0, 1);
    private FileStream? _lock;
    private FileStream? _segment;
    private string _instance = "";
    private Task _flushing = Task.CompletedTask;
    private volatile bool _unflushed;
    private volatile int _number;

    internal int Number => _number;

    internal JournalShipments Shipments { get; } = new();

    internal void Open()
    {
        (_instance, _lock) = folder.Claim();
        Next();
        _flushing = options.FlushToDisk && options.FlushInterval > TimeSpan.Zero ? FlushRegularlyAsync() : Task.CompletedTask;
    }

    internal string Path(int number) => folder.Segment(_instance, number);

    /// <summary>One at a time. What may be half written is no whole line, and readers skip it.</summary>
    internal void Write(JournalBatch batch)
    {
        var segment = _segment!;
        var began = segment.Position;
        try
        {
            segment.Write(batch.Lines);
            if (options.FlushToDisk && batch.IsDurable)
            {
                if (options.FlushInterval == TimeSpan.Zero)
                {
                    RandomAccess.FlushToDisk(segment.SafeFileHandle);
                }
                else
                {
                    _unflushed = true;
                    if (_written.CurrentCount == 0)
                    {
                        _written.Release();
                    }
                }
            }
        }
        catch (IOException)
        {
            segment.SetLength(began);
            segment.Position = began;
            throw;
        }

        foreach (var record in batch.Records)
        {
            _ = record.Kind == JournalRecordKind.Begun ? _open.TryAdd(record.Call, record) : _open.Remove(record.Call);
        }

        Shipments.Add(_number, began, segment.Position, [.. batch.Records.Where(record => record.Kind == JournalRecordKind.Ended).Select(record => record.Row!)]);
        if (segment.Position >= options.SegmentBytes)
        {
            Next();
        }
    }

    internal async Task StopFlushingAsync()
    {
        await _stopping.CancelAsync();
        await _flushing;
    }

    internal void Close(bool shipped)
    {
        _segment?.Dispose();
        if (shipped && _segment is not null)
        {
            File.Delete(Path(_number));
        }

        _segment = null;
        folder.Release(_instance, _lock, delete: shipped);
        _lock = null;
    }

    public void Dispose()
    {
        _segment?.Dispose();
        _lock?.Dispose();
        _stopping.Dispose();
        _written.Dispose();
    }

    private void Next()
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
        if (next.Position > 0)
        {
            Shipments.Add(_number, 0, next.Position, []);
        }
    }

    // A flush takes as long as some calls: none of them waits for it. While nothing is written, nothing wakes.
    private async Task FlushRegularlyAsync()
    {
        try
        {
            while (true)
            {
                // What could not be flushed is tried again without a further call.
                if (!_unflushed)
                {
                    await _written.WaitAsync(_stopping.Token);
                }

                await Task.Delay(options.FlushInterval, time, _stopping.Token);
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
}
