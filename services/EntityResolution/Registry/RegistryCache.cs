using System.Collections.Concurrent;
using System.Diagnostics;
using Microsoft.Extensions.Options;
using Npgsql;
using Platform.EntityResolution.Resolution;

namespace Platform.EntityResolution.Registry;

/// <summary>
/// Holds one snapshot of names for each organization in use. A snapshot is swapped as a whole; when the database is away the
/// last one goes on answering and says so.
/// </summary>
internal sealed partial class RegistryCache(
    RegistryStore store, IOptionsMonitor<ResolutionOptions> options, TimeProvider time, EntityResolutionMetrics metrics, ILogger<RegistryCache> log)
{
    private readonly ConcurrentDictionary<string, Entry> _entries = new(StringComparer.Ordinal);

    /// <summary>The organization's names, read first when they never were.</summary>
    public async ValueTask<RegistryView> GetAsync(string organization, CancellationToken cancellationToken)
    {
        var entry = _entries.GetOrAdd(organization, _ => new Entry());
        entry.LastUsed = time.GetTimestamp();
        if (!entry.Tried)
        {
            await RefreshAsync(organization, entry, onlyFirst: true, cancellationToken);
            EvictBeyondLimit();
        }

        return entry.View;
    }

    /// <summary>Reads anew the names of every organization that is due. Never throws for a database that is away.</summary>
    public async Task RefreshDueAsync(CancellationToken cancellationToken)
    {
        foreach (var (organization, entry) in _entries)
        {
            if (entry.Tried && time.GetElapsedTime(entry.LastRead) >= entry.Interval)
            {
                await RefreshAsync(organization, entry, onlyFirst: false, cancellationToken);
            }
        }

        metrics.ObserveRegistry(_entries.Values.Sum(e => (long)(e.View.Snapshot?.Names ?? 0)), OldestAge());
    }

    /// <summary>Changes the snapshot in memory, so that this instance sees its own write at once.</summary>
    public void Apply(string organization, Func<RegistrySnapshot, RegistrySnapshot> change)
    {
        if (_entries.TryGetValue(organization, out var entry))
        {
            lock (entry)
            {
                if (entry.View.Snapshot is { } snapshot)
                {
                    entry.View = entry.View with { Snapshot = change(snapshot) };
                    entry.Version++;
                }
            }
        }
    }

    /// <summary>Organizations whose names could not be read anew, with the age of what answers.</summary>
    public (int Stale, TimeSpan Oldest) Condition() => (_entries.Values.Count(e => e.View.Stale), OldestAge());

    private TimeSpan OldestAge()
    {
        var now = time.GetUtcNow();
        return _entries.Values.Select(e => e.View.Snapshot is { } snapshot ? now - snapshot.AsOf : TimeSpan.Zero).DefaultIfEmpty().Max();
    }

    private async Task RefreshAsync(string organization, Entry entry, bool onlyFirst, CancellationToken cancellationToken)
    {
        await entry.Gate.WaitAsync(cancellationToken);
        try
        {
            if (onlyFirst && entry.Tried)
            {
                return;
            }

            var settings = options.CurrentValue;
            var version = entry.Version;
            var started = time.GetTimestamp();
            using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            limit.CancelAfter(onlyFirst ? settings.DatabaseTimeout : TimeSpan.FromSeconds(30));
            try
            {
                var snapshot = await store.ReadSnapshotAsync(organization, settings.SnapshotLimit, time.GetUtcNow(), limit.Token);
                lock (entry)
                {
                    // An alias written meanwhile is in the old snapshot only: read once more instead of losing it.
                    entry.View = version == entry.Version ? new RegistryView(snapshot, Stale: false) : entry.View with { Stale = false };
                }

                if (snapshot is null)
                {
                    Log.TooManyNames(log, organization, settings.SnapshotLimit);
                }
            }
            catch (Exception exception) when (IsDatabaseAway(exception) && !cancellationToken.IsCancellationRequested)
            {
                if (!entry.View.Stale)
                {
                    Log.NamesNotRead(log, exception, organization);
                }

                entry.View = entry.View with { Stale = true };
            }

            var took = time.GetElapsedTime(started);
            entry.Interval = entry.View.Stale ? TimeSpan.FromSeconds(1) : TimeSpan.FromTicks(Math.Max(settings.RefreshInterval.Ticks, took.Ticks * 20));
            entry.LastRead = time.GetTimestamp();
            entry.Tried = true;
        }
        finally
        {
            entry.Gate.Release();
        }
    }

    internal static bool IsDatabaseAway(Exception exception) =>
        exception is NpgsqlException or TimeoutException or OperationCanceledException or System.Net.Sockets.SocketException;

    private void EvictBeyondLimit()
    {
        while (_entries.Count > options.CurrentValue.MaxOrganizations)
        {
            _entries.TryRemove(_entries.MinBy(e => e.Value.LastUsed).Key, out _);
        }
    }

    [DebuggerDisplay("{View}")]
    private sealed class Entry
    {
        private RegistryView _view = new(null, Stale: false);

        public SemaphoreSlim Gate { get; } = new(1, 1);

        public RegistryView View
        {
            get => Volatile.Read(ref _view);
            set => Volatile.Write(ref _view, value);
        }

        public long LastUsed { get; set; }

        public long LastRead { get; set; }

        public int Version { get; set; }

        public TimeSpan Interval { get; set; }

        public bool Tried { get; set; }
    }

    private static partial class Log
    {
        [LoggerMessage(EventName = "RegistryNamesNotRead", Level = LogLevel.Warning, Message = "The names of organization {Organization} could not be read; the last snapshot answers")]
        public static partial void NamesNotRead(ILogger logger, Exception exception, string organization);

        [LoggerMessage(EventName = "RegistryTooManyNames", Level = LogLevel.Warning, Message = "Organization {Organization} has more than {Limit} names; lookups go to the database")]
        public static partial void TooManyNames(ILogger logger, string organization, int limit);
    }
}
