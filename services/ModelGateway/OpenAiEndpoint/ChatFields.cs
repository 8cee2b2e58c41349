using System.Collections.Frozen;
using System.Text.Json;

namespace Platform.ModelGateway.OpenAiEndpoint;

/// <summary>
/// The fields of a chat request that are kept, and the values of others that ask for nothing. Every other field is refused by name: a
/// client must not believe that it is heard.
/// </summary>
internal static class ChatFields
{
    private static readonly FrozenSet<string> Kept = FrozenSet.Create(
        StringComparer.Ordinal,
        "model", "messages", "stream", "stream_options", "max_completion_tokens", "max_tokens", "temperature", "top_p", "frequency_penalty", "presence_penalty", "seed", "stop",
        "tools", "tool_choice", "parallel_tool_calls", "response_format", "reasoning_effort", "user");

    private static readonly FrozenDictionary<string, (Func<JsonElement, bool> AsksForNothing, string Allowed)> Neutral = new Dictionary<string, (Func<JsonElement, bool>, string)>
    {
        ["n"] = (value => value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out var n) && n == 1, "must be 1: this endpoint gives one choice"),
        ["logprobs"] = (IsFalse, "must be false: they are not served here"),
        ["store"] = (IsFalse, "must be false: nothing is stored at a provider"),
        ["logit_bias"] = (IsEmpty, "is not served here: tokens differ between providers"),
        ["metadata"] = (IsEmpty, "is not served here"),
        ["modalities"] = (value => value.ValueKind == JsonValueKind.Array && value.EnumerateArray().All(modality => modality.ValueKind == JsonValueKind.String && modality.GetString() == "text"), "must be [\"text\"]"),
        ["service_tier"] = (value => value.ValueKind == JsonValueKind.String && value.GetString() is "auto" or "default", "must be auto or default"),
    }.ToFrozenDictionary(StringComparer.Ordinal);

    private static readonly FrozenSet<string> KeptOfStream = FrozenSet.Create(StringComparer.Ordinal, "include_usage", "include_obfuscation");

    /// <exception cref="EndpointRefusedException">A field is not served.</exception>
    internal static void Check(JsonElement body)
    {
        foreach (var field in body.EnumerateObject())
        {
            if (!Kept.Contains(field.Name) && field.Value.ValueKind != JsonValueKind.Null)
            {
                var (asksForNothing, allowed) = Neutral.GetValueOrDefault(field.Name, (_ => false, "is not served here"));
                Refuse(!asksForNothing(field.Value), field.Name, allowed);
            }
        }

        if (body.Field("stream_options") is { ValueKind: JsonValueKind.Object } options)
        {
            foreach (var field in options.EnumerateObject())
            {
                Refuse(!KeptOfStream.Contains(field.Name), $"stream_options.{field.Name}", "is not served here");
            }

            Refuse(options.Flag("include_obfuscation"), "stream_options.include_obfuscation", "must be false: chunks are not padded here");
        }
    }

    private static bool IsFalse(JsonElement value) => value.ValueKind == JsonValueKind.False;

    private static bool IsEmpty(JsonElement value) => value.ValueKind == JsonValueKind.Object && !value.EnumerateObject().Any();

    private static void Refuse(bool condition, string field, string allowed)
    {
        if (condition)
        {
            throw EndpointRefusedException.Invalid(field, $"{field} {allowed}.", "unsupported_parameter");
        }
    }
}
