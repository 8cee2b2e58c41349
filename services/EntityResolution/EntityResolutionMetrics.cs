using System.Diagnostics.Metrics;
using Platform.EntityResolution.Registry;

namespace Platform.EntityResolution;

/// <summary>The service's instruments, meter <c>Platform.EntityResolution</c>.</summary>
internal sealed class EntityResolutionMetrics
{
    private readonly Histogram<double> _duration;
    private readonly Counter<long> _mentions;
    private readonly Counter<long> _aliasHits;
    private readonly Counter<long> _choices;
    private readonly Counter<long> _databaseAway;
    private readonly Histogram<double> _refreshes;
    private RegistryCondition _registry = new(0, 0, 0, TimeSpan.Zero);

    public EntityResolutionMetrics(IMeterFactory meters)
    {
        var meter = meters.Create("Platform.EntityResolution");
        _duration = meter.CreateHistogram<double>("platform.entity_resolution.duration", "s", "Time to resolve one text, with the match type of its first mention. Labels: match_type.");
        _mentions = meter.CreateCounter<long>("platform.entity_resolution.mentions", "{mention}", "Mentions found; outcome is matched, ambiguous or not_found. Labels: outcome.");
        _aliasHits = meter.CreateCounter<long>("platform.entity_resolution.alias_hits", "{hit}", "Mentions that an alias settled.");
        _choices = meter.CreateCounter<long>("platform.entity_resolution.choices", "{choice}", "Disambiguations that a user settled.");
        _databaseAway = meter.CreateCounter<long>("platform.entity_resolution.database_away", "{lookup}", "Lookups that went on without the database.");
        meter.CreateObservableGauge("platform.entity_resolution.registry.names", () => Volatile.Read(ref _registry).Names, "{name}", "Names and aliases held in memory.");
        meter.CreateObservableGauge("platform.entity_resolution.registry.age", () => Volatile.Read(ref _registry).Oldest.TotalSeconds, "s", "Time since the database last confirmed the oldest snapshot.");
        meter.CreateObservableGauge("platform.entity_resolution.registry.stale", () => Volatile.Read(ref _registry).Stale, "{organization}", "Organizations whose names cannot be read.");
        _refreshes = meter.CreateHistogram<double>("platform.entity_resolution.registry.refresh.duration", "s", "Time to bring names up to date; kind is whole or changes. Labels: kind.");
    }

    public void Resolved(TimeSpan took, string matchType) => _duration.Record(took.TotalSeconds, new KeyValuePair<string, object?>("match_type", matchType));

    public void Mentioned(string outcome) => _mentions.Add(1, new KeyValuePair<string, object?>("outcome", outcome));

    public void AliasHit() => _aliasHits.Add(1);

    public void Chosen() => _choices.Add(1);

    public void DatabaseAway() => _databaseAway.Add(1);

    public void Refreshed(string kind, TimeSpan took) => _refreshes.Record(took.TotalSeconds, new KeyValuePair<string, object?>("kind", kind));

    public void ObserveRegistry(RegistryCondition condition) => Volatile.Write(ref _registry, condition);
}
