using System.Text;
using System.Text.Json;
using Platform.Contracts.ModelGateway.V1;

namespace Platform.ModelGateway.OpenAiEndpoint;

/// <summary>A chat request, and how its client wants the answer.</summary>
/// <param name="Request">What the pipeline is asked.</param>
/// <param name="Model">The model as the client named it.</param>
/// <param name="Streams">Server-sent events.</param>
/// <param name="IncludesUsage">The stream ends with token counts.</param>
internal sealed record ChatExchange(CompletionRequest Request, string Model, bool Streams, bool IncludesUsage);

/// <summary>OpenAI's chat completion request as the contract's; a field that would not be kept is refused, never dropped.</summary>
internal static class ChatRequestReader
{
    /// <exception cref="EndpointRefusedException">A field is missing, wrong or not served.</exception>
    internal static ChatExchange Read(JsonElement body, EndpointModels models)
    {
        ChatFields.Check(body);
        var model = body.Text("model") is { Length: > 0 } named ? named : throw EndpointRefusedException.Invalid("model", "model must be given.", "missing_required_parameter");
        var request = new CompletionRequest { Model = models.Logical(model) };
        ChatSettingsReader.Read(body, request);
        var index = 0;
        foreach (var message in body.List("messages"))
        {
            request.Messages.Add(Message(message, $"messages[{index++}]"));
        }

        ChatToolReader.Read(body, request);
        var streams = body.Flag("stream");
        return new ChatExchange(request, model, streams, streams && body.Field("stream_options") is { ValueKind: JsonValueKind.Object } options && options.Flag("include_usage"));
    }

    private static Message Message(JsonElement message, string path)
    {
        if (message.ValueKind != JsonValueKind.Object)
        {
            throw EndpointRefusedException.Invalid(path, $"{path} must be an object.", "invalid_type");
        }

        var read = new Message
        {
            Role = message.Text("role") switch
            {
                "system" or "developer" => Role.System,
                "user" => Role.User,
                "assistant" => Role.Assistant,
                "tool" => Role.Tool,
                _ => throw EndpointRefusedException.Invalid($"{path}.role", $"{path}.role must be system, developer, user, assistant or tool."),
            },
            Text = Content(message, path),
            Name = message.Text("name") ?? "",
            ToolCallId = message.Text("tool_call_id") ?? "",
        };
        foreach (var call in message.List("tool_calls"))
        {
            var function = call.ValueKind == JsonValueKind.Object && call.Field("function") is { ValueKind: JsonValueKind.Object } named
                ? named : throw EndpointRefusedException.Invalid($"{path}.tool_calls", $"{path}.tool_calls must be calls of functions.");
            read.ToolCalls.Add(new ToolCall { Id = call.Text("id") ?? "", Name = function.Text("name") ?? "", ArgumentsJson = function.Text("arguments") ?? "{}" });
        }

        return read;
    }

    private static string Content(JsonElement message, string path)
    {
        if (message.Field("content") is not { } content)
        {
            return "";
        }

        if (content.ValueKind == JsonValueKind.String)
        {
            return content.GetString()!;
        }

        var text = new StringBuilder();
        foreach (var part in message.List("content"))
        {
            var isText = part.ValueKind == JsonValueKind.Object && part.Text("type") is "text" or "refusal";
            Refuse(!isText, $"{path}.content", "Only parts of type text are served here.");
            text.Append(part.Text("text") ?? part.Text("refusal"));
        }

        return text.ToString();
    }

    private static void Refuse(bool condition, string parameter, string message)
    {
        if (condition)
        {
            throw EndpointRefusedException.Invalid(parameter, message, "unsupported_value");
        }
    }
}
