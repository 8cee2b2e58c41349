using System.Diagnostics;
using StackExchange.Redis;

namespace OpenTelemetry.Instrumentation.StackExchangeRedis;

/// <summary>A command and the activity in which it was issued.</summary>
public readonly record struct RedisInstrumentationContext(Activity? ParentActivity, IProfiledCommand ProfiledCommand);
