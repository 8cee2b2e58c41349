namespace Aspire.Dashboard.Telemetry;

/// <summary>Everything that was received, within its limits.</summary>
internal sealed class TelemetryStore(TelemetryLimits limits, TimeProvider time)
{
    public TelemetryLimits Limits { get; } = limits;

    public TraceStore Traces { get; } = new(limits);

    public LogStore Logs { get; } = new(limits);

    public MetricStore Metrics { get; } = new(limits, time.GetUtcNow().ToUnixTimeMilliseconds() * 1_000_000);

    public void Clear()
    {
        Traces.Clear();
        Logs.Clear();
        Metrics.Clear();
    }
}
