using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.Extensions.Logging;

namespace Aspire.Hosting.Running;

/// <summary>What a line of a resource's output says on a console.</summary>
/// <param name="Level">Null when the line does not tell: such lines, a crash for example, are always shown.</param>
/// <param name="Text">The readable form.</param>
internal sealed partial record LogLine(LogLevel? Level, string Text)
{
    private static readonly string[] Levels = ["level", "LogLevel"];
    private static readonly string[] Messages = ["message", "Message"];
    private static readonly string[] Times = ["time", "Timestamp"];
    private static readonly string[] Exceptions = ["exception", "Exception"];

    /// <summary>
    /// Reads structured lines of services (JSON with a message) and the lines of PostgreSQL and Redis; others stay as they are.
    /// </summary>
    /// <returns><c>HH:mm:ss level: message</c> in local time for a structured line, with the error below if there is one.</returns>
    public static LogLine Read(string line)
    {
        if (!line.StartsWith('{'))
        {
            return new LogLine(ServerLevel(line), line);
        }

        try
        {
            using var document = JsonDocument.Parse(line);
            var root = document.RootElement;
            if (Member(root, Messages) is not { } message)
            {
                return new LogLine(null, line);
            }

            var level = Member(root, Levels)?.ToLowerInvariant();
            var text = level is null ? message : $"{level}: {message}";
            if (DateTimeOffset.TryParse(Member(root, Times), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time))
            {
                text = $"{time.ToLocalTime().ToString("HH:mm:ss", CultureInfo.InvariantCulture)} {text}";
            }

            return new LogLine(ParseLevel(level), Error(root) is { Length: > 0 } error ? $"{text}{Environment.NewLine}    {error}" : text);
        }
        catch (JsonException)
        {
            return new LogLine(null, line);
        }
    }

    /// <summary>Level by its usual names, long or short; null for another word.</summary>
    public static LogLevel? ParseLevel(string? name) => name?.ToLowerInvariant() switch
    {
        "trace" or "trce" => LogLevel.Trace,
        "debug" or "dbug" => LogLevel.Debug,
        "information" or "info" => LogLevel.Information,
        "warning" or "warn" => LogLevel.Warning,
        "error" or "fail" => LogLevel.Error,
        "critical" or "crit" => LogLevel.Critical,
        "none" => LogLevel.None,
        _ => null,
    };

    // The stack stays in the log file: type and message are what a reader of the console acts on.
    private static string? Error(JsonElement root)
    {
        if (root.TryGetProperty("error", out var error) && error.ValueKind == JsonValueKind.Object)
        {
            return string.Join(": ", new[] { Member(error, ["type"]), Member(error, Messages) }.OfType<string>());
        }

        return Member(root, Exceptions);
    }

    // Redis marks even "ready to exit" as a warning, so none of its lines is more than information.
    private static LogLevel? ServerLevel(string line) =>
        PostgresLine().Match(line) is { Success: true } postgres
            ? postgres.Groups[1].Value switch
            {
                "WARNING" => LogLevel.Warning,
                "FATAL" when IsStartingOrStopping(line) => LogLevel.Information,
                "ERROR" or "FATAL" => LogLevel.Error,
                "PANIC" => LogLevel.Critical,
                _ => LogLevel.Information,
            }
            : RedisLine().IsMatch(line) ? LogLevel.Information : null;

    // Said to each client that knocks meanwhile, many times a second.
    private static bool IsStartingOrStopping(string line) =>
        line.Contains("the database system is ", StringComparison.Ordinal)
        || line.Contains("terminating connection due to administrator command", StringComparison.Ordinal);

    private static string? Member(JsonElement element, string[] names)
    {
        foreach (var name in names)
        {
            if (element.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String)
            {
                return value.GetString();
            }
        }

        return null;
    }

    [GeneratedRegex(@"^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d.*? \[\d+\].*?\b(DEBUG\d?|INFO|NOTICE|LOG|WARNING|ERROR|FATAL|PANIC|DETAIL|HINT|QUERY|CONTEXT|STATEMENT): ")]
    private static partial Regex PostgresLine();

    [GeneratedRegex(@"^\d+:[XCSM] \d\d? \w{3} \d{4} ")]
    private static partial Regex RedisLine();
}
