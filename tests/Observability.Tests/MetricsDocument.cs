using System.Globalization;
using System.Text;

namespace Platform.Observability.Tests;

/// <summary>Writes <c>docs/metrics.md</c>.</summary>
internal static class MetricsDocument
{
    /// <summary>Where each measure of requirement J3 is.</summary>
    private static readonly (string Asked, string[] Metrics)[] Wanted =
    [
        ("requests", ["http.server.request.duration", "rpc.server.call.duration", "platform.answers"]),
        ("errors by stage and type", ["platform.stage.errors"]),
        ("duration of stages and requests", ["platform.stage.duration", "platform.answer.duration"]),
        ("tokens, cost", ["platform.llm.tokens", "platform.llm.cost"]),
        ("cache operations by tier, hit rate", ["platform.cache.operations"]),
        ("breaker state", ["platform.llm.breaker.state", "platform.llm.breaker.openings", "resilience.polly.strategy.events"]),
        ("active requests", ["http.server.active_requests"]),
        ("patterns found and their durations", ["platform.patterns.found", "platform.patterns.read.duration", "platform.patterns.detector.duration"]),
        ("quality score", ["platform.answer.quality", "platform.generation.quality_score"]),
        ("entity resolution", ["platform.entity_resolution.duration"]),
        ("model calls by model and complexity", ["platform.llm.duration"]),
        ("contexts", ["platform.memory.stored", "platform.memory.collection.memories"]),
        ("embeddings", ["platform.llm.calls", "gen_ai.client.inference.duration"]),
        ("storage size", ["platform.memory.collection.size"]),
        ("budgets", ["platform.budget.limit", "platform.budget.current", "platform.budget.breaches"]),
    ];

    /// <summary>Meters of libraries that are collected as they are.</summary>
    internal static readonly (string Meter, string Prefix, string Where)[] Libraries =
    [
        ("Microsoft.AspNetCore.*", "http_server_ kestrel_ aspnetcore_ signalr_", "[ASP.NET Core](https://learn.microsoft.com/aspnet/core/log-mon/metrics/built-in)"),
        ("System.Net.*", "http_client_ dns_", "[System.Net](https://learn.microsoft.com/dotnet/core/diagnostics/built-in-metrics-system-net)"),
        ("System.Runtime", "dotnet_", "[.NET runtime](https://learn.microsoft.com/dotnet/core/diagnostics/built-in-metrics-runtime)"),
        ("Npgsql", "db_client_", "[Npgsql](https://www.npgsql.org/doc/diagnostics/metrics.html)"),
        ("Polly", "resilience_polly_", "[Polly](https://www.pollydocs.org/advanced/telemetry.html): events only"),
    ];

    public static string Render(IReadOnlyList<DeclaredInstrument> instruments)
    {
        var text = new StringBuilder();
        text.Append("""
            # Metrics

            Written from the instruments in the code: `PLATFORM_WRITE_DOCS=1 dotnet test tests/Observability.Tests` writes this file, without the
            variable the test compares it. `/metrics` of every service has them for Prometheus, with the meaning and the labels as HELP.

            Labels whose values callers choose are bounded: what comes after the first 50 to 200 values is counted as `other`. User ids, request
            ids, paths and texts are never labels.

            ## What is where

            | asked for | metric |
            |---|---|

            """);
        foreach (var (asked, metrics) in Wanted)
        {
            text.Append(CultureInfo.InvariantCulture, $"| {asked} | {string.Join(", ", metrics.Select(m => $"`{m}`"))} |\n");
        }

        foreach (var meter in instruments.GroupBy(i => i.Meter))
        {
            text.Append(CultureInfo.InvariantCulture, $"\n## {meter.Key}\n\n| metric | kind | unit | labels | meaning |\n|---|---|---|---|---|\n");
            foreach (var metric in meter)
            {
                text.Append(CultureInfo.InvariantCulture, $"| `{metric.Name}`<br>`{metric.PrometheusName}` | {metric.Kind} | {metric.Unit} | {string.Join(", ", metric.Labels)} | {metric.Meaning} |\n");
            }
        }

        text.Append("\n## Of libraries\n\n| meter | names in Prometheus begin with | described by |\n|---|---|---|\n");
        foreach (var (meter, prefix, where) in Libraries)
        {
            text.Append(CultureInfo.InvariantCulture, $"| {meter} | {string.Join(", ", prefix.Split(' ').Select(p => $"`{p}`"))} | {where} |\n");
        }

        text.Append("\nInstruments of libraries that are recorded several times in each request and that nothing here reads are not kept: `ServiceDefaults/Telemetry/MetricViews.cs` names them. gRPC calls between services are in `rpc.server.call.duration` of the service that serves them; `http.server.request.duration` and `http.client.request.duration` are about other requests.\n");
        return text.ToString();
    }

    internal static IEnumerable<string> WantedMetrics => Wanted.SelectMany(w => w.Metrics);
}
