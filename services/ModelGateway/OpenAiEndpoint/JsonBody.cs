using System.Text.Json;

namespace Platform.ModelGateway.OpenAiEndpoint;

/// <summary>Reads the fields of a request; a field of the wrong type is refused by its name.</summary>
internal static class JsonBody
{
    internal static async Task<JsonDocument> ReadAsync(HttpContext http, int maximumBytes)
    {
        if (http.Request.ContentLength > maximumBytes)
        {
            throw new BadHttpRequestException("The body is too large.", StatusCodes.Status413PayloadTooLarge);
        }

        var document = await JsonDocument.ParseAsync(http.Request.Body, cancellationToken: http.RequestAborted);
        if (document.RootElement.ValueKind == JsonValueKind.Object)
        {
            return document;
        }

        document.Dispose();
        throw EndpointRefusedException.Invalid("body", "The body must be a JSON object.");
    }

    /// <summary>The field; null when it is absent or null.</summary>
    internal static JsonElement? Field(this JsonElement body, string name) =>
        body.TryGetProperty(name, out var value) && value.ValueKind != JsonValueKind.Null ? value : null;

    internal static string? Text(this JsonElement body, string name) => body.Field(name) switch
    {
        null => null,
        { ValueKind: JsonValueKind.String } text => text.GetString(),
        _ => throw EndpointRefusedException.Invalid(name, $"{name} must be a string.", "invalid_type"),
    };

    internal static bool Flag(this JsonElement body, string name) => body.Field(name) switch
    {
        null or { ValueKind: JsonValueKind.False } => false,
        { ValueKind: JsonValueKind.True } => true,
        _ => throw EndpointRefusedException.Invalid(name, $"{name} must be true or false.", "invalid_type"),
    };

    internal static int? Integer(this JsonElement body, string name) => body.Field(name) switch
    {
        null => null,
        { ValueKind: JsonValueKind.Number } number when number.TryGetInt32(out var value) => value,
        _ => throw EndpointRefusedException.Invalid(name, $"{name} must be an integer.", "invalid_type"),
    };

    internal static long? Whole(this JsonElement body, string name) => body.Field(name) switch
    {
        null => null,
        { ValueKind: JsonValueKind.Number } number when number.TryGetInt64(out var value) => value,
        _ => throw EndpointRefusedException.Invalid(name, $"{name} must be an integer.", "invalid_type"),
    };

    internal static double? Number(this JsonElement body, string name) => body.Field(name) switch
    {
        null => null,
        { ValueKind: JsonValueKind.Number } number => number.GetDouble(),
        _ => throw EndpointRefusedException.Invalid(name, $"{name} must be a number.", "invalid_type"),
    };

    /// <summary>The items of a list; empty when it is absent.</summary>
    internal static IEnumerable<JsonElement> List(this JsonElement body, string name) => body.Field(name) switch
    {
        null => [],
        { ValueKind: JsonValueKind.Array } list => list.EnumerateArray(),
        _ => throw EndpointRefusedException.Invalid(name, $"{name} must be a list.", "invalid_type"),
    };

    /// <summary>A text, or a list of texts.</summary>
    internal static IReadOnlyList<string> TextOrTexts(this JsonElement body, string name) => body.Field(name) switch
    {
        null => [],
        { ValueKind: JsonValueKind.String } text => [text.GetString()!],
        { ValueKind: JsonValueKind.Array } list when list.EnumerateArray().All(item => item.ValueKind == JsonValueKind.String) => [.. list.EnumerateArray().Select(item => item.GetString()!)],
        _ => throw EndpointRefusedException.Invalid(name, $"{name} must be a string or a list of strings.", "invalid_type"),
    };
}
