using System.Collections.Concurrent;
using System.Reflection;

namespace OpenTelemetry.Instrumentation.Http;

/// <summary>Reads what a diagnostic event carries. Payloads have anonymous types, a few of them; to find a property takes longer than to read it.</summary>
internal static class PayloadProperties
{
    private static readonly ConcurrentDictionary<(Type Payload, string Property), PropertyInfo?> Known = new();

    public static T? Read<T>(object? payload, string property)
        where T : class
        => payload is null ? null : Known.GetOrAdd((payload.GetType(), property), static key => key.Payload.GetProperty(key.Property))?.GetValue(payload) as T;
}
