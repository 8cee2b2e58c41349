using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Platform.ProviderSimulator.Answers;

namespace Platform.ProviderSimulator.OpenAi;

/// <summary>OpenAI's chat completions; Azure's differ in address and header only.</summary>
internal sealed class OpenAiDialect : IDialect
{
    private const int ArgumentPiece = 8;

    private static readonly Frame Done = new(FrameKind.EndMark, "data: [DONE]\n\n"u8.ToArray());

    public string? Key(HttpRequest request)
    {
        const string bearer = "Bearer ";
        var authorization = request.Headers.Authorization.ToString();
        return authorization.StartsWith(bearer, StringComparison.OrdinalIgnoreCase) ? authorization[bearer.Length..] : request.Headers["api-key"];
    }

    public ChatRequest Read(JsonElement body, string? modelOfPath)
    {
        var model = modelOfPath ?? Json.Text(body, "model") ?? throw new FormatException("you must provide a model parameter");
        if (!body.TryGetProperty("messages", out var messages) || messages.ValueKind != JsonValueKind.Array || messages.GetArrayLength() == 0)
        {
            throw new FormatException("Invalid 'messages': empty array. Expected an array with minimum length 1.");
        }

        var streams = Json.Flag(body, "stream");
        return new ChatRequest(model, [.. messages.EnumerateArray().Select(message => new Turn(Json.Text(message, "role") ?? "user", Json.Content(message)))], streams)
        {
            WantsUsage = !streams || (body.TryGetProperty("stream_options", out var options) && Json.Flag(options, "include_usage")),
            MaximumTokens = Json.Number(body, "max_completion_tokens") ?? Json.Number(body, "max_tokens"),
            Stop = Json.Texts(body, "stop"),
            Tools = Json.Text(body, "tool_choice") == "none" ? [] : Tools(body),
            Schema = Schema(body),
        };
    }

    public byte[] Whole(Reply reply) => Json.Write(json =>
    {
        Head(json, reply, "chat.completion");
        json.WriteStartArray("choices");
        json.WriteStartObject();
        json.WriteNumber("index", 0);
        json.WriteStartObject("message");
        json.WriteString("role", "assistant");
        if (reply.Answer.Tools.Count > 0)
        {
            json.WriteNull("content");
            json.WriteStartArray("tool_calls");
            foreach (var tool in reply.Answer.Tools)
            {
                json.WriteStartObject();
                Tool(json, tool.Id, tool.Name, tool.ArgumentsJson);
                json.WriteEndObject();
            }

            json.WriteEndArray();
        }
        else
        {
            json.WriteString("content", reply.Answer.Text);
        }

        json.WriteNull("refusal");
        json.WriteEndObject();
        json.WriteNull("logprobs");
        json.WriteString("finish_reason", Finish(reply.Answer));
        json.WriteEndObject();
        json.WriteEndArray();
        if (reply.WithUsage)
        {
            Usage(json, reply.Answer);
        }

        json.WriteString("system_fingerprint", "fp_simulated");
        json.WriteEndObject();
    });

    public IEnumerable<Frame> Frames(Reply reply)
    {
        yield return Chunk(FrameKind.Opening, reply, json =>
        {
            json.WriteString("role", "assistant");
            json.WriteString("content", "");
        }, null);
        var (before, after) = AroundText(reply);
        foreach (var piece in reply.Answer.Pieces)
        {
            yield return new Frame(FrameKind.Text, Json.Join(before, Json.Quote(piece), after));
        }

        for (var index = 0; index < reply.Answer.Tools.Count; index++)
        {
            foreach (var frame in ToolFrames(reply, index, reply.Answer.Tools[index]))
            {
                yield return frame;
            }
        }

        yield return Chunk(FrameKind.Finish, reply, _ => { }, Finish(reply.Answer));
        if (reply.WithUsage)
        {
            yield return new Frame(FrameKind.Usage, Event(Json.Write(json =>
            {
                Head(json, reply, "chat.completion.chunk");
                json.WriteStartArray("choices");
                json.WriteEndArray();
                Usage(json, reply.Answer);
                json.WriteEndObject();
            })));
        }

        yield return Done;
    }

    public byte[] Error(int status, string message) => Json.Write(json =>
    {
        json.WriteStartObject();
        json.WriteStartObject("error");
        json.WriteString("message", message);
        json.WriteString("type", Type(status));
        json.WriteNull("param");
        json.WriteString("code", Code(status));
        json.WriteEndObject();
        json.WriteEndObject();
    });

    public Frame ErrorFrame(string message) => new(FrameKind.Text, Event(Error(500, message)));

    private static IEnumerable<Frame> ToolFrames(Reply reply, int index, ToolUse tool)
    {
        yield return Delta(json =>
        {
            json.WriteNumber("index", index);
            Tool(json, tool.Id, tool.Name, "");
        });
        foreach (var piece in tool.ArgumentsJson.Chunk(ArgumentPiece))
        {
            yield return Delta(json =>
            {
                json.WriteNumber("index", index);
                json.WriteStartObject("function");
                json.WriteString("arguments", new string(piece));
                json.WriteEndObject();
            });
        }

        Frame Delta(Action<Utf8JsonWriter> write) => Chunk(FrameKind.Text, reply, json =>
        {
            json.WriteStartArray("tool_calls");
            json.WriteStartObject();
            write(json);
            json.WriteEndObject();
            json.WriteEndArray();
        }, null);
    }

    private static Frame Chunk(FrameKind kind, Reply reply, Action<Utf8JsonWriter> delta, string? finish) => new(kind, Event(Json.Write(json =>
    {
        Head(json, reply, "chat.completion.chunk");
        json.WriteStartArray("choices");
        json.WriteStartObject();
        json.WriteNumber("index", 0);
        json.WriteStartObject("delta");
        delta(json);
        json.WriteEndObject();
        json.WriteNull("logprobs");
        json.WriteString("finish_reason", finish);
        json.WriteEndObject();
        json.WriteEndArray();
        json.WriteEndObject();
    })));

    /// <summary>What is the same in every chunk of text, written once.</summary>
    private static (byte[] Before, byte[] After) AroundText(Reply reply)
    {
        const string mark = "@text@";
        var whole = Encoding.UTF8.GetString(Chunk(FrameKind.Text, reply, json => json.WriteString("content", mark), null).Bytes);
        var at = whole.LastIndexOf($"\"{mark}\"", StringComparison.Ordinal);
        return (Encoding.UTF8.GetBytes(whole[..at]), Encoding.UTF8.GetBytes(whole[(at + mark.Length + 2)..]));
    }

    private static void Head(Utf8JsonWriter json, Reply reply, string kind)
    {
        json.WriteStartObject();
        json.WriteString("id", reply.Id);
        json.WriteString("object", kind);
        json.WriteNumber("created", reply.Created);
        json.WriteString("model", reply.Model);
    }

    private static void Tool(Utf8JsonWriter json, string id, string name, string arguments)
    {
        json.WriteString("id", id);
        json.WriteString("type", "function");
        json.WriteStartObject("function");
        json.WriteString("name", name);
        json.WriteString("arguments", arguments);
        json.WriteEndObject();
    }

    private static void Usage(Utf8JsonWriter json, Answer answer)
    {
        json.WriteStartObject("usage");
        json.WriteNumber("prompt_tokens", answer.InputTokens);
        json.WriteNumber("completion_tokens", answer.OutputTokens);
        json.WriteNumber("total_tokens", answer.InputTokens + answer.OutputTokens);
        json.WriteStartObject("prompt_tokens_details");
        json.WriteNumber("cached_tokens", 0);
        json.WriteEndObject();
        json.WriteStartObject("completion_tokens_details");
        json.WriteNumber("reasoning_tokens", 0);
        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static IReadOnlyList<ToolOffer> Tools(JsonElement body)
    {
        if (!body.TryGetProperty("tools", out var tools) || tools.ValueKind != JsonValueKind.Array)
        {
            return [];
        }

        ToolOffer[] offered = [.. tools.EnumerateArray().Where(tool => tool.TryGetProperty("function", out _)).Select(tool => tool.GetProperty("function"))
            .Select(function => new ToolOffer(Json.Text(function, "name") ?? "", function.TryGetProperty("parameters", out var schema) ? schema.Clone() : null))];
        var forced = body.TryGetProperty("tool_choice", out var choice) && choice.ValueKind == JsonValueKind.Object && choice.TryGetProperty("function", out var named) ? Json.Text(named, "name") : null;
        return forced is null ? offered : [.. offered.Where(tool => tool.Name == forced)];
    }

    private static JsonElement? Schema(JsonElement body) =>
        body.TryGetProperty("response_format", out var format) && format.ValueKind == JsonValueKind.Object ? Json.Text(format, "type") switch
        {
            "json_schema" when format.TryGetProperty("json_schema", out var named) && named.TryGetProperty("schema", out var schema) => schema.Clone(),
            "json_object" => JsonElement.Parse("""{"type":"object","properties":{"answer":{"type":"string"}}}"""),
            _ => null,
        } : null;

    private static string Finish(Answer answer) => answer.Tools.Count > 0 ? "tool_calls" : answer.IsCutOff ? "length" : "stop";

    private static string Type(int status) => status switch
    {
        401 or 403 or 404 or 400 => "invalid_request_error",
        429 => "tokens",
        _ => "server_error",
    };

    private static string? Code(int status) => status switch
    {
        401 => "invalid_api_key",
        403 => "unsupported_country_region_territory",
        404 => "model_not_found",
        429 => "rate_limit_exceeded",
        _ => null,
    };

    private static byte[] Event(byte[] json) => Json.Join("data: "u8.ToArray(), json, "\n\n"u8.ToArray());
}
