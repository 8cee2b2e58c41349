using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using Platform.Contracts.ModelGateway.V1;

namespace Platform.ModelGateway.OpenAiEndpoint;

/// <summary>Writes one answer in OpenAI's shapes, whole or chunk by chunk.</summary>
internal sealed class ChatAnswer(ChatExchange exchange, string requestId, DateTimeOffset created)
{
    // As providers write: only what JSON demands is escaped.
    private static readonly JsonWriterOptions Written = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };

    private int _toolCalls;
    private byte[]? _beforeText;

    internal byte[] Whole(CompletionResponse response) => JsonRoom.Bytes(json =>
    {
        Head(json, "chat.completion");
        json.WriteStartArray("choices");
        json.WriteStartObject();
        json.WriteNumber("index", 0);
        json.WriteStartObject("message");
        json.WriteString("role", "assistant");
        json.WriteString("content", response.Text.Length == 0 && response.ToolCalls.Count > 0 ? null : response.Text);
        json.WriteNull("refusal");
        if (response.ToolCalls.Count > 0)
        {
            json.WriteStartArray("tool_calls");
            foreach (var call in response.ToolCalls)
            {
                json.WriteStartObject();
                Call(json, call);
                json.WriteEndObject();
            }

            json.WriteEndArray();
        }

        json.WriteEndObject();
        json.WriteNull("logprobs");
        json.WriteString("finish_reason", Finish(response.FinishReason));
        json.WriteEndObject();
        json.WriteEndArray();
        Usage(json, response.Report.Tokens);
        json.WriteEndObject();
    });

    /// <summary>The role, once, before anything else.</summary>
    internal void Opening(IBufferWriter<byte> output) => Chunk(output, null, json =>
    {
        json.WriteString("role", "assistant");
        json.WriteString("content", "");
    });

    internal void Text(IBufferWriter<byte> output, string text)
    {
        // All chunks of text are alike but for the text: what surrounds it is written once.
        _beforeText ??= BeforeText();
        output.Write(_beforeText);
        using (var json = new Utf8JsonWriter(output, Written))
        {
            json.WriteStringValue(text);
        }

        output.Write("},\"logprobs\":null,\"finish_reason\":null}]}\n\n"u8);
    }

    internal void ToolCall(IBufferWriter<byte> output, ToolCall call) => Chunk(output, null, json =>
    {
        json.WriteStartArray("tool_calls");
        json.WriteStartObject();
        json.WriteNumber("index", _toolCalls++);
        Call(json, call);
        json.WriteEndObject();
        json.WriteEndArray();
    });

    internal void Completed(IBufferWriter<byte> output, CompletionResponse response)
    {
        Chunk(output, Finish(response.FinishReason), _ => { });
        if (exchange.IncludesUsage)
        {
            output.Write("data: "u8);
            using (var json = new Utf8JsonWriter(output, Written))
            {
                Head(json, "chat.completion.chunk");
                json.WriteStartArray("choices");
                json.WriteEndArray();
                Usage(json, response.Report.Tokens);
                json.WriteEndObject();
            }

            output.Write("\n\n"u8);
        }

        output.Write("data: [DONE]\n\n"u8);
    }

    /// <summary>An event that clients take for a failure; no end mark follows.</summary>
    internal static void Failed(IBufferWriter<byte> output, EndpointRefusal refusal)
    {
        output.Write("data: "u8);
        using (var json = new Utf8JsonWriter(output, Written))
        {
            EndpointErrors.Write(json, refusal);
        }

        output.Write("\n\n"u8);
    }

    private byte[] BeforeText()
    {
        var whole = new ArrayBufferWriter<byte>(256);
        Chunk(whole, null, json => json.WriteString("content", ""));
        var empty = "\"content\":\"\""u8;
        return whole.WrittenSpan[..(whole.WrittenSpan.LastIndexOf(empty) + empty.Length - 2)].ToArray();
    }

    private void Chunk(IBufferWriter<byte> output, string? finish, Action<Utf8JsonWriter> delta)
    {
        output.Write("data: "u8);
        using (var json = new Utf8JsonWriter(output, Written))
        {
            Head(json, "chat.completion.chunk");
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
        }

        output.Write("\n\n"u8);
    }

    private void Head(Utf8JsonWriter json, string kind)
    {
        json.WriteStartObject();
        json.WriteString("id", $"chatcmpl-{requestId}");
        json.WriteString("object", kind);
        json.WriteNumber("created", created.ToUnixTimeSeconds());
        json.WriteString("model", exchange.Model);
    }

    private static void Call(Utf8JsonWriter json, ToolCall call)
    {
        json.WriteString("id", call.Id);
        json.WriteString("type", "function");
        json.WriteStartObject("function");
        json.WriteString("name", call.Name);
        json.WriteString("arguments", call.ArgumentsJson);
        json.WriteEndObject();
    }

    private static void Usage(Utf8JsonWriter json, TokenUsage tokens)
    {
        json.WriteStartObject("usage");
        json.WriteNumber("prompt_tokens", tokens.Input);
        json.WriteNumber("completion_tokens", tokens.Output);
        json.WriteNumber("total_tokens", tokens.Input + tokens.Output);
        json.WriteStartObject("prompt_tokens_details");
        json.WriteNumber("cached_tokens", tokens.CachedInput);
        json.WriteEndObject();
        json.WriteStartObject("completion_tokens_details");
        json.WriteNumber("reasoning_tokens", tokens.Reasoning);
        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static string Finish(FinishReason reason) => reason switch
    {
        FinishReason.Length => "length",
        FinishReason.ToolCalls => "tool_calls",
        FinishReason.ContentFilter => "content_filter",
        _ => "stop",
    };
}
