using System.Text.Json;

namespace Aspire.Hosting.Running;

/// <summary>Makes structured log lines readable on a console; other lines stay as they are.</summary>
internal static class LogLine
{
    private static readonly string[] Levels = ["level", "LogLevel"];
    private static readonly string[] Messages = ["message", "Message"];
    private static readonly string[] Exceptions = ["exception", "Exception"];

    /// <returns><c>level: message</c>, with the exception below if there is one.</returns>
    public static string Shorten(string line)
    {
        if (!line.StartsWith('{'))
        {
            return line;
        }

        try
        {
            using var document = JsonDocument.Parse(line);
            var root = document.RootElement;
            if (Text(root, Messages) is not { } message)
            {
                return line;
            }

            var text = Text(root, Levels) is { } level ? $"{level.ToLowerInvariant()}: {message}" : message;
            return Text(root, Exceptions) is { Length: > 0 } exception ? $"{text}{Environment.NewLine}{exception}" : text;
        }
        catch (JsonException)
        {
            return line;
        }
    }

    private static string? Text(JsonElement element, string[] names)
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
}
