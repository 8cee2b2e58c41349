using System.Text;
using System.Text.Json;
using Google.Protobuf.WellKnownTypes;
using Platform.Contracts.ModelGateway.V1;

namespace Platform.ModelGateway.OpenAiEndpoint;

/// <summary>A chat request, and how its client wants the answer.</summary>
/// <param name="Request">What the pipeline is asked.</param>
/// <param name="Model">The model as the client named it.</param>
/// <param name="Streams">Server-sent events.</param>
/// <param name="IncludesUsage">The stream ends with token counts.</param>
internal sealed record ChatExchange(CompletionRequest Request, string Model, bool Streams, bool IncludesUsage);

/// <summary>
/// OpenAI's chat completion request as the contract's. What is named here and cannot be served is refused; other fields that the contract
/// lacks (<c>top_p</c>, <c>seed</c>, penalties, <c>tool_choice</c>, <c>parallel_tool_calls</c>, <c>reasoning_effort</c>) are not passed on.
/// </summary>
internal static class ChatRequestReader
{
    private static readonly string[] NotServed = ["functions", "function_call", "audio", "prediction", "web_search_options"];

    /// <exception cref="EndpointRefusedException">A field is missing, wrong or not served.</exception>
    internal static ChatExchange Read(JsonElement body, EndpointModels models)
    {
        foreach (var name in NotServed)
        {
            Refuse(body.Field(name) is not null, name, $"{name} is not served here.");
        }

        Refuse(body.Integer("n") is { } n && n != 1, "n", "n must be 1: this endpoint gives one choice.");
        Refuse(body.Flag("logprobs"), "logprobs", "logprobs are not served here.");
        Refuse(body.List("modalities").Any(modality => modality.ValueKind != JsonValueKind.String || modality.GetString() != "text"), "modalities", "modalities must be [\"text\"].");
        var model = body.Text("model") is { Length: > 0 } named ? named : throw EndpointRefusedException.Invalid("model", "model must be given.", "missing_required_parameter");
        var request = new CompletionRequest { Model = models.Logical(model), MaxOutputTokens = body.Integer("max_completion_tokens") ?? body.Integer("max_tokens") ?? 0 };
        if (body.Number("temperature") is { } temperature)
        {
            request.Temperature = temperature;
        }

        request.Stop.Add(body.TextOrTexts("stop"));
        var index = 0;
        foreach (var message in body.List("messages"))
        {
            request.Messages.Add(Message(message, $"messages[{index++}]"));
        }

        ReadTools(body, request);
        ReadFormat(body, request);
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

    private static void ReadTools(JsonElement body, CompletionRequest request)
    {
        foreach (var tool in body.List("tools"))
        {
            var function = tool.ValueKind == JsonValueKind.Object && tool.Field("function") is { ValueKind: JsonValueKind.Object } declared
                ? declared : throw EndpointRefusedException.Invalid("tools", "tools must be of type function.");
            request.Tools.Add(new Tool
            {
                Name = function.Text("name") is { Length: > 0 } name ? name : throw EndpointRefusedException.Invalid("tools", "Each tool must have a name.", "missing_required_parameter"),
                Description = function.Text("description") ?? "",
                Parameters = function.Field("parameters") is { } schema ? Parse(schema, "tools") : null,
            });
        }
    }

    private static void ReadFormat(JsonElement body, CompletionRequest request)
    {
        if (body.Field("response_format") is not { } format)
        {
            return;
        }

        switch (format.ValueKind == JsonValueKind.Object ? format.Text("type") : null)
        {
            case "text":
                break;
            case "json_object":
                request.ResponseSchema = Parse(JsonElement.Parse("""{"type":"object"}"""), "response_format");
                break;
            case "json_schema" when format.Field("json_schema") is { ValueKind: JsonValueKind.Object } named && named.Field("schema") is { } schema:
                request.ResponseSchema = Parse(schema, "response_format");
                break;
            default:
                throw EndpointRefusedException.Invalid("response_format", "response_format must be of type text, json_object or json_schema with a schema.");
        }
    }

    private static Struct Parse(JsonElement schema, string parameter) => schema.ValueKind == JsonValueKind.Object
        ? Struct.Parser.ParseJson(schema.GetRawText())
        : throw EndpointRefusedException.Invalid(parameter, $"{parameter} must hold a JSON schema.");

    private static void Refuse(bool condition, string parameter, string message)
    {
        if (condition)
        {
            throw EndpointRefusedException.Invalid(parameter, message, "unsupported_value");
        }
    }
}
