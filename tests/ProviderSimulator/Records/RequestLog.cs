using System.Collections.Concurrent;

namespace Platform.ProviderSimulator.Records;

/// <summary>Every request, the oldest dropped when there are too many.</summary>
public sealed class RequestLog
{
    private readonly ConcurrentQueue<Recording> _kept = new();
    private readonly TimeProvider _time;
    private readonly int _most;
    private long _count;

    internal RequestLog(int most, TimeProvider time) => (_most, _time) = (most, time);

    /// <summary>Requests since the start, also those no longer kept.</summary>
    public long Count => Interlocked.Read(ref _count);

    /// <summary>Requests that are being answered.</summary>
    public int Running => _kept.Count(recording => recording.End == RequestEnd.Running);

    /// <summary>The requests that are kept, oldest first, as they are at this moment.</summary>
    public IReadOnlyList<RequestRecord> All => [.. _kept.Select(recording => recording.Read())];

    /// <summary>Forgets every request; numbers go on.</summary>
    public void Clear() => _kept.Clear();

    internal Recording Begin()
    {
        var recording = new Recording(Interlocked.Increment(ref _count), _time);
        if (_most > 0)
        {
            _kept.Enqueue(recording);
            while (_kept.Count > _most && _kept.TryDequeue(out _))
            {
            }
        }

        return recording;
    }
}
