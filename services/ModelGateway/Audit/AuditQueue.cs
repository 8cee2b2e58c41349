namespace Platform.ModelGateway.Audit;

/// <summary>An entry on its way. <paramref name="Committed"/> is null when nobody waits for it.</summary>
internal sealed record AuditWaiting(Func<AuditEntry> Entry, TaskCompletionSource? Committed);

/// <summary>Entries in the order in which they came, and who writes them: one at a time.</summary>
internal sealed class AuditQueue(int mostWaiting) : IDisposable
{
    private const int MostRowsAtOnce = 500;

    private readonly Lock _gate = new();
    private readonly Queue<AuditWaiting> _waiting = new();
    private readonly SemaphoreSlim _come = new(0, 1);

    // Nobody writes until the log is started.
    private bool _writing = true;
    private bool _closed;

    /// <summary>False when too many wait.</summary>
    internal bool TryAdd(AuditWaiting entry)
    {
        lock (_gate)
        {
            if (_closed || _waiting.Count >= mostWaiting)
            {
                return false;
            }

            _waiting.Enqueue(entry);
            if (_waiting.Count == 1 && entry.Committed is null)
            {
                Call();
            }

            return true;
        }
    }

    /// <summary>Begins to write: the first entries; null when somebody else writes or none wait.</summary>
    internal List<AuditWaiting>? TryBegin()
    {
        lock (_gate)
        {
            if (_writing || _waiting.Count == 0)
            {
                return null;
            }

            _writing = true;
            return Take();
        }
    }

    /// <summary>The next entries for who writes already; null ends that.</summary>
    internal List<AuditWaiting>? Next()
    {
        lock (_gate)
        {
            if (_waiting.Count > 0)
            {
                return Take();
            }

            _writing = false;
            return null;
        }
    }

    /// <summary>Ends writing and leaves what came meanwhile to others.</summary>
    internal void End()
    {
        lock (_gate)
        {
            _writing = false;
            if (_waiting.Count > 0 || _closed)
            {
                Call();
            }
        }
    }

    /// <summary>Takes no more entries.</summary>
    internal void Close()
    {
        lock (_gate)
        {
            _closed = true;
            Call();
        }
    }

    /// <summary>Nothing comes any more, and everything is written.</summary>
    internal bool IsDone()
    {
        lock (_gate)
        {
            return _closed && !_writing && _waiting.Count == 0;
        }
    }

    /// <summary>Nobody waits for the first entry, and there are fewer than are written at once.</summary>
    internal bool HasTime()
    {
        lock (_gate)
        {
            return !_closed && _waiting.Count < MostRowsAtOnce && !(_waiting.TryPeek(out var first) && first.Committed is not null);
        }
    }

    /// <summary>Returns when there may be something to write; false after the limit.</summary>
    internal Task<bool> ComeAsync(TimeSpan limit, CancellationToken cancellationToken) => _come.WaitAsync(limit, cancellationToken);

    public void Dispose() => _come.Dispose();

    private List<AuditWaiting> Take()
    {
        var batch = new List<AuditWaiting>(Math.Min(_waiting.Count, MostRowsAtOnce));
        while (batch.Count < MostRowsAtOnce && _waiting.TryDequeue(out var next))
        {
            batch.Add(next);
        }

        return batch;
    }

    private void Call()
    {
        if (_come.CurrentCount == 0)
        {
            _come.Release();
        }
    }
}
