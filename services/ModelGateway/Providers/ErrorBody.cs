using System.Text.Json;
using System.Text.RegularExpressions;

namespace Platform.ModelGateway.Providers;

/// <summary>
/// The machine-readable part of a provider's error: <c>{"error":{"type","code"}}</c> of OpenAI, Azure (whose
/// <c>innererror.code</c> says more) and Anthropic, <c>{"object":"error","code"}</c> of vLLM. Its message is never read: it may
/// repeat the prompt or the key.
/// </summary>
internal sealed partial record ErrorBody(string Code, string Type)
{
    private static readonly ErrorBody Unknown = new("", "");

    /// <summary>The error of the body; null when it reports none.</summary>
    internal static ErrorBody? In(JsonElement body)
    {
        if (body.ValueKind != JsonValueKind.Object)
        {
            return null;
        }

        if (body.TryGetProperty("error", out var error))
        {
            return error.ValueKind switch
            {
                JsonValueKind.Object => new ErrorBody(Detail(error) is { Length: > 0 } inner ? inner : Name(error, "code"), Name(error, "type")),
                JsonValueKind.String or JsonValueKind.True => Unknown,
                _ => null,
            };
        }

        return body.Text("object") == "error" || body.Text("type") == "error" ? new ErrorBody(Name(body, "code"), Name(body, "type")) : null;
    }

    /// <summary>For operators; empty when nothing is known.</summary>
    public override string ToString() => Code.Length > 0 ? Code : Type;

    private static string Detail(JsonElement error) =>
        error.TryGetProperty("innererror", out var inner) && inner.ValueKind == JsonValueKind.Object ? Name(inner, "code") : "";

    // Codes are short words; whatever is not one may hold anything and is dropped.
    private static string Name(JsonElement element, string property)
    {
        if (!element.TryGetProperty(property, out var value))
        {
            return "";
        }

        var text = value.ValueKind switch
        {
            JsonValueKind.String => value.GetString()!,
            JsonValueKind.Number => value.GetRawText(),
            _ => "",
        };
        return Word().IsMatch(text) ? text : "";
    }

    [GeneratedRegex("^[A-Za-z0-9_.-]{1,64}$")]
    private static partial Regex Word();
}
