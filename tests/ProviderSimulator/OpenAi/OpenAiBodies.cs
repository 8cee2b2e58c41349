using System.Runtime.InteropServices;
using System.Text.Json;
using System.Text.RegularExpressions;
using Platform.ProviderSimulator.Answers;
using Platform.ProviderSimulator.Faults;

namespace Platform.ProviderSimulator.OpenAi;

/// <summary>OpenAI's answers that are no chat: vectors, moderations, the list of models.</summary>
internal static partial class OpenAiBodies
{
    private static readonly (string Category, Regex Words)[] Categories =
    [
        ("violence", Violence()), ("hate", Hate()), ("self-harm", SelfHarm()), ("harassment", Harassment()), ("sexual", Sexual()),
    ];

    internal static byte[] Vectors(JsonElement body, Behaviour behaviour, int dimensions)
    {
        var texts = Json.Texts(body, "input");
        if (texts.Count == 0)
        {
            throw new FormatException("'input' must be a text or a list of texts that is not empty");
        }

        var asBase64 = Json.Text(body, "encoding_format") == "base64";
        var size = Json.Number(body, "dimensions") ?? dimensions;
        var empty = behaviour.Fault == Fault.EmptyAnswer;
        return Json.Write(json =>
        {
            json.WriteStartObject();
            json.WriteString("object", "list");
            json.WriteStartArray("data");
            for (var index = 0; index < texts.Count && !empty; index++)
            {
                json.WriteStartObject();
                json.WriteString("object", "embedding");
                json.WriteNumber("index", index);
                Vector(json, Embeddings.Of(texts[index], size), asBase64);
                json.WriteEndObject();
            }

            json.WriteEndArray();
            json.WriteString("model", (Json.Text(body, "model") ?? "").Split('+')[0]);
            if (behaviour.Fault != Fault.MissingUsage)
            {
                var tokens = texts.Sum(AnswerWriter.Tokens);
                json.WriteStartObject("usage");
                json.WriteNumber("prompt_tokens", tokens);
                json.WriteNumber("total_tokens", tokens);
                json.WriteEndObject();
            }

            json.WriteEndObject();
        });
    }

    internal static byte[] Moderation(JsonElement body)
    {
        var texts = Json.Texts(body, "input");
        return Json.Write(json =>
        {
            json.WriteStartObject();
            json.WriteString("id", "modr-sim");
            json.WriteString("model", Json.Text(body, "model") ?? "sim-moderation");
            json.WriteStartArray("results");
            foreach (var text in texts)
            {
                var scores = Categories.ToDictionary(category => category.Category, category => category.Words.IsMatch(text) ? 0.97 : 0.001);
                json.WriteStartObject();
                json.WriteBoolean("flagged", scores.Values.Any(score => score > 0.5));
                json.WriteStartObject("categories");
                foreach (var (category, score) in scores)
                {
                    json.WriteBoolean(category, score > 0.5);
                }

                json.WriteEndObject();
                json.WriteStartObject("category_scores");
                foreach (var (category, score) in scores)
                {
                    json.WriteNumber(category, score);
                }

                json.WriteEndObject();
                json.WriteEndObject();
            }

            json.WriteEndArray();
            json.WriteEndObject();
        });
    }

    internal static byte[] Models(IReadOnlyList<string> models) => Json.Write(json =>
    {
        json.WriteStartObject();
        json.WriteString("object", "list");
        json.WriteStartArray("data");
        foreach (var model in models)
        {
            json.WriteStartObject();
            json.WriteString("id", model);
            json.WriteString("object", "model");
            json.WriteNumber("created", 1_767_225_600);
            json.WriteString("owned_by", "simulator");
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    });

    private static void Vector(Utf8JsonWriter json, float[] vector, bool asBase64)
    {
        if (asBase64)
        {
            json.WriteBase64String("embedding", MemoryMarshal.AsBytes(vector.AsSpan()));
            return;
        }

        json.WriteStartArray("embedding");
        foreach (var value in vector)
        {
            json.WriteNumberValue(value);
        }

        json.WriteEndArray();
    }

    [GeneratedRegex(@"\b(?:kill|murder|bomb|shoot|stab)", RegexOptions.IgnoreCase)]
    private static partial Regex Violence();

    [GeneratedRegex(@"\b(?:hate|subhuman|vermin)\b", RegexOptions.IgnoreCase)]
    private static partial Regex Hate();

    [GeneratedRegex(@"\b(?:suicide|hurt myself|self-harm)\b", RegexOptions.IgnoreCase)]
    private static partial Regex SelfHarm();

    [GeneratedRegex(@"\b(?:idiot|worthless)\b", RegexOptions.IgnoreCase)]
    private static partial Regex Harassment();

    [GeneratedRegex(@"\b(?:porn|explicit sex)", RegexOptions.IgnoreCase)]
    private static partial Regex Sexual();
}
