using Microsoft.Extensions.Options;
using Platform.EntityResolution.Resolution;

namespace Platform.EntityResolution.Registry;

/// <summary>
/// One organization's names in memory. Changes are merged and applied by at most one worker at a time, so that a thousand
/// notifications cost a few reads; each result replaces the view as a whole.
/// </summary>
internal sealed partial class OrganizationNames(
    string organization, NamesReader reader, SemaphoreSlim reads, IOptionsMonitor<ResolutionOptions> options, TimeProvider time,
    EntityResolutionMetrics metrics, ILogger log, CancellationToken stopping)
{
    private static readonly TimeSpan ReadLimit = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan RetryPause = TimeSpan.FromSeconds(1);

    private readonly Lock _gate = new();
    private readonly TaskCompletionSource _tried = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private RegistryView _view = RegistryView.Unread;
    private NameChanges _pending = NameChanges.None;
    private NamesFingerprint? _fingerprint;
    private long _lastChecked;
    private TimeSpan _lastCost;
    private List<Func<RegistrySnapshot, RegistrySnapshot>>? _meanwhile;
    private bool _working;

    public RegistryView View => Volatile.Read(ref _view);

    /// <summary>Ends when the names were read, or could not be.</summary>
    public Task Tried => _tried.Task;

    public long LastUsed { get; set; }

    /// <summary>True when the names should be compared with the database though nothing told of a change.</summary>
    public bool IsDue
    {
        get
        {
            var interval = TimeSpan.FromTicks(Math.Max(options.CurrentValue.RefreshInterval.Ticks, _lastCost.Ticks * 20));
            return Tried.IsCompleted && time.GetElapsedTime(Volatile.Read(ref _lastChecked)) >= interval;
        }
    }

    /// <summary>Has the changes read soon, together with all others that are told of until then.</summary>
    public void Note(NameChanges changes)
    {
        lock (_gate)
        {
            _pending = _pending.Merge(changes);
            if (_working || _pending.IsNone)
            {
                return;
            }

            _working = true;
        }

        // Not the request's context: the work outlives it.
        using var suppressed = ExecutionContext.IsFlowSuppressed() ? default(AsyncFlowControl?) : ExecutionContext.SuppressFlow();
        _ = Task.Run(WorkAsync, CancellationToken.None);
    }

    /// <summary>Changes the snapshot in memory, so that this instance sees its own write at once.</summary>
    public void Apply(Func<RegistrySnapshot, RegistrySnapshot> change)
    {
        lock (_gate)
        {
            _meanwhile?.Add(change);
            if (_view.Snapshot is { } snapshot)
            {
                _view = _view with { Snapshot = change(snapshot) };
            }
        }
    }

    private async Task WorkAsync()
    {
        try
        {
            while (Take() is { } due)
            {
                var succeeded = await TryReadAsync(due);
                _tried.TrySetResult();
                // Until the next read others gather; a costly one is followed by as long a pause.
                var pause = TimeSpan.FromTicks(Math.Max(options.CurrentValue.ChangePause.Ticks, due.Whole ? _lastCost.Ticks : 0));
                await Task.Delay(succeeded ? pause : RetryPause, time, stopping);
            }
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            _tried.TrySetResult();
        }
    }

    private NameChanges? Take()
    {
        lock (_gate)
        {
            var due = _pending;
            _pending = NameChanges.None;
            _working = !due.IsNone;
            return _working ? due : null;
        }
    }

    private async Task<bool> TryReadAsync(NameChanges due)
    {
        await reads.WaitAsync(stopping);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(stopping);
        limit.CancelAfter(ReadLimit);
        var started = time.GetTimestamp();
        lock (_gate)
        {
            _meanwhile = [];
        }

        try
        {
            await ReadAsync(due, limit.Token);
            metrics.Refreshed(due.Whole ? "whole" : "changes", time.GetElapsedTime(started));
            return true;
        }
        catch (Exception exception) when (!stopping.IsCancellationRequested)
        {
            Failed(exception, due);
            return false;
        }
        finally
        {
            lock (_gate)
            {
                _meanwhile = null;
            }

            reads.Release();
        }
    }

    private async Task ReadAsync(NameChanges due, CancellationToken cancellationToken)
    {
        var settings = options.CurrentValue;
        var started = time.GetTimestamp();
        var now = time.GetUtcNow();
        var current = View.Snapshot;
        if (settings.SnapshotLimit == 0)
        {
            Swap(null, null, now);
            Volatile.Write(ref _lastChecked, time.GetTimestamp());
            return;
        }

        if (due.Whole || current is null || _fingerprint is null)
        {
            var read = await reader.ReadNamesAsync(organization, settings.SnapshotLimit, current is null ? null : _fingerprint, cancellationToken);
            if (read.Names is { } names)
            {
                var aliases = await reader.ReadAliasesAsync(organization, settings.SnapshotLimit, cancellationToken);
                Swap(new RegistrySnapshot(names, aliases, now), read.Fingerprint, now);
            }
            else if (read.Fingerprint.Count > settings.SnapshotLimit)
            {
                if (read.Fingerprint != _fingerprint)
                {
                    Log.TooManyNames(log, organization, settings.SnapshotLimit);
                }

                Swap(null, read.Fingerprint, now);
            }
            else
            {
                await ReadAliasesAsync(current, due.Aliases, now, cancellationToken);
            }

            _lastCost = time.GetElapsedTime(started);
            Volatile.Write(ref _lastChecked, time.GetTimestamp());
            return;
        }

        if (due.CustomerIds.Count > 0)
        {
            var known = due.CustomerIds.Select(current.ById).OfType<RegisteredCustomer>().ToList();
            var changed = await reader.ReadCustomersAsync(organization, due.CustomerIds, known, cancellationToken);
            var next = current.WithCustomers(changed.Customers, due.CustomerIds);
            Swap(next, _fingerprint.Change(changed.Removed, changed.Added), now);
            current = next;
        }

        await ReadAliasesAsync(current, due.Aliases, now, cancellationToken);
    }

    private async Task ReadAliasesAsync(RegistrySnapshot? current, bool changed, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var snapshot = changed && current is not null
            ? current.WithAliases(await reader.ReadAliasesAsync(organization, options.CurrentValue.SnapshotLimit, cancellationToken))
            : current;
        Swap(snapshot, _fingerprint, now);
    }

    private void Swap(RegistrySnapshot? snapshot, NamesFingerprint? fingerprint, DateTimeOffset now)
    {
        bool recovered;
        lock (_gate)
        {
            // An alias written here meanwhile may be missing from what was read, also when this is the first that is read: it is put in, and all are read once more.
            if (snapshot is not null && _meanwhile is { Count: > 0 } own)
            {
                snapshot = own.Aggregate(snapshot, (read, change) => change(read));
                _pending = _pending.Merge(NameChanges.OfAliases);
            }

            recovered = _view.Stale;
            _view = new RegistryView(snapshot, Stale: false, snapshot is null ? null : now);
            _fingerprint = fingerprint;
        }

        if (recovered)
        {
            Log.NamesReadAgain(log, organization);
        }
    }

    private void Failed(Exception exception, NameChanges due)
    {
        bool first;
        lock (_gate)
        {
            first = !_view.Stale;
            _view = _view with { Stale = true };
            // What changed while the database was away is unknown.
            _pending = _pending.Merge(due).Merge(NameChanges.Everything);
        }

        if (!first)
        {
            return;
        }

        if (!RegistryCache.IsDatabaseAway(exception))
        {
            Log.NamesUnreadable(log, exception, organization);
        }
        else if (View.Snapshot is null)
        {
            Log.NamesNeverRead(log, exception, organization);
        }
        else
        {
            Log.NamesNotRead(log, exception, organization);
        }
    }
}
