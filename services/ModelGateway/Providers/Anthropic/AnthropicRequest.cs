using System.Text;
using System.Text.Json;
using Microsoft.Extensions.AI;

namespace Platform.ModelGateway.Providers.Anthropic;

/// <summary>
/// Writes a request of Anthropic's messages API: the system prompt beside the messages, tool results inside a user's message,
/// messages of one role in a row as one. A JSON schema becomes a tool that the model must call, which every model supports.
/// </summary>
internal static class AnthropicRequest
{
    /// <summary>The tool whose input is the answer.</summary>
    internal const string AnswerTool = "answer_in_schema";

    private const int DefaultLimit = 1024;

    internal static void Write(Utf8JsonWriter writer, IEnumerable<ChatMessage> messages, ChatOptions? options, bool stream)
    {
        var all = messages as IReadOnlyList<ChatMessage> ?? [.. messages];
        writer.WriteStartObject();
        writer.WriteString("model", options?.ModelId ?? "");
        writer.WriteNumber("max_tokens", options?.MaxOutputTokens ?? DefaultLimit);
        WriteSystem(writer, all);
        WriteMessages(writer, all);
        if (options?.Temperature is { } temperature)
        {
            // Anthropic's scale ends at 1.
            writer.WriteNumber("temperature", Math.Round(Math.Min((double)temperature, 1), 4));
        }

        if (options?.TopP is { } share && options.Temperature is null)
        {
            writer.WriteNumber("top_p", Math.Round((double)share, 4));
        }

        if (options?.StopSequences is { Count: > 0 } stop)
        {
            writer.WriteStartArray("stop_sequences");
            foreach (var text in stop)
            {
                writer.WriteStringValue(text);
            }

            writer.WriteEndArray();
        }

        AnthropicTools.Write(writer, options);
        if (options?.EndUser() is { } user)
        {
            writer.WriteStartObject("metadata");
            writer.WriteString("user_id", user);
            writer.WriteEndObject();
        }

        if (stream)
        {
            writer.WriteBoolean("stream", true);
        }

        writer.WriteEndObject();
    }

    private static void WriteSystem(Utf8JsonWriter writer, IReadOnlyList<ChatMessage> messages)
    {
        var text = new StringBuilder();
        foreach (var message in messages.Where(message => message.Role == ChatRole.System && message.Text.Length > 0))
        {
            text.Append(text.Length > 0 ? "\n\n" : "").Append(message.Text);
        }

        if (text.Length > 0)
        {
            writer.WriteString("system", text.ToString());
        }
    }

    private static void WriteMessages(Utf8JsonWriter writer, IReadOnlyList<ChatMessage> messages)
    {
        writer.WriteStartArray("messages");
        string? open = null;
        foreach (var message in messages.Where(message => message.Role != ChatRole.System))
        {
            var role = message.Role == ChatRole.Assistant ? "assistant" : "user";
            if (role != open)
            {
                Close();
                writer.WriteStartObject();
                writer.WriteString("role", role);
                writer.WriteStartArray("content");
                open = role;
            }

            foreach (var content in message.Contents)
            {
                Write(writer, content);
            }
        }

        Close();
        writer.WriteEndArray();

        void Close()
        {
            if (open is not null)
            {
                writer.WriteEndArray();
                writer.WriteEndObject();
            }
        }
    }

    private static void Write(Utf8JsonWriter writer, AIContent content)
    {
        switch (content)
        {
            case TextContent { Text.Length: > 0 } text:
                writer.WriteStartObject();
                writer.WriteString("type", "text");
                writer.WriteString("text", text.Text);
                writer.WriteEndObject();
                break;
            case FunctionCallContent call:
                writer.WriteStartObject();
                writer.WriteString("type", "tool_use");
                writer.WriteString("id", call.CallId);
                writer.WriteString("name", call.Name);
                writer.WritePropertyName("input");
                JsonSerializer.Serialize(writer, call.Arguments ?? new Dictionary<string, object?>());
                writer.WriteEndObject();
                break;
            case FunctionResultContent result:
                writer.WriteStartObject();
                writer.WriteString("type", "tool_result");
                writer.WriteString("tool_use_id", result.CallId);
                writer.WriteString("content", result.Result?.ToString() ?? "");
                writer.WriteEndObject();
                break;
            default:
                // The protocol has no place for it.
                break;
        }
    }
}
