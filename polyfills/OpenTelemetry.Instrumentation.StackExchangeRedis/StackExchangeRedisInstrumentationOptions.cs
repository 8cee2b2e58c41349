using System.Diagnostics;

namespace OpenTelemetry.Instrumentation.StackExchangeRedis;

/// <summary>What is recorded of Redis commands.</summary>
public class StackExchangeRedisInstrumentationOptions
{
    /// <summary>How often commands are taken from the client and written as spans. Default: 10 s.</summary>
    public TimeSpan FlushInterval { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>True records the key with the command. Default: false, keys may hold personal data.</summary>
    public bool SetVerboseDatabaseStatements { get; set; }

    /// <summary>False means that no span of this command is recorded; so does an exception. Null (default) records all.</summary>
    public Func<RedisInstrumentationContext, bool>? Filter { get; set; }

    /// <summary>Called with each span before it ends.</summary>
    public Action<Activity, RedisInstrumentationContext>? Enrich { get; set; }

    /// <summary>True (default) adds events for queued, sent and answered.</summary>
    public bool EnrichActivityWithTimingEvents { get; set; } = true;
}
