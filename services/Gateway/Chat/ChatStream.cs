using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Platform.Gateway.Chat;

/// <summary>One answer as server-sent events.</summary>
internal sealed class ChatStream(HttpResponse response, bool withHtml) : IAnswerObserver
{
    private readonly StringBuilder text = new();

    public bool Streams => true;

    /// <summary>Whether the response has begun, after which an error can only be an event.</summary>
    public bool Begun => response.HasStarted;

    public ValueTask StageStartedAsync(string stage, CancellationToken cancellationToken) =>
        SendAsync("stage", new StreamStage(stage), ReadableJson.Chat.StreamStage, cancellationToken);

    public ValueTask EntitiesResolvedAsync(IReadOnlyList<EntityView> entities, CancellationToken cancellationToken) =>
        SendAsync("entities", new StreamEntities(entities), ReadableJson.Chat.StreamEntities, cancellationToken);

    public ValueTask TextAsync(string delta, CancellationToken cancellationToken)
    {
        text.Append(delta);
        return SendAsync("delta", new StreamText(delta, Html(text.ToString())), ReadableJson.Chat.StreamText, cancellationToken);
    }

    public ValueTask TextWithdrawnAsync(CancellationToken cancellationToken)
    {
        text.Clear();
        return SendAsync("reset", new StreamReset(true), ReadableJson.Chat.StreamReset, cancellationToken);
    }

    public ValueTask CompletedAsync(ChatResponse answer, CancellationToken cancellationToken) =>
        SendAsync("completed", new StreamCompleted(answer, Html(answer.Answer)), ReadableJson.Chat.StreamCompleted, cancellationToken);

    public async ValueTask SendAsync<T>(string name, T data, JsonTypeInfo<T> type, CancellationToken cancellationToken)
    {
        if (!response.HasStarted)
        {
            response.ContentType = "text/event-stream; charset=utf-8";
            response.Headers.CacheControl = "no-store";
        }

        // JSON holds no raw line break, so one data line is enough.
        await response.WriteAsync($"event: {name}\ndata: {JsonSerializer.Serialize(data, type)}\n\n", cancellationToken);
        await response.Body.FlushAsync(cancellationToken);
    }

    private string? Html(string markdown) => withHtml ? AnswerHtml.Of(markdown) : null;
}
