using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Platform.ModelGateway.Safety;

/// <summary>Applies a change to every text in JSON: names of properties, strings, and numbers whose digits are what it looks for.</summary>
internal static class JsonTexts
{
    internal static Dictionary<string, object?> Map(IDictionary<string, object?> arguments, Func<string, string> change) =>
        arguments.ToDictionary(argument => change(argument.Key), argument => Map(argument.Value, change));

    internal static JsonElement Map(JsonElement element, Func<string, string> change) => JsonSerializer.SerializeToElement(MapNode(element, change));

    private static object? Map(object? value, Func<string, string> change) => value switch
    {
        null or bool => value,
        string text => change(text),
        JsonElement element => Map(element, change),
        JsonNode node => Map(JsonSerializer.SerializeToElement(node), change),
        _ => Map(JsonSerializer.SerializeToElement(value), change),
    };

    private static JsonNode? MapNode(JsonElement element, Func<string, string> change)
    {
        switch (element.ValueKind)
        {
            case JsonValueKind.String:
                return JsonValue.Create(change(element.GetString()!));
            case JsonValueKind.Number:
                var digits = element.GetRawText();
                var changed = digits.Length < 7 ? digits : change(digits);
                return changed == digits ? JsonNode.Parse(digits) : JsonValue.Create(changed);
            case JsonValueKind.Array:
                return new JsonArray([.. element.EnumerateArray().Select(item => MapNode(item, change))]);
            case JsonValueKind.Object:
                var mapped = new JsonObject();
                foreach (var property in element.EnumerateObject())
                {
                    var name = change(property.Name);
                    mapped[mapped.ContainsKey(name) ? string.Create(CultureInfo.InvariantCulture, $"{name}_{mapped.Count}") : name] = MapNode(property.Value, change);
                }

                return mapped;
            default:
                return JsonNode.Parse(element.GetRawText());
        }
    }
}
