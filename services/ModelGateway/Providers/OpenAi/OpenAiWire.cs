using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.AI;
using Platform.ServiceDefaults;

namespace Platform.ModelGateway.Providers.OpenAi;

/// <summary>The JSON of OpenAI's chat completions and embeddings, as its API reference describes them.</summary>
internal static class OpenAiWire
{
    internal static JsonObject ChatRequest(ProviderOptions provider, string model, IEnumerable<ChatMessage> messages, ChatOptions? options, bool stream)
    {
        var request = new JsonObject
        {
            ["model"] = model,
            ["messages"] = new JsonArray([.. messages.SelectMany(Message)]),
        };
        if (options?.Temperature is { } temperature)
        {
            request["temperature"] = Math.Round((double)temperature, 3);
        }

        if (options?.MaxOutputTokens is { } limit)
        {
            // OpenAI renamed the field; most servers that speak its protocol know only the old name.
            request[provider.Kind == "openai" ? "max_completion_tokens" : "max_tokens"] = limit;
        }

        if (options?.StopSequences is { Count: > 0 } stop)
        {
            request["stop"] = new JsonArray([.. stop.Select(text => JsonValue.Create(text))]);
        }

        if (options?.Tools is { Count: > 0 } tools)
        {
            request["tools"] = new JsonArray([.. tools.OfType<AIFunctionDeclaration>().Select(Tool)]);
        }

        if (options?.ResponseFormat is ChatResponseFormatJson { Schema: { } schema })
        {
            request["response_format"] = new JsonObject
            {
                ["type"] = "json_schema",
                ["json_schema"] = new JsonObject { ["name"] = "answer", ["schema"] = JsonNode.Parse(schema.GetRawText()) },
            };
        }

        if (stream)
        {
            request["stream"] = true;
            request["stream_options"] = new JsonObject { ["include_usage"] = true };
        }

        return request;
    }

    /// <exception cref="ProviderException">The body is not an answer.</exception>
    internal static ChatResponse ChatResponse(ProviderOptions provider, JsonElement body)
    {
        ThrowIfError(provider, body);
        if (!body.TryGetProperty("choices", out var choices) || choices.ValueKind != JsonValueKind.Array || choices.GetArrayLength() == 0)
        {
            throw Garbage(provider, "the answer has no choices");
        }

        var choice = choices[0];
        if (FinishReason(choice) is not { } finish || !choice.TryGetProperty("message", out var message))
        {
            throw Garbage(provider, "the answer is not finished");
        }

        var contents = new List<AIContent>();
        if (Text(message, "content") is { Length: > 0 } text)
        {
            contents.Add(new TextContent(text));
        }

        if (message.TryGetProperty("tool_calls", out var calls) && calls.ValueKind == JsonValueKind.Array)
        {
            contents.AddRange(calls.EnumerateArray().Select(call => ToolCall(
                provider, Text(call, "id") ?? "", Text(call.GetProperty("function"), "name") ?? "", Text(call.GetProperty("function"), "arguments") ?? "{}")));
        }

        if (contents.Count == 0)
        {
            throw Garbage(provider, "the answer is empty");
        }

        return new ChatResponse(new ChatMessage(ChatRole.Assistant, contents))
        {
            FinishReason = finish,
            ModelId = Text(body, "model"),
            ResponseId = Text(body, "id"),
            Usage = Usage(body),
        };
    }

    /// <exception cref="ProviderException">The arguments are no JSON object.</exception>
    internal static FunctionCallContent ToolCall(ProviderOptions provider, string id, string name, string arguments)
    {
        try
        {
            return new FunctionCallContent(id, name, JsonSerializer.Deserialize<Dictionary<string, object?>>(arguments));
        }
        catch (JsonException error)
        {
            throw Garbage(provider, "the arguments of a tool call are not JSON", error);
        }
    }

    internal static ChatFinishReason? FinishReason(JsonElement choice) => Text(choice, "finish_reason") switch
    {
        null or "" => null,
        "stop" => ChatFinishReason.Stop,
        "length" => ChatFinishReason.Length,
        "tool_calls" or "function_call" => ChatFinishReason.ToolCalls,
        "content_filter" => ChatFinishReason.ContentFilter,
        var other => new ChatFinishReason(other),
    };

    internal static UsageDetails? Usage(JsonElement body)
    {
        if (!body.TryGetProperty("usage", out var usage) || usage.ValueKind != JsonValueKind.Object || Number(usage, "prompt_tokens") is not { } input)
        {
            return null;
        }

        var output = Number(usage, "completion_tokens") ?? 0;
        return new UsageDetails
        {
            InputTokenCount = input,
            OutputTokenCount = output,
            TotalTokenCount = input + output,
            CachedInputTokenCount = Detail(usage, "prompt_tokens_details", "cached_tokens"),
            ReasoningTokenCount = Detail(usage, "completion_tokens_details", "reasoning_tokens"),
        };
    }

    /// <summary>Some servers report a failure inside a success.</summary>
    internal static void ThrowIfError(ProviderOptions provider, JsonElement body)
    {
        if (body.ValueKind != JsonValueKind.Object)
        {
            throw Garbage(provider, "the answer is not an object");
        }

        if (body.TryGetProperty("error", out var error) && error.ValueKind is JsonValueKind.Object or JsonValueKind.String)
        {
            var code = error.ValueKind == JsonValueKind.Object ? $"{Text(error, "code")} {Text(error, "type")}" : "";
            var kind = code.Contains("rate_limit", StringComparison.Ordinal) ? ExternalErrorClass.RateLimit
                : code.Contains("auth", StringComparison.Ordinal) || code.Contains("api_key", StringComparison.Ordinal) ? ExternalErrorClass.AuthenticationError
                : code.Contains("invalid_request", StringComparison.Ordinal) ? ExternalErrorClass.BadRequest
                : ExternalErrorClass.ServerError;
            throw new ProviderException(kind, provider.Name, "an error came inside a success");
        }
    }

    internal static ProviderException Garbage(ProviderOptions provider, string what, Exception? cause = null) =>
        new(ExternalErrorClass.ServerError, provider.Name, what, cause);

    internal static string? Text(JsonElement element, string name) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    private static long? Number(JsonElement element, string name) =>
        element.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out var number) && number >= 0 ? number : null;

    private static long? Detail(JsonElement usage, string group, string name) =>
        usage.TryGetProperty(group, out var details) && details.ValueKind == JsonValueKind.Object ? Number(details, name) : null;

    private static JsonObject Tool(AIFunctionDeclaration tool) => new()
    {
        ["type"] = "function",
        ["function"] = new JsonObject
        {
            ["name"] = tool.Name,
            ["description"] = tool.Description,
            ["parameters"] = JsonNode.Parse(tool.JsonSchema.GetRawText()),
        },
    };

    private static IEnumerable<JsonNode> Message(ChatMessage message)
    {
        var results = message.Contents.OfType<FunctionResultContent>().ToArray();
        foreach (var result in results)
        {
            yield return new JsonObject { ["role"] = "tool", ["tool_call_id"] = result.CallId, ["content"] = result.Result?.ToString() ?? "" };
        }

        if (results.Length > 0)
        {
            yield break;
        }

        var written = new JsonObject { ["role"] = message.Role.Value, ["content"] = message.Text };
        if (message.AuthorName is { Length: > 0 } name)
        {
            written["name"] = name;
        }

        if (message.Contents.OfType<FunctionCallContent>().ToArray() is { Length: > 0 } calls)
        {
            written["tool_calls"] = new JsonArray([.. calls.Select(call => new JsonObject
            {
                ["id"] = call.CallId,
                ["type"] = "function",
                ["function"] = new JsonObject { ["name"] = call.Name, ["arguments"] = JsonSerializer.Serialize(call.Arguments ?? new Dictionary<string, object?>()) },
            })]);
        }

        yield return written;
    }
}
