using Microsoft.Extensions.Options;
using Platform.ModelGateway.Providers;

namespace Platform.ModelGateway.Usage;

/// <summary>
/// The write-ahead journal of this instance: what calls used is on the disk before they are answered. Whoever comes while nobody writes,
/// writes: a call that is alone waits for no other thread. What comes meanwhile goes in one write and one flush after that, so that at most
/// one thread waits for a slow disk.
/// </summary>
internal sealed class UsageJournal : IAsyncDisposable
{
    private readonly Lock _gate = new();
    private readonly SemaphoreSlim _written = new(0, 1);
    private readonly JournalSegments _segments;
    private readonly Action<JournalBatch> _writeOthers;
    private JournalBatch _gathering = new();
    private TaskCompletionSource? _idle;
    private bool _writing;
    private bool _closed;

    public UsageJournal(IOptions<ModelGatewayOptions> options, JournalFolder folder, TimeProvider time) =>
        (_segments, _writeOthers) = (new JournalSegments(options.Value.Ledger, folder, time), WriteOthers);

    /// <summary>The segment that is written to; those with lower numbers are complete.</summary>
    internal int Number => _segments.Number;

    /// <summary>The rows of the newest lines.</summary>
    internal JournalShipments Shipments => _segments.Shipments;

    /// <summary>Claims a name of its own in the folder and begins to write.</summary>
    internal void Open() => _segments.Open();

    internal string Path(int number) => _segments.Path(number);

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
        lock (_gate)
        {
            _closed = true;
            _idle ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            if (!_writing)
            {
                _idle.TrySetResult();
            }
        }

        await _idle.Task;
        await _segments.StopFlushingAsync();
    }

    /// <summary>Ends the journal: deletes it when everything in it is in the database, else leaves it for the next instance.</summary>
    internal void Close(bool shipped) => _segments.Close(shipped);

    public async ValueTask DisposeAsync()
    {
        await CompleteAsync();
        _segments.Dispose();
        _written.Dispose();
    }

    private Task AddAsync(JournalRecord record, bool durable)
    {
        var line = record.ToLine();
        JournalBatch mine;
        lock (_gate)
        {
            if (_closed)
            {
                return Task.FromException(new IOException("The usage journal is closed."));
            }

            _gathering.Add(record, line, durable);
            if (_writing)
            {
                return _gathering.Written;
            }

            (_writing, mine, _gathering) = (true, _gathering, new JournalBatch());
        }

        var error = TryWrite(mine);
        if (Next() is { } others)
        {
            ThreadPool.UnsafeQueueUserWorkItem(_writeOthers, others, preferLocal: false);
        }

        return error is null ? Task.CompletedTask : Task.FromException(error);
    }

    private void WriteOthers(JournalBatch first)
    {
        for (var batch = first; batch is not null; batch = Next())
        {
            if (TryWrite(batch) is { } error)
            {
                batch.Failed(error);
            }
            else
            {
                batch.Succeeded();
            }
        }
    }

    /// <summary>What came while the last batch was written; null when nobody writes from here on.</summary>
    private JournalBatch? Next()
    {
        lock (_gate)
        {
            if (_gathering.IsEmpty)
            {
                _writing = false;
                _idle?.TrySetResult();
                return null;
            }

            var next = _gathering;
            _gathering = new JournalBatch();
            return next;
        }
    }

    /// <summary>What kept the batch from being written: its callers decide what happens to their rows.</summary>
    private IOException? TryWrite(JournalBatch batch)
    {
        try
        {
            _segments.Write(batch);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return new IOException("The usage journal cannot be written.", error);
        }

        if (_written.CurrentCount == 0)
        {
            _written.Release();
        }

        return null;
    }
}
