using System.Diagnostics.Metrics;
using Platform.Contracts.PatternAnalysis.V1;

namespace Platform.PatternAnalysis;

internal sealed class PatternMetrics
{
    public const string MeterName = "Platform.PatternAnalysis";

    private readonly Histogram<double> detectorDuration;
    private readonly Counter<long> patternsFound;
    private readonly Histogram<double> readDuration;

    public PatternMetrics(IMeterFactory meters)
    {
        var meter = meters.Create(MeterName);
        detectorDuration = meter.CreateHistogram<double>("platform.patterns.detector.duration", "s", "Time of one detector on one customer. Labels: detector, status.");
        patternsFound = meter.CreateCounter<long>("platform.patterns.found", "{pattern}", "Patterns found. Labels: type.");
        readDuration = meter.CreateHistogram<double>("platform.patterns.read.duration", "s", "Time to get the patterns of one customer, with the tier that had them. Labels: tier, stale.");
    }

    public void DetectorRan(string detector, DetectorStatus status, TimeSpan elapsed) => detectorDuration.Record(
        elapsed.TotalSeconds, new("detector", detector), new("status", status.ToString()));

    public void PatternFound(string type) => patternsFound.Add(1, new KeyValuePair<string, object?>("type", type));

    public void Read(CacheTier tier, bool stale, TimeSpan elapsed) => readDuration.Record(
        elapsed.TotalSeconds, new("tier", tier.ToString()), new("stale", stale));
}
