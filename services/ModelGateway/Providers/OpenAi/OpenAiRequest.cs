using System.Text.Json;
using Microsoft.Extensions.AI;
using Platform.ModelGateway.Completions;

namespace Platform.ModelGateway.Providers.OpenAi;

/// <summary>Writes a chat completion as OpenAI's API reference describes it.</summary>
internal static class OpenAiRequest
{
    internal static void Write(Utf8JsonWriter writer, string kind, IEnumerable<ChatMessage> messages, ChatOptions? options, bool stream)
    {
        writer.WriteStartObject();
        writer.WriteString("model", options?.ModelId ?? "");
        writer.WriteStartArray("messages");
        foreach (var message in messages)
        {
            Write(writer, message);
        }

        writer.WriteEndArray();
        if (options is not null)
        {
            WriteOptions(writer, kind, options);
        }

        if (stream)
        {
            writer.WriteBoolean("stream", true);
            writer.WriteStartObject("stream_options");
            writer.WriteBoolean("include_usage", true);
            writer.WriteEndObject();
        }

        writer.WriteEndObject();
    }

    private static void WriteOptions(Utf8JsonWriter writer, string kind, ChatOptions options)
    {
        Number(writer, "temperature", options.Temperature);
        Number(writer, "top_p", options.TopP);
        Number(writer, "frequency_penalty", options.FrequencyPenalty);
        Number(writer, "presence_penalty", options.PresencePenalty);
        if (options.Seed is { } seed)
        {
            writer.WriteNumber("seed", seed);
        }

        if (options.MaxOutputTokens is { } limit)
        {
            // OpenAI renamed the field; most servers that speak its protocol know only the old name.
            writer.WriteNumber(kind is ProviderKinds.OpenAi or ProviderKinds.AzureOpenAi ? "max_completion_tokens" : "max_tokens", limit);
        }

        if (options.StopSequences is { Count: > 0 } stop)
        {
            writer.WriteStartArray("stop");
            foreach (var text in stop)
            {
                writer.WriteStringValue(text);
            }

            writer.WriteEndArray();
        }

        if (options.Tools is { Count: > 0 } tools)
        {
            WriteTools(writer, tools, options);
        }

        if (options.ResponseFormat is ChatResponseFormatJson format)
        {
            WriteFormat(writer, format, options.StrictSchema());
        }

        Text(writer, "reasoning_effort", options.ReasoningEffort());
        Text(writer, "user", options.EndUser());
    }

    private static void WriteTools(Utf8JsonWriter writer, IList<AITool> tools, ChatOptions options)
    {
        writer.WriteStartArray("tools");
        foreach (var tool in tools.OfType<AIFunctionDeclaration>())
        {
            writer.WriteStartObject();
            writer.WriteString("type", "function");
            writer.WriteStartObject("function");
            writer.WriteString("name", tool.Name);
            writer.WriteString("description", tool.Description);
            writer.WritePropertyName("parameters");
            tool.JsonSchema.WriteTo(writer);
            if (tool is ToolDeclaration { Strict: { } strict })
            {
                writer.WriteBoolean("strict", strict);
            }

            writer.WriteEndObject();
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        if (options.AllowMultipleToolCalls is { } parallel)
        {
            writer.WriteBoolean("parallel_tool_calls", parallel);
        }

        switch (options.ToolMode)
        {
            case RequiredChatToolMode { RequiredFunctionName: { } name }:
                writer.WriteStartObject("tool_choice");
                writer.WriteString("type", "function");
                writer.WriteStartObject("function");
                writer.WriteString("name", name);
                writer.WriteEndObject();
                writer.WriteEndObject();
                break;
            case RequiredChatToolMode:
                writer.WriteString("tool_choice", "required");
                break;
            case NoneChatToolMode:
                writer.WriteString("tool_choice", "none");
                break;
            default:
                // Left out, the model chooses.
                break;
        }
    }

    private static void WriteFormat(Utf8JsonWriter writer, ChatResponseFormatJson format, bool? strict)
    {
        writer.WriteStartObject("response_format");
        if (format.Schema is { } schema)
        {
            writer.WriteString("type", "json_schema");
            writer.WriteStartObject("json_schema");
            writer.WriteString("name", format.SchemaName ?? "answer");
            Text(writer, "description", format.SchemaDescription);
            if (strict is { } isStrict)
            {
                writer.WriteBoolean("strict", isStrict);
            }

            writer.WritePropertyName("schema");
            schema.WriteTo(writer);
            writer.WriteEndObject();
        }
        else
        {
            writer.WriteString("type", "json_object");
        }

        writer.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter writer, ChatMessage message)
    {
        var calls = 0;
        var results = false;
        foreach (var content in message.Contents)
        {
            switch (content)
            {
                case FunctionResultContent result:
                    results = true;
                    writer.WriteStartObject();
                    writer.WriteString("role", "tool");
                    writer.WriteString("tool_call_id", result.CallId);
                    writer.WriteString("content", result.Result?.ToString() ?? "");
                    writer.WriteEndObject();
                    break;
                case FunctionCallContent:
                    calls++;
                    break;
                default:
                    // Text is written as a whole below.
                    break;
            }
        }

        if (results)
        {
            return;
        }

        writer.WriteStartObject();
        writer.WriteString("role", message.Role.Value);
        writer.WriteString("content", message.Text);
        if (message.AuthorName is { Length: > 0 } name)
        {
            writer.WriteString("name", name);
        }

        if (calls > 0)
        {
            WriteCalls(writer, message);
        }

        writer.WriteEndObject();
    }

    private static void WriteCalls(Utf8JsonWriter writer, ChatMessage message)
    {
        writer.WriteStartArray("tool_calls");
        foreach (var call in message.Contents.OfType<FunctionCallContent>())
        {
            writer.WriteStartObject();
            writer.WriteString("id", call.CallId);
            writer.WriteString("type", "function");
            writer.WriteStartObject("function");
            writer.WriteString("name", call.Name);
            writer.WriteString("arguments", JsonSerializer.Serialize(call.Arguments ?? new Dictionary<string, object?>()));
            writer.WriteEndObject();
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }

    // A float of 0.3 would go out as 0.30000001192092896.
    private static void Number(Utf8JsonWriter writer, string name, float? value)
    {
        if (value is { } number)
        {
            writer.WriteNumber(name, Math.Round((double)number, 4));
        }
    }

    private static void Text(Utf8JsonWriter writer, string name, string? value)
    {
        if (value is not null)
        {
            writer.WriteString(name, value);
        }
    }
}
