using System.Buffers;
using System.Collections;
using System.Diagnostics;
using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Platform.ServiceDefaults;

/// <summary>
/// One log entry as one line of JSON: <c>time</c> (ISO 8601 UTC), <c>level</c>, <c>logger</c>, <c>event</c>, <c>message</c>, the
/// request context, <c>traceId</c>, <c>spanId</c>, <c>error</c> (type, message, stack) and <c>fields</c>; secrets are replaced.
/// </summary>
internal static class LogLine
{
    private static readonly JsonWriterOptions Json = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    internal static void Write<TState>(
        IBufferWriter<byte> output, in LogEntry<TState> entry, IExternalScopeProvider? scopes, DateTimeOffset time)
    {
        using var writer = new Utf8JsonWriter(output, Json);
        writer.WriteStartObject();
        writer.WriteString("time", time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture));
        writer.WriteString("level", Level(entry.LogLevel));
        writer.WriteString("logger", entry.Category);
        if (entry.EventId.Name is { } name)
        {
            writer.WriteString("event", name);
        }

        writer.WriteString("message", SecretScrubber.Scrub(entry.Formatter(entry.State, entry.Exception) ?? ""));
        WriteScopes(writer, scopes);
        if (Activity.Current is { } activity)
        {
            writer.WriteString("traceId", activity.TraceId.ToHexString());
            writer.WriteString("spanId", activity.SpanId.ToHexString());
        }

        if (entry.Exception is { } error)
        {
            WriteError(writer, error);
        }

        WriteFields(writer, entry.State);
        writer.WriteEndObject();
    }

    private static void WriteScopes(Utf8JsonWriter writer, IExternalScopeProvider? scopes)
    {
        // The innermost context counts: queued work that started inside another request has its own.
        var found = new RequestContextScope?[1];
        scopes?.ForEachScope(static (scope, innermost) => innermost[0] = scope as RequestContextScope ?? innermost[0], found);
        foreach (var (key, value) in found[0] ?? Enumerable.Empty<KeyValuePair<string, object?>>())
        {
            writer.WriteString(key, (string?)value);
        }
    }

    private static void WriteError(Utf8JsonWriter writer, Exception error)
    {
        writer.WriteStartObject("error");
        writer.WriteString("type", error.GetType().FullName);
        writer.WriteString("message", SecretScrubber.Scrub(error.Message));
        if (StartupFailure.Describe(error) is null)
        {
            writer.WriteString("stack", SecretScrubber.Scrub(error.ToString()));
        }

        writer.WriteEndObject();
    }

    private static void WriteFields<TState>(Utf8JsonWriter writer, TState state)
    {
        if (state is not IReadOnlyList<KeyValuePair<string, object?>> fields || fields.Count == 0 || fields is [{ Key: "{OriginalFormat}" }])
        {
            return;
        }

        writer.WriteStartObject("fields");
        foreach (var (key, value) in fields)
        {
            if (key != "{OriginalFormat}")
            {
                WriteValue(writer, key, value);
            }
        }

        writer.WriteEndObject();
    }

    private static void WriteValue(Utf8JsonWriter writer, string key, object? value)
    {
        writer.WritePropertyName(key);
        switch (value)
        {
            case null:
                writer.WriteNullValue();
                break;
            case var _ when SecretScrubber.IsSecretName(key):
                writer.WriteStringValue(SecretScrubber.Replacement);
                break;
            case bool flag:
                writer.WriteBooleanValue(flag);
                break;
            case int or long or short or byte or uint or ulong or ushort:
                writer.WriteRawValue(Convert.ToString(value, CultureInfo.InvariantCulture)!);
                break;
            case double number when double.IsFinite(number):
                writer.WriteNumberValue(number);
                break;
            case decimal number:
                writer.WriteNumberValue(number);
                break;
            case string text:
                writer.WriteStringValue(SecretScrubber.Scrub(text));
                break;
            case IEnumerable items:
                writer.WriteStringValue(SecretScrubber.Scrub(string.Join(", ", items.Cast<object?>())));
                break;
            default:
                writer.WriteStringValue(SecretScrubber.Scrub(Convert.ToString(value, CultureInfo.InvariantCulture) ?? ""));
                break;
        }
    }

    private static string Level(LogLevel level) => level switch
    {
        LogLevel.Trace => "trace",
        LogLevel.Debug => "debug",
        LogLevel.Information => "info",
        LogLevel.Warning => "warning",
        LogLevel.Error => "error",
        LogLevel.Critical => "critical",
        _ => "none",
    };
}
