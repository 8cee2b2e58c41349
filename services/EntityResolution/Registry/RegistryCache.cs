using System.Collections.Concurrent;
using Microsoft.Extensions.Options;
using Npgsql;
using Platform.EntityResolution.Resolution;

namespace Platform.EntityResolution.Registry;

/// <summary>How well the names in memory follow the database.</summary>
/// <param name="Organizations">How many are held.</param>
/// <param name="Stale">How many could not be read anew.</param>
/// <param name="Names">Names and aliases held.</param>
/// <param name="Oldest">Time since the database last confirmed the oldest snapshot.</param>
internal sealed record RegistryCondition(int Organizations, int Stale, long Names, TimeSpan Oldest);

/// <summary>
/// Holds the names of each organization in use. A snapshot is swapped as a whole; when the database is away the last one goes
/// on answering and says so.
/// </summary>
internal sealed class RegistryCache(
    NamesReader reader, IOptionsMonitor<ResolutionOptions> options, TimeProvider time, EntityResolutionMetrics metrics, ILogger<RegistryCache> log)
    : IDisposable
{
    // Reading is bound by the database: more at once would only make each slower.
    private const int MostReadsAtOnce = 3;

    private readonly ConcurrentDictionary<string, OrganizationNames> _organizations = new(StringComparer.Ordinal);
    private readonly SemaphoreSlim _reads = new(MostReadsAtOnce);
    private readonly CancellationTokenSource _stopping = new();

    /// <summary>
    /// The organization's names. While they are read for the first time the caller waits no longer than for a lookup in the
    /// database, and then goes on without them.
    /// </summary>
    public async ValueTask<RegistryView> GetAsync(string organization, CancellationToken cancellationToken)
    {
        var names = Find(organization);
        names.LastUsed = time.GetTimestamp();
        if (!names.Tried.IsCompleted)
        {
            await Task.WhenAny(names.Tried, Task.Delay(options.CurrentValue.DatabaseTimeout, time, cancellationToken));
            cancellationToken.ThrowIfCancellationRequested();
        }

        return names.View;
    }

    /// <summary>Reads the names and waits until that succeeded or failed, however long it takes.</summary>
    public Task WarmAsync(string organization, CancellationToken cancellationToken) => Find(organization).Tried.WaitAsync(cancellationToken);

    /// <summary>Has changes read that something told of. Organizations that are not held need no change.</summary>
    public void Note(string organization, NameChanges changes)
    {
        if (_organizations.TryGetValue(organization, out var names))
        {
            names.Note(changes);
        }
    }

    /// <summary>Has every organization compared with the database, because changes may have been missed.</summary>
    public void NoteAll()
    {
        foreach (var names in _organizations.Values)
        {
            names.Note(NameChanges.Everything);
        }
    }

    /// <summary>Has those compared that were not for an interval.</summary>
    public void NoteDue()
    {
        foreach (var names in _organizations.Values.Where(n => n.IsDue))
        {
            names.Note(NameChanges.Everything);
        }

        metrics.ObserveRegistry(Condition());
    }

    /// <summary>Changes the snapshot in memory, so that this instance sees its own write at once.</summary>
    public void Apply(string organization, Func<RegistrySnapshot, RegistrySnapshot> change)
    {
        if (_organizations.TryGetValue(organization, out var names))
        {
            names.Apply(change);
        }
    }

    public RegistryCondition Condition()
    {
        var now = time.GetUtcNow();
        var views = _organizations.Values.Select(n => n.View).ToList();
        return new RegistryCondition(
            views.Count,
            views.Count(v => v.Stale),
            views.Sum(v => (long)v.Names.Names),
            views.Select(v => v.AsOf is { } asOf ? now - asOf : TimeSpan.Zero).DefaultIfEmpty().Max());
    }

    public void Dispose()
    {
        _stopping.Cancel();
        _stopping.Dispose();
    }

    internal static bool IsDatabaseAway(Exception exception) =>
        exception is NpgsqlException or TimeoutException or OperationCanceledException or System.Net.Sockets.SocketException;

    private OrganizationNames Find(string organization)
    {
        if (_organizations.TryGetValue(organization, out var known))
        {
            return known;
        }

        var names = _organizations.GetOrAdd(organization, key => new OrganizationNames(key, reader, _reads, options, time, metrics, log, _stopping.Token));
        names.LastUsed = time.GetTimestamp();
        names.Note(NameChanges.Everything);
        while (_organizations.Count > options.CurrentValue.MaxOrganizations)
        {
            _organizations.TryRemove(_organizations.MinBy(e => e.Value.LastUsed).Key, out _);
        }

        return names;
    }
}
