using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace Platform.ServiceDefaults;

/// <summary>Reads one YAML document as JSON, with the scalar types of the YAML 1.2 core schema.</summary>
internal static partial class YamlTree
{
    /// <exception cref="PlatformConfigurationException">The text is not YAML, or not a mapping; the message names line and column.</exception>
    internal static JsonObject Parse(string text, string file)
    {
        var stream = new YamlStream();
        try
        {
            stream.Load(new StringReader(text));
        }
        catch (YamlException error)
        {
            throw new PlatformConfigurationException(
                $"{file}, line {error.Start.Line}, column {error.Start.Column}: not valid YAML: {error.Message}", error);
        }
        catch (Exception error) when (error is InvalidOperationException or ArgumentException)
        {
            // The scanner gives up on some broken texts, e.g. an unfinished list, with exceptions of its own state.
            throw new PlatformConfigurationException($"{file}: not valid YAML", error);
        }

        return stream.Documents.Count == 0 || stream.Documents[0].RootNode is YamlScalarNode { Value: null or "" }
            ? []
            : Convert(stream.Documents[0].RootNode, file) as JsonObject
              ?? throw new PlatformConfigurationException($"{file}: expected \"key: value\" lines at the top, found a list or a single value.");
    }

    private static JsonNode? Convert(YamlNode node, string file) => node switch
    {
        YamlMappingNode mapping => Mapping(mapping, file),
        YamlSequenceNode sequence => new JsonArray([.. sequence.Children.Select(child => Convert(child, file))]),
        YamlScalarNode scalar => Scalar(scalar),
        _ => throw new PlatformConfigurationException($"{file}, line {node.Start.Line}: aliases are not supported here."),
    };

    private static JsonObject Mapping(YamlMappingNode mapping, string file)
    {
        var result = new JsonObject();
        foreach (var (key, value) in mapping.Children)
        {
            var name = (key as YamlScalarNode)?.Value
                ?? throw new PlatformConfigurationException($"{file}, line {key.Start.Line}: a key must be a plain text.");
            if (result.Any(entry => string.Equals(entry.Key, name, StringComparison.OrdinalIgnoreCase)))
            {
                throw new PlatformConfigurationException($"{file}, line {key.Start.Line}: the key \"{name}\" appears twice; keys do not differ by case.");
            }

            result[name] = Convert(value, file);
        }

        return result;
    }

    private static JsonNode? Scalar(YamlScalarNode scalar)
    {
        var text = scalar.Value ?? "";
        if (scalar.Style != ScalarStyle.Plain)
        {
            return JsonValue.Create(text);
        }

        return text switch
        {
            "" or "~" or "null" or "Null" or "NULL" => null,
            "true" or "True" or "TRUE" => JsonValue.Create(true),
            "false" or "False" or "FALSE" => JsonValue.Create(false),
            _ when WholeNumber().IsMatch(text) && long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var whole) => JsonValue.Create(whole),
            _ when Number().IsMatch(text) => JsonValue.Create(double.Parse(text, NumberStyles.Float, CultureInfo.InvariantCulture)),
            _ => JsonValue.Create(text),
        };
    }

    [GeneratedRegex("^[-+]?[0-9]+$")]
    private static partial Regex WholeNumber();

    [GeneratedRegex(@"^[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?$")]
    private static partial Regex Number();
}
