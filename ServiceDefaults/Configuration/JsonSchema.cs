using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Platform.ServiceDefaults;

/// <summary>
/// Checks configuration against the part of JSON Schema 2020-12 that <c>config/platform.schema.json</c> uses:
/// <c>type</c> (one name), <c>properties</c>, <c>additionalProperties</c> (false or a schema), <c>required</c>, <c>items</c>,
/// <c>minItems</c>, <c>maxItems</c>, <c>enum</c>, <c>minimum</c>, <c>maximum</c>, <c>exclusiveMinimum</c>, <c>minLength</c>,
/// <c>pattern</c>, <c>format: duration-clock</c> (a .NET time span), and <c>$ref</c> into <c>#/$defs</c>.
/// Annotations (<c>title</c>, <c>description</c>, <c>default</c>, <c>examples</c>) are read over; any other keyword is refused
/// when the schema is loaded, so that no rule is believed to hold that is not checked.
/// Two things differ on purpose from the standard, because configuration comes from files and variables: property names
/// do not differ by case, and a text that reads as a number or as true/false satisfies those types.
/// </summary>
internal sealed class JsonSchema
{
    private static readonly HashSet<string> Known = new(StringComparer.Ordinal)
    {
        "$schema", "$id", "$ref", "$defs", "$comment", "title", "description", "default", "examples", "type", "properties",
        "additionalProperties", "required", "items", "minItems", "maxItems", "enum", "minimum", "maximum", "exclusiveMinimum",
        "minLength", "pattern", "format",
    };

    private readonly JsonObject _root;

    private JsonSchema(JsonObject root) => _root = root;

    /// <exception cref="PlatformConfigurationException">The text is no JSON, or uses a keyword that is not checked here.</exception>
    internal static JsonSchema Parse(string text, string file)
    {
        JsonObject root;
        try
        {
            root = JsonNode.Parse(text) as JsonObject
                ?? throw new PlatformConfigurationException($"{file}: a schema must be a JSON object.");
        }
        catch (JsonException error)
        {
            throw new PlatformConfigurationException($"{file}: not valid JSON: {error.Message}", error);
        }

        RefuseUnknownKeywords(root, file, "#");
        return new JsonSchema(root);
    }

    /// <summary>Every violation, each as one line that names key, value and what is allowed; empty when the value is valid.</summary>
    internal IReadOnlyList<string> Validate(JsonObject value)
    {
        var problems = new List<string>();
        Check(value, _root, "", problems);
        return problems;
    }

    private static void RefuseUnknownKeywords(JsonObject schema, string file, string at)
    {
        foreach (var (keyword, value) in schema)
        {
            if (!Known.Contains(keyword))
            {
                throw new PlatformConfigurationException($"{file}: the keyword \"{keyword}\" at {at} is not supported. Allowed: {string.Join(", ", Known)}.");
            }

            switch (keyword)
            {
                case "properties" or "$defs":
                    foreach (var (name, child) in (JsonObject)value!)
                    {
                        RefuseUnknownKeywords((JsonObject)child!, file, $"{at}/{keyword}/{name}");
                    }

                    break;
                case "items" or "additionalProperties" when value is JsonObject child:
                    RefuseUnknownKeywords(child, file, $"{at}/{keyword}");
                    break;
            }
        }
    }

    private void Check(JsonNode? value, JsonObject schema, string key, List<string> problems)
    {
        while (schema["$ref"] is JsonValue reference)
        {
            schema = Definition(reference.GetValue<string>());
        }

        // An empty value in YAML means "not set here", so that the default of the code applies.
        if (value is null)
        {
            return;
        }

        var type = schema["type"]?.GetValue<string>();
        if (type is not null && !IsOf(value, type))
        {
            problems.Add($"{key} = {Show(key, value)} is not allowed. Allowed: {Describe(schema)}.");
            return;
        }

        switch (value)
        {
            case JsonObject mapping when type != "array":
                CheckObject(mapping, schema, key, problems);
                break;
            case JsonObject numbered:
                foreach (var (name, child) in numbered)
                {
                    CheckItem(child, schema, $"{key}:{name}", problems);
                }

                break;
            case JsonArray list:
                CheckList(list, schema, key, problems);
                break;
            default:
                if (!Satisfies((JsonValue)value, schema))
                {
                    problems.Add($"{key} = {Show(key, value)} is not allowed. Allowed: {Describe(schema)}.");
                }

                break;
        }
    }

    private void CheckObject(JsonObject value, JsonObject schema, string key, List<string> problems)
    {
        var properties = schema["properties"] as JsonObject ?? [];
        foreach (var (name, child) in value)
        {
            var childKey = key.Length == 0 ? name : $"{key}:{name}";
            if (ConfigurationTree.Find(properties, name) is { } known)
            {
                Check(child, (JsonObject)properties[known]!, childKey, problems);
            }
            else if (schema["additionalProperties"] is JsonObject others)
            {
                Check(child, others, childKey, problems);
            }
            else if (schema["additionalProperties"] is JsonValue closed && !closed.GetValue<bool>())
            {
                var nearest = Nearest(name, properties.Select(property => property.Key));
                problems.Add($"{childKey} is not a known key.{(nearest is null ? "" : $" Did you mean \"{nearest}\"?")} Allowed: {string.Join(", ", properties.Select(property => property.Key))}.");
            }
        }

        foreach (var required in schema["required"] as JsonArray ?? [])
        {
            var name = required!.GetValue<string>();
            if (ConfigurationTree.Find(value, name) is not { } present || value[present] is null)
            {
                var childKey = key.Length == 0 ? name : $"{key}:{name}";
                problems.Add($"{childKey} is missing. Allowed: {Describe(properties[name] as JsonObject ?? [])}.");
            }
        }
    }

    private void CheckList(JsonArray list, JsonObject schema, string key, List<string> problems)
    {
        if (list.Count < (schema["minItems"]?.GetValue<int>() ?? 0) || list.Count > (schema["maxItems"]?.GetValue<int>() ?? int.MaxValue))
        {
            problems.Add($"{key} has {list.Count} items. Allowed: {Describe(schema)}.");
        }

        for (var index = 0; index < list.Count; index++)
        {
            CheckItem(list[index], schema, string.Create(CultureInfo.InvariantCulture, $"{key}:{index}"), problems);
        }
    }

    private void CheckItem(JsonNode? item, JsonObject schema, string key, List<string> problems)
    {
        if (schema["items"] is JsonObject items)
        {
            Check(item, items, key, problems);
        }
    }

    private JsonObject Definition(string reference)
    {
        const string Prefix = "#/$defs/";
        return reference.StartsWith(Prefix, StringComparison.Ordinal) && _root["$defs"]?[reference[Prefix.Length..]] is JsonObject definition
            ? definition
            : throw new PlatformConfigurationException($"The schema refers to {reference}, which it does not define.");
    }

    private static bool IsOf(JsonNode value, string type) => type switch
    {
        "object" => value is JsonObject,
        "array" => value is JsonArray || (value is JsonObject { Count: > 0 } numbered && numbered.All(child => child.Key.All(char.IsAsciiDigit))),
        "string" => value is JsonValue,
        "boolean" => value is JsonValue flag && (flag.GetValueKind() is JsonValueKind.True or JsonValueKind.False || bool.TryParse(Text(flag), out _)),
        "integer" => value is JsonValue whole && Number(whole) is { } number && number == Math.Truncate(number),
        "number" => value is JsonValue any && Number(any) is not null,
        _ => throw new PlatformConfigurationException($"The schema uses the type \"{type}\", which is not supported."),
    };

    private static bool Satisfies(JsonValue value, JsonObject schema)
    {
        var text = Text(value);
        if (schema["enum"] is JsonArray allowed &&
            !allowed.Any(option => string.Equals(Text(option!.AsValue()), text, StringComparison.OrdinalIgnoreCase)))
        {
            return false;
        }

        if (schema["type"]?.GetValue<string>() is "integer" or "number" && Number(value) is { } number)
        {
            return number >= (schema["minimum"]?.GetValue<double>() ?? double.NegativeInfinity)
                && number <= (schema["maximum"]?.GetValue<double>() ?? double.PositiveInfinity)
                && number > (schema["exclusiveMinimum"]?.GetValue<double>() ?? double.NegativeInfinity);
        }

        return text.Length >= (schema["minLength"]?.GetValue<int>() ?? 0)
            && (schema["pattern"]?.GetValue<string>() is not { } pattern || Regex.IsMatch(text, pattern, RegexOptions.CultureInvariant, TimeSpan.FromSeconds(1)))
            && (schema["format"]?.GetValue<string>() != "duration-clock" || IsDuration(text));
    }

    /// <summary>A .NET time span with a colon: the bare "7" would be seven days, which nobody means.</summary>
    internal static bool IsDuration(string text) =>
        text.Contains(':', StringComparison.Ordinal) && TimeSpan.TryParse(text, CultureInfo.InvariantCulture, out _);

    private static double? Number(JsonValue value) =>
        value.GetValueKind() == JsonValueKind.Number
            ? value.TryGetValue<long>(out var whole) ? whole : value.GetValue<double>()
            : value.GetValueKind() == JsonValueKind.String && double.TryParse(Text(value), NumberStyles.Float, CultureInfo.InvariantCulture, out var parsed) && double.IsFinite(parsed)
                ? parsed
                : null;

    private static string Text(JsonValue value) =>
        value.GetValueKind() == JsonValueKind.String ? value.GetValue<string>() : value.ToJsonString();

    private static string Show(string key, JsonNode value)
    {
        const int Longest = 60;
        if (SecretScrubber.IsSecretName(key))
        {
            return "(hidden)";
        }

        var text = value is JsonValue scalar ? $"\"{Text(scalar)}\"" : value is JsonArray ? "a list" : "a mapping";
        return text.Length <= Longest ? text : $"{text.AsSpan(0, Longest)}…\"";
    }

    private string Describe(JsonObject schema)
    {
        while (schema["$ref"] is JsonValue reference)
        {
            schema = Definition(reference.GetValue<string>());
        }

        if (schema["enum"] is JsonArray options)
        {
            return string.Join(", ", options.Select(option => Text(option!.AsValue())));
        }

        var minimum = schema["minimum"]?.ToJsonString() ?? (schema["exclusiveMinimum"] is { } above ? $"more than {above.ToJsonString()}" : null);
        var maximum = schema["maximum"]?.ToJsonString();
        var range = (minimum, maximum) switch
        {
            (null, null) => "",
            (_, null) => $" from {minimum}",
            (null, _) => $" up to {maximum}",
            _ => $" from {minimum} to {maximum}",
        };
        return schema["type"]?.GetValue<string>() switch
        {
            "integer" => "a whole number" + range,
            "number" => "a number" + range,
            "boolean" => "true or false",
            "object" => "a mapping of keys",
            "array" => "a list" + (schema["minItems"] is { } least ? $" of at least {least.ToJsonString()}" : "") + (schema["maxItems"] is { } most ? $" of at most {most.ToJsonString()}" : ""),
            _ when schema["format"]?.GetValue<string>() == "duration-clock" => "a duration as [days.]hh:mm:ss[.fraction]",
            _ when schema["pattern"] is { } pattern => $"a text that matches {pattern.GetValue<string>()}",
            _ when schema["minLength"] is not null => "a text that is not empty",
            _ => "a text",
        };
    }

    /// <summary>The name with the fewest edits, when it is closer than half the length.</summary>
    internal static string? Nearest(string name, IEnumerable<string> candidates) => candidates
        .Select(candidate => (Name: candidate, Edits: Edits(name.ToUpperInvariant(), candidate.ToUpperInvariant())))
        .Where(candidate => candidate.Edits <= Math.Max(1, name.Length / 2))
        .OrderBy(candidate => candidate.Edits)
        .Select(candidate => candidate.Name)
        .FirstOrDefault();

    private static int Edits(string left, string right)
    {
        var row = Enumerable.Range(0, right.Length + 1).ToArray();
        for (var i = 1; i <= left.Length; i++)
        {
            var diagonal = row[0];
            row[0] = i;
            for (var j = 1; j <= right.Length; j++)
            {
                var above = row[j];
                row[j] = Math.Min(Math.Min(row[j] + 1, row[j - 1] + 1), diagonal + (left[i - 1] == right[j - 1] ? 0 : 1));
                diagonal = above;
            }
        }

        return row[right.Length];
    }
}
