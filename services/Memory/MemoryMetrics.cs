using System.Diagnostics;
using System.Diagnostics.Metrics;
using Platform.Memory.Interactions;
using Platform.ServiceDefaults;

namespace Platform.Memory;

/// <summary>The service's instruments, meter and activity source <c>Platform.Memory</c>.</summary>
internal sealed class MemoryMetrics
{
    public const string Name = "Platform.Memory";

    private const int MostCollections = 50;

    private readonly Histogram<double> _retrieve;
    private readonly Counter<long> _stored;
    private readonly Counter<long> _interactions;
    private readonly Counter<long> _claimed;
    private readonly Counter<long> _expired;
    private IReadOnlyList<(string Collection, long Memories, long Bytes)> _collections = [];
    private StreamBacklog? _backlog;
    private long _quarantined;

    public MemoryMetrics(IMeterFactory meters)
    {
        var meter = meters.Create(Name);
        _retrieve = meter.CreateHistogram<double>("platform.memory.retrieve.duration", "s", "Time to find memories.");
        _stored = meter.CreateCounter<long>("platform.memory.stored", "{memory}", "Memories stored; repeats are not counted. Labels: kind.");
        _interactions = meter.CreateCounter<long>("platform.memory.interactions", "{interaction}", "Interactions; way is stream or call, outcome is recorded, repeated or failed. Labels: way, outcome.");
        // Observed, so that it is 0 before the first one: an increase needs something that it begins at.
        meter.CreateObservableCounter("platform.memory.interactions.quarantined", () => Interlocked.Read(ref _quarantined), "{interaction}", "Interactions set aside because they cannot be recorded.");
        _claimed = meter.CreateCounter<long>("platform.memory.interactions.claimed", "{interaction}", "Interactions taken over from a consumer that stopped.");
        _expired = meter.CreateCounter<long>("platform.memory.expired", "{memory}", "Memories removed because their time was over.");
        meter.CreateObservableGauge("platform.memory.collection.memories", () => Volatile.Read(ref _collections).Select(c => new Measurement<long>(c.Memories, Tag("collection", c.Collection))), "{memory}", "Memories, all organizations. Labels: collection.");
        meter.CreateObservableGauge("platform.memory.collection.size", () => Volatile.Read(ref _collections).Select(c => new Measurement<long>(c.Bytes, Tag("collection", c.Collection))), "By", "Bytes of text, all organizations. Labels: collection.");
        meter.CreateObservableGauge("platform.memory.stream.waiting", () => Backlog(b => b.Waiting), "{interaction}", "Queued interactions that are not recorded yet, by all replicas together.");
        meter.CreateObservableGauge("platform.memory.stream.lag", () => Backlog(b => b.Lag.TotalSeconds), "s", "Age of the oldest queued interaction that is not recorded yet; 0 when there is none.");
    }

    public ActivitySource Activities { get; } = new(Name);

    public void Retrieved(TimeSpan took) => _retrieve.Record(took.TotalSeconds);

    public void Stored(string kind) => _stored.Add(1, Tag("kind", kind));

    public void Recorded(string way, bool isNew) => _interactions.Add(1, Tag("way", way), Tag("outcome", isNew ? "recorded" : "repeated"));

    public void Failed(string way) => _interactions.Add(1, Tag("way", way), Tag("outcome", "failed"));

    public void Quarantined() => Interlocked.Increment(ref _quarantined);

    public void Claimed(int count) => _claimed.Add(count);

    public void Expired(int count) => _expired.Add(count);

    /// <summary>The largest collections by name, all others together: callers name collections as they like.</summary>
    public void ObserveCollections(IReadOnlyList<(string Collection, long Memories, long Bytes)> collections)
    {
        var bySize = collections.OrderByDescending(c => c.Bytes).ToList();
        var others = bySize.Skip(MostCollections).ToList();
        Volatile.Write(ref _collections, others.Count == 0 ? bySize
            : [.. bySize.Take(MostCollections), (BoundedLabel.Other, others.Sum(c => c.Memories), others.Sum(c => c.Bytes))]);
    }

    /// <summary>Null when the stream cannot be read.</summary>
    public void ObserveStream(StreamBacklog? backlog) => Volatile.Write(ref _backlog, backlog);

    private IEnumerable<Measurement<T>> Backlog<T>(Func<StreamBacklog, T> part)
        where T : struct => Volatile.Read(ref _backlog) is { } backlog ? [new Measurement<T>(part(backlog))] : [];

    private static KeyValuePair<string, object?> Tag(string key, object value) => new(key, value);
}
