using Aspire.Dashboard.Telemetry;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Aspire.Dashboard.Api;

/// <summary>Traces, structured logs and metrics.</summary>
internal static class TelemetryEndpoints
{
    private const long Milliseconds = 1_000_000;
    private const int MostEntries = 2_000;
    private const int MostTraces = 1_000;
    private const int MostSteps = 60;

    // Twice what lies between two points of a service in development: a step with none would be a gap, and the next one a peak.
    private const long ShortestStep = 10_000 * Milliseconds;

    public static void MapTelemetry(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/api/traces", (string? service, string? text, double? minimum, bool? errors, string? topic, int? limit, TelemetryStore store) => new
        {
            version = store.Traces.Version,
            spans = store.Traces.SpanCount,
            traces = store.Traces.List(new TraceQuery
            {
                Service = Filter.Text(service),
                Text = Filter.Text(text),
                MinimumDuration = (long)((minimum ?? 0) * Milliseconds),
                OnlyErrors = errors ?? false,
                Topic = Filter.Text(topic),
                Limit = Math.Clamp(limit ?? 200, 1, MostTraces),
            }).Select(TelemetryViews.Of),
        });
        routes.MapGet("/api/traces/{id}", (string id, TelemetryStore store) => Trace(id, store));
        routes.MapGet("/api/requests/{id}", (string id, TelemetryStore store) =>
            store.Traces.FindByRequest(id) is { } traceId
                ? Trace(traceId, store)
                : Results.Problem($"No trace carries the request id '{id}'. It may be older than what is kept.", statusCode: StatusCodes.Status404NotFound));
        routes.MapGet("/api/logs", (string? service, int? severity, string? text, string? trace, long? before, long? after, int? limit, TelemetryStore store) => new
        {
            version = store.Logs.Version,
            logs = store.Logs.List(new LogQuery
            {
                Service = Filter.Text(service),
                MinimumSeverity = severity ?? 0,
                Text = Filter.Text(text),
                TraceId = Filter.Text(trace),
                Before = before ?? long.MaxValue,
                After = after ?? 0,
                Limit = Math.Clamp(limit ?? 200, 1, MostEntries),
            }).Select(TelemetryViews.Of),
        });
        routes.MapGet("/api/metrics", (TelemetryStore store) => new
        {
            rejectedSeries = store.Metrics.RejectedSeries,
            instruments = store.Metrics.List().Select(TelemetryViews.Of),
        });
        routes.MapGet("/api/metrics/chart", (HttpRequest request, string service, string scope, string name, double? minutes, string? group, TelemetryStore store, TimeProvider time) =>
        {
            var to = time.GetUtcNow().ToUnixTimeMilliseconds() * Milliseconds;
            var from = to - (long)(Math.Clamp(minutes ?? 5, 1, 24 * 60) * 60_000 * Milliseconds);
            var filters = request.Query.Where(pair => pair.Key.StartsWith("where.", StringComparison.Ordinal))
                .ToDictionary(pair => pair.Key["where.".Length..], pair => pair.Value.ToString(), StringComparer.Ordinal);
            return store.Metrics.Chart(new MetricQuery(new InstrumentKey(service, scope, name), from, to, (int)Math.Min(MostSteps, (to - from) / ShortestStep), Filter.Text(group), filters)) is { } chart
                ? Results.Ok(TelemetryViews.Of(chart))
                : Results.Problem($"'{service}' has sent no instrument '{name}' of '{scope}'.", statusCode: StatusCodes.Status404NotFound);
        });
        routes.MapDelete("/api/telemetry", (TelemetryStore store) => store.Clear());
    }

    private static IResult Trace(string id, TelemetryStore store) =>
        store.Traces.Find(id) is { } spans
            ? Results.Ok(TelemetryViews.Of(id, spans, store.Logs.List(new LogQuery { TraceId = id, Limit = MostEntries })))
            : Results.Problem($"There is no trace '{id}'. It may be older than what is kept.", statusCode: StatusCodes.Status404NotFound);
}
