using System.Runtime.InteropServices;
using System.Text.Json;
using Platform.Contracts.ModelGateway.V1;
using Platform.ModelGateway.Completions;

namespace Platform.ModelGateway.OpenAiEndpoint;

/// <summary><c>POST /v1/embeddings</c>.</summary>
internal sealed class VectorEndpoint(CompletionCalls calls, EndpointModels models, EndpointCallers callers)
{
    private const int MostTexts = 256;

    internal async Task AnswerAsync(HttpContext http)
    {
        string model;
        bool asBase64;
        var request = new EmbedRequest { Operation = EndpointRequest.Operation(http) };
        using (var body = await JsonBody.ReadAsync(http, callers.MaximumRequestBytes))
        {
            model = body.RootElement.Text("model") is { Length: > 0 } named ? named : throw EndpointRefusedException.Invalid("model", "model must be given.", "missing_required_parameter");
            asBase64 = body.RootElement.Text("encoding_format") switch
            {
                null or "float" => false,
                "base64" => true,
                _ => throw EndpointRefusedException.Invalid("encoding_format", "encoding_format must be float or base64."),
            };
            if (body.RootElement.Field("dimensions") is not null)
            {
                throw EndpointRefusedException.Invalid("dimensions", "dimensions cannot be chosen here.", "unsupported_value");
            }

            request.Texts.Add(body.RootElement.TextOrTexts("input"));
        }

        request.Model = models.Logical(model);
        if (request.Texts.Count is 0 or > MostTexts || request.Texts.Any(text => text.Length == 0))
        {
            throw EndpointRefusedException.Invalid("input", $"input must be 1 to {MostTexts} texts that are not empty.");
        }

        var response = await calls.EmbedAsync(request, http.RequestAborted);
        http.Response.ContentType = "application/json";
        await using var json = new Utf8JsonWriter(http.Response.BodyWriter);
        json.WriteStartObject();
        json.WriteString("object", "list");
        json.WriteStartArray("data");
        for (var index = 0; index < response.Embeddings.Count; index++)
        {
            json.WriteStartObject();
            json.WriteString("object", "embedding");
            json.WriteNumber("index", index);
            Write(json, [.. response.Embeddings[index].Values], asBase64);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteString("model", model);
        json.WriteStartObject("usage");
        json.WriteNumber("prompt_tokens", response.Report.Tokens.Input);
        json.WriteNumber("total_tokens", response.Report.Tokens.Input);
        json.WriteEndObject();
        json.WriteEndObject();
        await json.FlushAsync(http.RequestAborted);
    }

    private static void Write(Utf8JsonWriter json, float[] vector, bool asBase64)
    {
        if (asBase64)
        {
            // Little-endian, as OpenAI's clients expect and every machine that .NET runs on has it.
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
}
