using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Platform.Gateway.Answers;

namespace Platform.Gateway.Chat;

/// <summary>JSON of the chat endpoints: camel case, nothing written for absent parts, readable letters.</summary>
[JsonSourceGenerationOptions(
    JsonSerializerDefaults.Web,
    NumberHandling = JsonNumberHandling.Strict,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(ChatRequest))]
[JsonSerializable(typeof(ChatResponse))]
[JsonSerializable(typeof(StreamStage))]
[JsonSerializable(typeof(StreamEntities))]
[JsonSerializable(typeof(StreamText))]
[JsonSerializable(typeof(StreamReset))]
[JsonSerializable(typeof(StreamCompleted))]
internal sealed partial class ChatJson : JsonSerializerContext;

/// <summary>The same JSON with letters outside ASCII written as themselves: the output is never put into HTML unescaped.</summary>
internal static class ReadableJson
{
    public static ChatJson Chat { get; } = new(new JsonSerializerOptions(ChatJson.Default.Options) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });

    public static AnswersJson Answers { get; } = new(new JsonSerializerOptions(AnswersJson.Default.Options) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
}

/// <summary>Event <c>stage</c>: a stage begins.</summary>
internal sealed record StreamStage(string Stage);

/// <summary>Event <c>entities</c>: what the question is about.</summary>
internal sealed record StreamEntities(IReadOnlyList<EntityView> Entities);

/// <summary>Event <c>delta</c>: Markdown to append, and, when asked for, the HTML of all text so far.</summary>
internal sealed record StreamText(string Text, string? Html);

/// <summary>Event <c>reset</c>: the text so far is withdrawn.</summary>
internal sealed record StreamReset(bool Reset);

/// <summary>Event <c>completed</c>: the whole answer, and, when asked for, its HTML.</summary>
internal sealed record StreamCompleted(ChatResponse Response, string? Html);
