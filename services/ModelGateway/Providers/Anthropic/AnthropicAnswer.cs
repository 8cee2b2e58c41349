using System.Text.Json;
using Microsoft.Extensions.AI;

namespace Platform.ModelGateway.Providers.Anthropic;

/// <summary>Reads a whole message of Anthropic's API.</summary>
internal static class AnthropicAnswer
{
    /// <exception cref="ProviderException">The body is not a whole answer.</exception>
    internal static ChatResponse Read(string provider, JsonElement body)
    {
        if (FinishReason(body) is not { } finish)
        {
            throw ProviderErrors.Garbage(provider, "the answer is not finished");
        }

        var contents = new List<AIContent>();
        foreach (var block in body.Items("content"))
        {
            switch (block.Text("type"))
            {
                case "text" when block.Text("text") is { Length: > 0 } text:
                    contents.Add(new TextContent(text));
                    break;
                case "tool_use" when block.Text("name") == AnthropicRequest.AnswerTool:
                    // What the model says before it answers is not in the schema.
                    contents.RemoveAll(content => content is TextContent);
                    contents.Add(new TextContent(block.GetProperty("input").GetRawText()));
                    break;
                case "tool_use":
                    contents.Add(new FunctionCallContent(
                        block.Text("id") ?? "", block.Text("name") ?? throw ProviderErrors.Garbage(provider, "a tool call has no name"),
                        block.GetProperty("input").Deserialize<Dictionary<string, object?>>()));
                    break;
                default:
                    // Thinking is not part of the answer.
                    break;
            }
        }

        if (finish == ChatFinishReason.ToolCalls && contents.Count > 0 && !contents.Exists(content => content is FunctionCallContent))
        {
            finish = ChatFinishReason.Stop;
        }

        return contents.Count > 0 || AnswerParts.MayBeMissing(finish)
            ? new ChatResponse(new ChatMessage(ChatRole.Assistant, contents))
            {
                FinishReason = finish,
                ModelId = body.Text("model"),
                ResponseId = body.Text("id"),
                Usage = Usage(body.Part("usage"), null),
            }
            : throw ProviderErrors.Garbage(provider, "the answer is empty");
    }

    /// <summary>The stop reason in the terms of Microsoft.Extensions.AI; null when there is none.</summary>
    internal static ChatFinishReason? FinishReason(JsonElement body) => body.Text("stop_reason") switch
    {
        null or "" => null,
        "end_turn" or "stop_sequence" => ChatFinishReason.Stop,
        "max_tokens" or "model_context_window_exceeded" => ChatFinishReason.Length,
        "tool_use" => ChatFinishReason.ToolCalls,
        "refusal" => ChatFinishReason.ContentFilter,
        var other => new ChatFinishReason(other),
    };

    /// <summary>
    /// The counts, in the terms of the other providers: Anthropic counts input that was read from or written to its cache beside
    /// the input, not inside. What <paramref name="usage"/> lacks is taken from <paramref name="before"/>.
    /// </summary>
    internal static UsageDetails? Usage(JsonElement usage, UsageDetails? before)
    {
        if (usage.Count("output_tokens") is not { } output)
        {
            return before;
        }

        var (input, cached) = (before?.InputTokenCount, before?.CachedInputTokenCount);
        if (usage.Count("input_tokens") is { } fresh)
        {
            cached = usage.Count("cache_read_input_tokens") ?? 0;
            input = fresh + cached + (usage.Count("cache_creation_input_tokens") ?? 0);
        }

        return input is null
            ? null
            : new UsageDetails { InputTokenCount = input, OutputTokenCount = output, TotalTokenCount = input + output, CachedInputTokenCount = cached };
    }
}
