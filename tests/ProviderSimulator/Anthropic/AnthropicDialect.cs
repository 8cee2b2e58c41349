using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Platform.ProviderSimulator.Answers;

namespace Platform.ProviderSimulator.Anthropic;

/// <summary>Anthropic's messages, with the events of its streams.</summary>
internal sealed class AnthropicDialect : IDialect
{
    private const int ArgumentPiece = 8;

    public string? Key(HttpRequest request) => request.Headers["x-api-key"];

    public ChatRequest Read(JsonElement body, string? modelOfPath)
    {
        var model = Json.Text(body, "model") ?? throw new FormatException("model: Field required");
        var most = Json.Number(body, "max_tokens") ?? throw new FormatException("max_tokens: Field required");
        if (!body.TryGetProperty("messages", out var messages) || messages.ValueKind != JsonValueKind.Array || messages.GetArrayLength() == 0)
        {
            throw new FormatException("messages: at least one message is required");
        }

        if (messages.EnumerateArray().FirstOrDefault(message => Json.Text(message, "role") is not ("user" or "assistant")) is { ValueKind: JsonValueKind.Object })
        {
            throw new FormatException("messages: role must be user or assistant");
        }

        List<Turn> turns = [.. System(body).Select(text => new Turn("system", text)), .. messages.EnumerateArray().Select(Read)];
        return new ChatRequest(model, turns, Json.Flag(body, "stream"))
        {
            MaximumTokens = most,
            Stop = Json.Texts(body, "stop_sequences"),
            Tools = Tools(body),
            Schema = body.TryGetProperty("output_format", out var format) && format.ValueKind == JsonValueKind.Object && format.TryGetProperty("schema", out var schema) ? schema.Clone() : null,
        };
    }

    public byte[] Whole(Reply reply) => Json.Write(json =>
    {
        Head(json, reply);
        json.WriteStartArray("content");
        if (reply.Answer.Pieces.Count > 0)
        {
            json.WriteStartObject();
            json.WriteString("type", "text");
            json.WriteString("text", reply.Answer.Text);
            json.WriteEndObject();
        }

        foreach (var tool in reply.Answer.Tools)
        {
            json.WriteStartObject();
            Tool(json, tool);
            json.WritePropertyName("input");
            json.WriteRawValue(tool.ArgumentsJson);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteString("stop_reason", Stop(reply.Answer));
        json.WriteNull("stop_sequence");
        Usage(json, reply, reply.Answer.InputTokens, reply.Answer.OutputTokens);
        json.WriteEndObject();
    });

    public IEnumerable<Frame> Frames(Reply reply)
    {
        yield return Event(FrameKind.Opening, "message_start", json =>
        {
            json.WritePropertyName("message");
            Head(json, reply);
            json.WriteStartArray("content");
            json.WriteEndArray();
            json.WriteNull("stop_reason");
            json.WriteNull("stop_sequence");
            Usage(json, reply, reply.Answer.InputTokens, 1);
            json.WriteEndObject();
        });
        var index = 0;
        if (reply.Answer.Pieces.Count > 0)
        {
            yield return BlockStart(0, json =>
            {
                json.WriteString("type", "text");
                json.WriteString("text", "");
            });
            yield return Event(FrameKind.Opening, "ping", _ => { });
            foreach (var piece in reply.Answer.Pieces)
            {
                yield return Delta(0, "text_delta", "text", piece);
            }

            yield return BlockStop(index++);
        }

        foreach (var tool in reply.Answer.Tools)
        {
            yield return BlockStart(index, json =>
            {
                Tool(json, tool);
                json.WriteStartObject("input");
                json.WriteEndObject();
            });
            foreach (var piece in tool.ArgumentsJson.Chunk(ArgumentPiece))
            {
                yield return Delta(index, "input_json_delta", "partial_json", new string(piece));
            }

            yield return BlockStop(index++);
        }

        yield return Event(FrameKind.Finish, "message_delta", json =>
        {
            json.WriteStartObject("delta");
            json.WriteString("stop_reason", Stop(reply.Answer));
            json.WriteNull("stop_sequence");
            json.WriteEndObject();
            if (reply.WithUsage)
            {
                json.WriteStartObject("usage");
                json.WriteNumber("output_tokens", reply.Answer.OutputTokens);
                json.WriteEndObject();
            }
        });
        yield return Event(FrameKind.EndMark, "message_stop", _ => { });
    }

    public byte[] Error(int status, string message) => Json.Write(json =>
    {
        json.WriteStartObject();
        json.WriteString("type", "error");
        json.WriteStartObject("error");
        json.WriteString("type", Type(status));
        json.WriteString("message", message);
        json.WriteEndObject();
        json.WriteEndObject();
    });

    public Frame ErrorFrame(string message) =>
        new(FrameKind.Text, Json.Join("event: error\ndata: "u8, Error(529, message), "\n\n"u8));

    private static Turn Read(JsonElement message) =>
        message.TryGetProperty("content", out var content) && content.ValueKind == JsonValueKind.Array
            && content.EnumerateArray().Any(part => Json.Text(part, "type") == "tool_result")
            ? new Turn("tool", Json.Content(message))
            : new Turn(Json.Text(message, "role")!, Json.Content(message));

    private static IReadOnlyList<string> System(JsonElement body) =>
        !body.TryGetProperty("system", out var system) ? []
        : system.ValueKind == JsonValueKind.String ? [system.GetString()!]
        : system.ValueKind == JsonValueKind.Array ? [.. system.EnumerateArray().Select(part => Json.Text(part, "text") ?? "")]
        : [];

    private static IReadOnlyList<ToolOffer> Tools(JsonElement body)
    {
        var choice = body.TryGetProperty("tool_choice", out var chosen) ? chosen : default;
        if (!body.TryGetProperty("tools", out var tools) || tools.ValueKind != JsonValueKind.Array || Json.Text(choice, "type") == "none")
        {
            return [];
        }

        ToolOffer[] offered = [.. tools.EnumerateArray().Select(tool => new ToolOffer(Json.Text(tool, "name") ?? "", tool.TryGetProperty("input_schema", out var schema) ? schema.Clone() : null))];
        return Json.Text(choice, "name") is { } forced ? [.. offered.Where(tool => tool.Name == forced)] : offered;
    }

    private static void Head(Utf8JsonWriter json, Reply reply)
    {
        json.WriteStartObject();
        json.WriteString("id", reply.Id.Replace("chatcmpl-", "msg_", StringComparison.Ordinal));
        json.WriteString("type", "message");
        json.WriteString("role", "assistant");
        json.WriteString("model", reply.Model);
    }

    private static void Tool(Utf8JsonWriter json, ToolUse tool)
    {
        json.WriteString("type", "tool_use");
        json.WriteString("id", tool.Id.Replace("call_", "toolu_", StringComparison.Ordinal));
        json.WriteString("name", tool.Name);
    }

    private static void Usage(Utf8JsonWriter json, Reply reply, int input, int output)
    {
        if (!reply.WithUsage)
        {
            return;
        }

        json.WriteStartObject("usage");
        json.WriteNumber("input_tokens", input);
        json.WriteNumber("cache_creation_input_tokens", 0);
        json.WriteNumber("cache_read_input_tokens", 0);
        json.WriteNumber("output_tokens", output);
        json.WriteEndObject();
    }

    private static Frame BlockStart(int index, Action<Utf8JsonWriter> block) => Event(FrameKind.Opening, "content_block_start", json =>
    {
        json.WriteNumber("index", index);
        json.WriteStartObject("content_block");
        block(json);
        json.WriteEndObject();
    });

    private static Frame Delta(int index, string type, string name, string text) => Event(FrameKind.Text, "content_block_delta", json =>
    {
        json.WriteNumber("index", index);
        json.WriteStartObject("delta");
        json.WriteString("type", type);
        json.WriteString(name, text);
        json.WriteEndObject();
    });

    private static Frame BlockStop(int index) => Event(FrameKind.Finish, "content_block_stop", json => json.WriteNumber("index", index));

    private static Frame Event(FrameKind kind, string name, Action<Utf8JsonWriter> write) => new(kind, Json.Join(
        Encoding.UTF8.GetBytes($"event: {name}\ndata: "),
        Json.Write(json =>
        {
            json.WriteStartObject();
            json.WriteString("type", name);
            write(json);
            json.WriteEndObject();
        }),
        "\n\n"u8));

    private static string Stop(Answer answer) => answer.Tools.Count > 0 ? "tool_use" : answer.IsCutOff ? "max_tokens" : "end_turn";

    private static string Type(int status) => status switch
    {
        400 => "invalid_request_error",
        401 => "authentication_error",
        403 => "permission_error",
        404 => "not_found_error",
        413 => "request_too_large",
        429 => "rate_limit_error",
        503 or 529 => "overloaded_error",
        _ => "api_error",
    };
}
