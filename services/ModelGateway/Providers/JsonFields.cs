using System.Text.Json;

namespace Platform.ModelGateway.Providers;

/// <summary>Reads fields of answers that may be anything.</summary>
internal static class JsonFields
{
    /// <summary>The string; null when the field is missing or something else.</summary>
    internal static string? Text(this JsonElement element, string name) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    /// <summary>The whole number that is not negative; null when the field is missing or something else.</summary>
    internal static long? Count(this JsonElement element, string name) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Number
            && value.TryGetInt64(out var number) && number >= 0 ? number : null;

    /// <summary>The object; undefined when the field is missing or something else.</summary>
    internal static JsonElement Part(this JsonElement element, string name) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Object ? value : default;

    /// <summary>The elements; none when the field is missing or no array.</summary>
    internal static IEnumerable<JsonElement> Items(this JsonElement element, string name) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Array ? value.EnumerateArray() : [];
}
