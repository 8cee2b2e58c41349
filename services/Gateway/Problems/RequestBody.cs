using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Platform.Gateway.Problems;

/// <summary>Reads a JSON body and, when that fails, names the field and what is allowed.</summary>
internal static class RequestBody
{
    public static async Task<(T? Body, IResult? Problem)> ReadAsync<T>(
        HttpContext http, JsonTypeInfo<T> type, int maxBytes, CancellationToken cancellationToken)
        where T : class
    {
        if (!http.Request.HasJsonContentType())
        {
            return (null, ProblemMapping.Problem(
                http, StatusCodes.Status415UnsupportedMediaType, "Unsupported media type",
                "The body must be application/json."));
        }

        if (http.Request.ContentLength > maxBytes)
        {
            return (null, TooLarge(http, maxBytes));
        }

        byte[] buffer = new byte[(int)Math.Min(maxBytes + 1L, (http.Request.ContentLength ?? maxBytes) + 1)];
        int length = await http.Request.Body.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, cancellationToken);
        if (length > maxBytes)
        {
            return (null, TooLarge(http, maxBytes));
        }

        if (length == 0)
        {
            return (null, ProblemMapping.Invalid(http, "$", "must be a JSON object; the body is empty"));
        }

        try
        {
            T? body = JsonSerializer.Deserialize(buffer.AsSpan(0, length), type);
            return body is null
                ? (null, ProblemMapping.Invalid(http, "$", "must be a JSON object, not null"))
                : (body, null);
        }
        catch (JsonException failure)
        {
            return (null, Invalid(http, type, failure, buffer.AsMemory(0, length)));
        }
    }

    private static IResult TooLarge(HttpContext http, int maxBytes) => ProblemMapping.Problem(
        http, StatusCodes.Status413PayloadTooLarge, "The body is too large",
        $"The body may have at most {maxBytes} bytes.", new Dictionary<string, string[]> { ["$"] = [$"at most {maxBytes} bytes"] });

    private static IResult Invalid<T>(HttpContext http, JsonTypeInfo<T> type, JsonException failure, ReadOnlyMemory<byte> body)
    {
        // The reader blames a field for broken JSON inside of it, so whether it is JSON at all is asked first.
        if (FindSyntaxError(body) is { } syntax)
        {
            return ProblemMapping.Invalid(http, "$", $"is not valid JSON (line {syntax.LineNumber + 1}, byte {syntax.BytePositionInLine})");
        }

        string field = (failure.Path ?? "$").Replace("$.", "", StringComparison.Ordinal);
        JsonPropertyInfo? property = type.Properties.FirstOrDefault(p => string.Equals(p.Name, field, StringComparison.OrdinalIgnoreCase));
        return property is null
            ? ProblemMapping.Invalid(http, field, field == "$" ? "must be a JSON object" : "has the wrong type")
            : ProblemMapping.Invalid(http, property.Name, $"must be {Describe(property.PropertyType)}");
    }

    private static JsonException? FindSyntaxError(ReadOnlyMemory<byte> body)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(body);
            return null;
        }
        catch (JsonException failure)
        {
            return failure;
        }
    }

    private static string Describe(Type type)
    {
        Type actual = Nullable.GetUnderlyingType(type) ?? type;
        return actual switch
        {
            _ when actual == typeof(string) => "a string",
            _ when actual == typeof(bool) => "true or false",
            _ when actual == typeof(int) || actual == typeof(long) => "a whole number",
            _ when actual == typeof(double) || actual == typeof(decimal) => "a number",
            _ when actual.IsArray || actual.IsGenericType => "an array",
            _ => "an object",
        };
    }
}
