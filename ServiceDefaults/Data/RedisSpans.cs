using OpenTelemetry.Instrumentation.StackExchangeRedis;

namespace Platform.ServiceDefaults;

/// <summary>Gives spans of Redis the names of OpenTelemetry's stable conventions; never a key, which may name a user.</summary>
internal static class RedisSpans
{
    // Spans of a request are complete when it is looked up, which people do at once.
    private static readonly TimeSpan FlushInterval = TimeSpan.FromSeconds(1);

    internal static void Configure(StackExchangeRedisInstrumentationOptions options)
    {
        options.FlushInterval = FlushInterval;
        options.EnrichActivityWithTimingEvents = false;
        options.Enrich = static (span, context) =>
        {
            span.SetTag("db.system", null);
            span.SetTag("db.statement", null);
            span.SetTag("db.system.name", "redis");
            span.SetTag("db.operation.name", context.ProfiledCommand.Command);
            span.SetTag("db.namespace", span.GetTagItem("db.redis.database_index")?.ToString());
            span.SetTag("db.redis.database_index", null);
        };
    }
}
