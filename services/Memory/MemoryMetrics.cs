using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace Platform.Memory;

/// <summary>The service's instruments, meter and activity source <c>Platform.Memory</c>.</summary>
internal sealed class MemoryMetrics
{
    public const string Name = "Platform.Memory";

    private readonly Histogram<double> _retrieve;
    private readonly Counter<long> _stored;
    private readonly Counter<long> _interactions;
    private readonly Counter<long> _quarantined;
    private readonly Counter<long> _claimed;
    private readonly Counter<long> _expired;
    private IReadOnlyList<(string Collection, long Memories, long Bytes)> _collections = [];

    public MemoryMetrics(IMeterFactory meters)
    {
        var meter = meters.Create(Name);
        _retrieve = meter.CreateHistogram<double>("platform.memory.retrieve.duration", "s", "Time to find memories.");
        _stored = meter.CreateCounter<long>("platform.memory.stored", "{memory}", "Memories stored, by kind; repeats are not counted.");
        _interactions = meter.CreateCounter<long>("platform.memory.interactions", "{interaction}", "Interactions by way (stream, call) and outcome (recorded, repeated, failed).");
        _quarantined = meter.CreateCounter<long>("platform.memory.interactions.quarantined", "{interaction}", "Interactions set aside because they cannot be recorded.");
        _claimed = meter.CreateCounter<long>("platform.memory.interactions.claimed", "{interaction}", "Interactions taken over from a consumer that stopped.");
        _expired = meter.CreateCounter<long>("platform.memory.expired", "{memory}", "Memories removed because their time was over.");
        meter.CreateObservableGauge("platform.memory.collection.memories", () => Volatile.Read(ref _collections).Select(c => new Measurement<long>(c.Memories, Tag("collection", c.Collection))), "{memory}", "Memories by collection, all organizations.");
        meter.CreateObservableGauge("platform.memory.collection.size", () => Volatile.Read(ref _collections).Select(c => new Measurement<long>(c.Bytes, Tag("collection", c.Collection))), "By", "Bytes of text by collection, all organizations.");
    }

    public ActivitySource Activities { get; } = new(Name);

    public void Retrieved(TimeSpan took) => _retrieve.Record(took.TotalSeconds);

    public void Stored(string kind) => _stored.Add(1, Tag("kind", kind));

    public void Recorded(string way, bool isNew) => _interactions.Add(1, Tag("way", way), Tag("outcome", isNew ? "recorded" : "repeated"));

    public void Failed(string way) => _interactions.Add(1, Tag("way", way), Tag("outcome", "failed"));

    public void Quarantined() => _quarantined.Add(1);

    public void Claimed(int count) => _claimed.Add(count);

    public void Expired(int count) => _expired.Add(count);

    public void ObserveCollections(IReadOnlyList<(string Collection, long Memories, long Bytes)> collections) => Volatile.Write(ref _collections, collections);

    private static KeyValuePair<string, object?> Tag(string key, object value) => new(key, value);
}
