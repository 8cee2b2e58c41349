using System.Diagnostics;
using OpenTelemetry;

namespace Platform.ServiceDefaults;

/// <summary>
/// Leaves out traces that would be one call to the database or the cache and nothing else: probes and polling, which come for ever and
/// tell no story. Background work that is worth a trace begins a span of its own.
/// </summary>
internal sealed class LoneDatabaseCallFilter : BaseProcessor<Activity>
{
    private static readonly string[] Sources = ["Npgsql", "OpenTelemetry.Instrumentation.StackExchangeRedis"];

    public override void OnEnd(Activity data)
    {
        if (data.ParentSpanId == default && data.Status != ActivityStatusCode.Error && Array.Exists(Sources, name => data.Source.Name == name))
        {
            // Exporters skip what is not recorded.
            data.ActivityTraceFlags &= ~ActivityTraceFlags.Recorded;
        }
    }
}
