using System.Text.Json;
using System.Text.Json.Nodes;

namespace Platform.ProviderSimulator.Answers;

/// <summary>Makes the simplest value that a JSON schema allows.</summary>
internal static class SchemaValue
{
    private const int Deepest = 12;

    internal static JsonNode? Make(JsonElement schema) => Make(schema, schema, 0);

    private static JsonNode? Make(JsonElement schema, JsonElement root, int depth)
    {
        if (schema.ValueKind != JsonValueKind.Object || depth > Deepest)
        {
            return null;
        }

        if (schema.TryGetProperty("$ref", out var reference) && Find(root, reference.GetString()) is { } target)
        {
            return Make(target, root, depth + 1);
        }

        if (schema.TryGetProperty("const", out var constant))
        {
            return JsonNode.Parse(constant.GetRawText());
        }

        if (schema.TryGetProperty("enum", out var choices) && choices.GetArrayLength() > 0)
        {
            return JsonNode.Parse(choices[0].GetRawText());
        }

        foreach (var name in (string[])["anyOf", "oneOf", "allOf"])
        {
            if (schema.TryGetProperty(name, out var alternatives) && alternatives.GetArrayLength() > 0)
            {
                return Make(alternatives[0], root, depth + 1);
            }
        }

        return Type(schema) switch
        {
            "string" => Text(schema),
            "integer" => (long)Math.Ceiling(Number(schema)),
            "number" => Number(schema),
            "boolean" => true,
            "array" => new JsonArray(Enumerable.Range(0, Math.Max(1, Limit(schema, "minItems") ?? 1)).Select(_ => schema.TryGetProperty("items", out var items) ? Make(items, root, depth + 1) : "item").ToArray()),
            "object" => Object(schema, root, depth),
            _ => null,
        };
    }

    private static JsonObject Object(JsonElement schema, JsonElement root, int depth)
    {
        var made = new JsonObject();
        if (schema.TryGetProperty("properties", out var properties))
        {
            foreach (var property in properties.EnumerateObject())
            {
                made[property.Name] = Make(property.Value, root, depth + 1);
            }
        }

        return made;
    }

    private static string? Type(JsonElement schema) =>
        !schema.TryGetProperty("type", out var type) ? (schema.TryGetProperty("properties", out _) ? "object" : null)
        : type.ValueKind == JsonValueKind.Array ? type.EnumerateArray().Select(one => one.GetString()).FirstOrDefault(one => one != "null")
        : type.GetString();

    private static string Text(JsonElement schema)
    {
        var text = schema.TryGetProperty("format", out var format) ? format.GetString() switch
        {
            "date" => "2026-01-31",
            "date-time" => "2026-01-31T12:00:00Z",
            "email" => "someone@example.com",
            "uuid" => "00000000-0000-4000-8000-000000000000",
            _ => "text",
        } : "text";
        return text.PadRight(Limit(schema, "minLength") ?? 0, 'x');
    }

    private static double Number(JsonElement schema) =>
        schema.TryGetProperty("minimum", out var least) ? least.GetDouble()
        : schema.TryGetProperty("exclusiveMinimum", out var above) && above.ValueKind == JsonValueKind.Number ? above.GetDouble() + 1
        : schema.TryGetProperty("maximum", out var most) ? Math.Min(1, most.GetDouble())
        : 1;

    private static int? Limit(JsonElement schema, string name) => schema.TryGetProperty(name, out var limit) && limit.TryGetInt32(out var number) ? number : null;

    private static JsonElement? Find(JsonElement root, string? reference)
    {
        var at = root;
        foreach (var step in (reference ?? "").TrimStart('#').Split('/', StringSplitOptions.RemoveEmptyEntries))
        {
            if (at.ValueKind != JsonValueKind.Object || !at.TryGetProperty(step, out at))
            {
                return null;
            }
        }

        return at;
    }
}
