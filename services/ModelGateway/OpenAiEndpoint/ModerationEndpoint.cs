using System.Text.Json;
using Platform.Contracts.ModelGateway.V1;
using Platform.ModelGateway.Completions;
using Platform.ModelGateway.Providers;
using Platform.ServiceDefaults;

namespace Platform.ModelGateway.OpenAiEndpoint;

/// <summary><c>POST /v1/moderations</c>.</summary>
internal sealed class ModerationEndpoint(CompletionCalls calls, EndpointCallers callers, IRequestContextAccessor accessor)
{
    private const int MostTexts = 32;

    /// <summary>Providers tell scores and one flag; a category counts as hit from here.</summary>
    private const double Hit = 0.5;

    internal async Task AnswerAsync(HttpContext http)
    {
        IReadOnlyList<string> texts;
        string? model;
        using (var body = await JsonBody.ReadAsync(http, callers.MaximumRequestBytes))
        {
            model = body.RootElement.Text("model");
            texts = body.RootElement.TextOrTexts("input");
        }

        if (texts.Count is 0 or > MostTexts || texts.Any(text => text.Length == 0))
        {
            throw EndpointRefusedException.Invalid("input", $"input must be 1 to {MostTexts} texts that are not empty.");
        }

        var results = new List<ModerateResponse>(texts.Count);
        foreach (var text in texts)
        {
            results.Add(await calls.ModerateAsync(new ModerateRequest { Text = text, Operation = EndpointRequest.Operation(http) }, http.RequestAborted));
        }

        http.Response.ContentType = "application/json";
        await using var json = new Utf8JsonWriter(http.Response.BodyWriter);
        json.WriteStartObject();
        json.WriteString("id", $"modr-{accessor.Current.RequestId}");
        json.WriteString("model", model ?? ModelOptions.Moderation);
        json.WriteStartArray("results");
        foreach (var result in results)
        {
            Write(json, result);
        }

        json.WriteEndArray();
        json.WriteEndObject();
        await json.FlushAsync(http.RequestAborted);
    }

    private static void Write(Utf8JsonWriter json, ModerateResponse result)
    {
        json.WriteStartObject();
        json.WriteBoolean("flagged", result.Flagged);
        json.WriteStartObject("categories");
        foreach (var (category, score) in result.Categories.OrderBy(score => score.Key, StringComparer.Ordinal))
        {
            json.WriteBoolean(category, score >= Hit);
        }

        json.WriteEndObject();
        json.WriteStartObject("category_scores");
        foreach (var (category, score) in result.Categories.OrderBy(score => score.Key, StringComparer.Ordinal))
        {
            json.WriteNumber(category, score);
        }

        json.WriteEndObject();
        json.WriteEndObject();
    }
}
