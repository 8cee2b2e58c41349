using System.Text.Json;
using Platform.Contracts.ModelGateway.V1;

namespace Platform.ModelGateway.OpenAiEndpoint;

/// <summary>How the model shall write.</summary>
internal static class ChatSettingsReader
{
    internal static void Read(JsonElement body, CompletionRequest request)
    {
        request.MaxOutputTokens = body.Integer("max_completion_tokens") ?? body.Integer("max_tokens") ?? 0;
        if (body.Number("temperature") is { } temperature)
        {
            request.Temperature = temperature;
        }

        if (body.Number("top_p") is { } share)
        {
            request.TopP = share;
        }

        if (body.Number("frequency_penalty") is { } frequency)
        {
            request.FrequencyPenalty = frequency;
        }

        if (body.Number("presence_penalty") is { } presence)
        {
            request.PresencePenalty = presence;
        }

        if (body.Whole("seed") is { } seed)
        {
            request.Seed = seed;
        }

        request.Stop.Add(body.TextOrTexts("stop"));
        request.ReasoningEffort = body.Text("reasoning_effort") ?? "";
        request.EndUser = body.Text("user") ?? "";
    }
}
