using System.Collections;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Platform.ServiceDefaults;

/// <summary>Lays configuration layers over each other and turns the result into the flat keys of <c>IConfiguration</c>.</summary>
internal static class ConfigurationTree
{
    internal const string VariablePrefix = "PLATFORM__";

    /// <summary>Objects merge key by key, without regard to case; lists and values of the upper layer replace those below.</summary>
    internal static void Overlay(JsonObject below, JsonObject above)
    {
        foreach (var (name, value) in above)
        {
            var existing = Find(below, name);
            if (existing is not null && below[existing] is JsonObject lower && value is JsonObject upper)
            {
                Overlay(lower, upper);
            }
            else
            {
                below[existing ?? name] = value?.DeepClone();
            }
        }
    }

    /// <summary>Puts every variable <c>PLATFORM__section__key</c> in its place; a number names the item of a list.</summary>
    internal static void OverlayVariables(JsonObject tree, IDictionary variables)
    {
        var overrides = variables.Cast<DictionaryEntry>()
            .Select(entry => (Name: (string)entry.Key, Value: (string?)entry.Value))
            .Where(entry => entry.Name.StartsWith(VariablePrefix, StringComparison.OrdinalIgnoreCase) && entry.Name.Length > VariablePrefix.Length)
            .OrderBy(entry => entry.Name, StringComparer.OrdinalIgnoreCase);
        foreach (var (name, value) in overrides)
        {
            Place(tree, name[VariablePrefix.Length..].Split("__"), value, name);
        }
    }

    internal static Dictionary<string, string?> Flatten(JsonObject tree)
    {
        var result = new Dictionary<string, string?>(StringComparer.OrdinalIgnoreCase);
        Flatten(tree, "", result);
        return result;
    }

    internal static string? Find(JsonObject node, string name)
    {
        foreach (var (key, _) in node)
        {
            if (string.Equals(key, name, StringComparison.OrdinalIgnoreCase))
            {
                return key;
            }
        }

        return null;
    }

    private static void Place(JsonNode node, ReadOnlySpan<string> path, string? value, string variable)
    {
        var last = path.Length == 1;
        if (node is JsonArray list)
        {
            if (!int.TryParse(path[0], NumberStyles.None, CultureInfo.InvariantCulture, out var index) || index > list.Count)
            {
                throw new PlatformConfigurationException($"{variable}: \"{path[0]}\" is not an item of the list. Allowed: 0 to {list.Count}.");
            }

            if (index == list.Count)
            {
                list.Add(null);
            }

            if (last)
            {
                list[index] = JsonValue.Create(value);
            }
            else
            {
                Place(list[index] is JsonObject or JsonArray ? list[index]! : (list[index] = new JsonObject()), path[1..], value, variable);
            }

            return;
        }

        var parent = (JsonObject)node;
        var name = Find(parent, path[0]) ?? path[0];
        if (last)
        {
            parent[name] = JsonValue.Create(value);
        }
        else
        {
            Place(parent[name] is JsonObject or JsonArray ? parent[name]! : (parent[name] = new JsonObject()), path[1..], value, variable);
        }
    }

    private static void Flatten(JsonNode? node, string path, Dictionary<string, string?> into)
    {
        switch (node)
        {
            case JsonObject parent:
                foreach (var (name, child) in parent)
                {
                    Flatten(child, path.Length == 0 ? name : $"{path}:{name}", into);
                }

                break;
            case JsonArray list:
                for (var index = 0; index < list.Count; index++)
                {
                    Flatten(list[index], string.Create(CultureInfo.InvariantCulture, $"{path}:{index}"), into);
                }

                break;
            case JsonValue value:
                into[path] = value.GetValueKind() switch
                {
                    JsonValueKind.String => value.GetValue<string>(),
                    JsonValueKind.True => "true",
                    JsonValueKind.False => "false",
                    _ => value.ToJsonString(),
                };
                break;
        }
    }
}
