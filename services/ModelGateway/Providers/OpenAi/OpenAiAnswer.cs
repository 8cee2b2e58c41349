using System.Text.Json;
using Microsoft.Extensions.AI;

namespace Platform.ModelGateway.Providers.OpenAi;

/// <summary>Reads a whole chat completion of OpenAI's protocol.</summary>
internal static class OpenAiAnswer
{
    /// <exception cref="ProviderException">The body is not a whole answer.</exception>
    internal static ChatResponse Read(string provider, JsonElement body)
    {
        var choice = body.Items("choices").FirstOrDefault();
        if (choice.ValueKind != JsonValueKind.Object)
        {
            throw ProviderErrors.Garbage(provider, "the answer has no choices");
        }

        var message = choice.Part("message");
        if (FinishReason(choice) is not { } finish || message.ValueKind != JsonValueKind.Object)
        {
            throw ProviderErrors.Garbage(provider, "the answer is not finished");
        }

        var contents = new List<AIContent>();
        if (message.Text("content") is { Length: > 0 } text)
        {
            contents.Add(new TextContent(text));
        }
        else if (message.Text("refusal") is { Length: > 0 } refusal)
        {
            contents.Add(new TextContent(refusal));
            finish = ChatFinishReason.ContentFilter;
        }

        contents.AddRange(message.Items("tool_calls").Select(call =>
            AnswerParts.ToolCall(provider, call.Text("id") ?? "", call.Part("function").Text("name") ?? "", call.Part("function").Text("arguments"))));
        return contents.Count > 0 || AnswerParts.MayBeMissing(finish)
            ? new ChatResponse(new ChatMessage(ChatRole.Assistant, contents))
            {
                FinishReason = finish,
                ModelId = body.Text("model"),
                ResponseId = body.Text("id"),
                Usage = Usage(body),
            }
            : throw ProviderErrors.Garbage(provider, "the answer is empty");
    }

    internal static ChatFinishReason? FinishReason(JsonElement choice) => choice.Text("finish_reason") switch
    {
        null or "" => null,
        "stop" => ChatFinishReason.Stop,
        "length" => ChatFinishReason.Length,
        "tool_calls" or "function_call" => ChatFinishReason.ToolCalls,
        "content_filter" => ChatFinishReason.ContentFilter,
        var other => new ChatFinishReason(other),
    };

    /// <summary>The counts of the provider; null when it sent none.</summary>
    internal static UsageDetails? Usage(JsonElement body)
    {
        var usage = body.Part("usage");
        if (usage.Count("prompt_tokens") is not { } input)
        {
            return null;
        }

        var output = usage.Count("completion_tokens") ?? 0;
        return new UsageDetails
        {
            InputTokenCount = input,
            OutputTokenCount = output,
            TotalTokenCount = input + output,
            CachedInputTokenCount = usage.Part("prompt_tokens_details").Count("cached_tokens"),
            ReasoningTokenCount = usage.Part("completion_tokens_details").Count("reasoning_tokens"),
        };
    }
}
