using System.Diagnostics.Metrics;
using OpenTelemetry.Metrics;

namespace Platform.ServiceDefaults;

/// <summary>
/// What of each instrument is kept: bucket boundaries of histograms that bring none, and nothing of some libraries' instruments. The SDK's own
/// boundaries fit milliseconds only; these hold every limit of section <c>budgets</c> and its double, so that a percentile is compared with its
/// budget at a boundary instead of between two.
/// </summary>
internal static class MetricViews
{
    internal static readonly double[] Seconds =
        [0.001, 0.0025, 0.005, 0.01, 0.02, 0.05, 0.1, 0.15, 0.2, 0.3, 0.5, 0.8, 1, 2, 3, 4, 5, 8, 10, 15, 20, 30, 60];

    private static readonly double[] Shares = [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 1];

    internal static MetricStreamConfiguration? Choose(Instrument instrument) => instrument switch
    {
        // Recorded several times in each request, and read by nobody.
        { Meter.Name: "Microsoft.AspNetCore.MemoryPool" } => MetricStreamConfiguration.Drop,
        { Name: "aspnetcore.routing.match_attempts" or "kestrel.queued_requests" } => MetricStreamConfiguration.Drop,

        // Told by ActiveRequests.
        { Meter.Name: "Microsoft.AspNetCore.Hosting", Name: ActiveRequests.Name } => MetricStreamConfiguration.Drop,

        // Handlers that no client factory made: calls between services, which rpc.server.call.duration tells about, and the exporter's own.
        { Meter: { Name: "System.Net.Http", Scope: null } } => MetricStreamConfiguration.Drop,
        { Name: "http.client.active_requests" or "http.client.open_connections" or "http.client.request.time_in_queue" } => MetricStreamConfiguration.Drop,
        { Name: "db.client.operation.npgsql.executing" or "db.client.operation.npgsql.bytes_read" or "db.client.operation.npgsql.bytes_written" } => MetricStreamConfiguration.Drop,

        // How long executions of pipelines took is in the spans and metrics of what they call; the events are what is wanted.
        { Meter.Name: "Polly", Name: not "resilience.polly.strategy.events" } => MetricStreamConfiguration.Drop,
        { Name: "http.server.request.duration" } => Explicit(Seconds),
        Histogram<double> { Unit: "s", Advice: null } => Explicit(Seconds),
        Histogram<double> { Unit: "1", Advice: null } => Explicit(Shares),
        _ => null,
    };

    private static ExplicitBucketHistogramConfiguration Explicit(double[] boundaries) => new() { Boundaries = boundaries };
}
