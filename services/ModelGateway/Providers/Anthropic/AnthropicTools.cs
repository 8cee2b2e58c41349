using System.Text.Json;
using Microsoft.Extensions.AI;

namespace Platform.ModelGateway.Providers.Anthropic;

/// <summary>Writes tools and what the model must do with them.</summary>
internal static class AnthropicTools
{
    internal static void Write(Utf8JsonWriter writer, ChatOptions? options)
    {
        var tools = options?.Tools?.OfType<AIFunctionDeclaration>().ToArray() ?? [];
        var schema = (options?.ResponseFormat as ChatResponseFormatJson)?.Schema;
        if (tools.Length == 0 && schema is null)
        {
            return;
        }

        writer.WriteStartArray("tools");
        foreach (var tool in tools)
        {
            WriteTool(writer, tool.Name, tool.Description, tool.JsonSchema);
        }

        if (schema is { } form)
        {
            WriteTool(writer, AnthropicRequest.AnswerTool, "Gives the answer. Its input is the whole answer.", form);
        }

        writer.WriteEndArray();
        WriteChoice(writer, options!, tools.Length > 0, schema is not null);
    }

    private static void WriteTool(Utf8JsonWriter writer, string name, string description, JsonElement schema)
    {
        writer.WriteStartObject();
        writer.WriteString("name", name);
        writer.WriteString("description", description);
        writer.WritePropertyName("input_schema");
        if (schema.ValueKind == JsonValueKind.Object && schema.TryGetProperty("type", out _))
        {
            schema.WriteTo(writer);
        }
        else
        {
            // Required here, though JSON schema lets it be left out.
            writer.WriteStartObject();
            writer.WriteString("type", "object");
            foreach (var property in schema.ValueKind == JsonValueKind.Object ? schema.EnumerateObject() : default)
            {
                property.WriteTo(writer);
            }

            writer.WriteEndObject();
        }

        writer.WriteEndObject();
    }

    private static void WriteChoice(Utf8JsonWriter writer, ChatOptions options, bool hasTools, bool hasSchema)
    {
        var (type, name) = options.ToolMode switch
        {
            RequiredChatToolMode { RequiredFunctionName: { } required } => ("tool", required),
            // With a schema the answer, too, is given by a tool: the model may choose among them, and must choose one.
            _ when hasSchema && hasTools && options.ToolMode is not NoneChatToolMode => ("any", null),
            _ when hasSchema => ("tool", AnthropicRequest.AnswerTool),
            RequiredChatToolMode => ("any", null),
            NoneChatToolMode => ("none", null),
            _ => ("auto", null),
        };
        if (type == "auto" && options.AllowMultipleToolCalls is not false)
        {
            return;
        }

        writer.WriteStartObject("tool_choice");
        writer.WriteString("type", type);
        if (name is not null)
        {
            writer.WriteString("name", name);
        }

        if (options.AllowMultipleToolCalls is false && type != "none")
        {
            writer.WriteBoolean("disable_parallel_tool_use", true);
        }

        writer.WriteEndObject();
    }
}
