using OpenTelemetry.Instrumentation.StackExchangeRedis;

namespace Platform.ServiceDefaults;

/// <summary>Gives spans of Redis the names of OpenTelemetry's stable conventions; never a key, which may name a user.</summary>
internal static class RedisSpans
{
    // What old clients call a command that they have no method for.
    private const string Unknown = "UNKNOWN";

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
            if (context.ProfiledCommand.Command is { Length: > 0 } command and not Unknown)
            {
                span.SetTag("db.operation.name", command);
            }
            else
            {
                span.DisplayName = "redis";
            }

            span.SetTag("db.namespace", span.GetTagItem("db.redis.database_index")?.ToString());
            span.SetTag("db.redis.database_index", null);
        };
    }
}
