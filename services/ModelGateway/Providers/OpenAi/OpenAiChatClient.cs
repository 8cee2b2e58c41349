using System.Net.Http.Headers;
using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.AI;
using Platform.ServiceDefaults;

namespace Platform.ModelGateway.Providers.OpenAi;

/// <summary>
/// One provider that speaks OpenAI's protocol. <see cref="ChatOptions.ModelId"/> is the provider's own model name. Every
/// failure is a <see cref="ProviderException"/>, except the caller's own cancellation.
/// </summary>
internal sealed class OpenAiChatClient(IHttpClientFactory http, ProviderOptions provider, string? key) : IChatClient
{
    private const int LongestBody = 16 * 1024 * 1024;

    public async Task<ChatResponse> GetResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default)
    {
        var request = OpenAiWire.ChatRequest(provider, options?.ModelId ?? "", messages, options, stream: false);
        return OpenAiWire.ChatResponse(provider, await PostAsync("chat/completions", request, cancellationToken));
    }

    public async IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var request = OpenAiWire.ChatRequest(provider, options?.ModelId ?? "", messages, options, stream: true);
        using var response = await SendAsync("chat/completions", request, cancellationToken);
        if (response.Content.Headers.ContentType?.MediaType != "text/event-stream")
        {
            throw OpenAiWire.Garbage(provider, "a stream was asked for and something else came");
        }

        await using var body = new BoundedStream(await response.Content.ReadAsStreamAsync(cancellationToken), LongestBody);
        var answer = new StreamedAnswer(provider);
        await using var events = SseParser.Create(body).EnumerateAsync(cancellationToken).GetAsyncEnumerator(cancellationToken);
        while (await NextAsync(events))
        {
            if (events.Current.Data == "[DONE]")
            {
                break;
            }

            if (answer.Read(events.Current.Data) is { } update)
            {
                yield return update;
            }
        }

        yield return answer.Complete();
    }

    /// <summary>The vectors of the texts, in their order.</summary>
    internal async Task<(IReadOnlyList<float[]> Vectors, UsageDetails? Usage)> EmbedAsync(string model, IReadOnlyList<string> texts, CancellationToken cancellationToken)
    {
        var request = new JsonObject { ["model"] = model, ["input"] = new JsonArray([.. texts.Select(text => JsonValue.Create(text))]), ["encoding_format"] = "float" };
        var body = await PostAsync("embeddings", request, cancellationToken);
        OpenAiWire.ThrowIfError(provider, body);
        try
        {
            var vectors = body.GetProperty("data").EnumerateArray()
                .OrderBy(item => item.GetProperty("index").GetInt32())
                .Select(item => item.GetProperty("embedding").EnumerateArray().Select(value => value.GetSingle()).ToArray())
                .ToArray();
            return vectors.Length == texts.Count && vectors.All(vector => vector.Length > 0)
                ? (vectors, OpenAiWire.Usage(body))
                : throw OpenAiWire.Garbage(provider, "not every text got a vector");
        }
        catch (Exception error) when (error is KeyNotFoundException or InvalidOperationException or FormatException)
        {
            throw OpenAiWire.Garbage(provider, "the embeddings cannot be read", error);
        }
    }

    /// <summary>What the provider's moderation says of the text: whether it is flagged, and the score of each category.</summary>
    internal async Task<(bool Flagged, IReadOnlyDictionary<string, double> Categories)> ModerateAsync(string model, string text, CancellationToken cancellationToken)
    {
        var body = await PostAsync("moderations", new JsonObject { ["model"] = model, ["input"] = text }, cancellationToken);
        OpenAiWire.ThrowIfError(provider, body);
        try
        {
            var result = body.GetProperty("results")[0];
            return (
                result.GetProperty("flagged").GetBoolean(),
                result.GetProperty("category_scores").EnumerateObject().ToDictionary(score => score.Name, score => score.Value.GetDouble(), StringComparer.Ordinal));
        }
        catch (Exception error) when (error is KeyNotFoundException or InvalidOperationException or FormatException or IndexOutOfRangeException)
        {
            throw OpenAiWire.Garbage(provider, "the moderation cannot be read", error);
        }
    }

    public object? GetService(Type serviceType, object? serviceKey = null) =>
        serviceKey is null && serviceType.IsInstanceOfType(this) ? this : null;

    public void Dispose()
    {
        // The factory owns the handlers.
    }

    private async Task<JsonElement> PostAsync(string path, JsonObject request, CancellationToken cancellationToken)
    {
        using var response = await SendAsync(path, request, cancellationToken);
        try
        {
            await using var body = new BoundedStream(await response.Content.ReadAsStreamAsync(cancellationToken), LongestBody);
            using var document = await JsonDocument.ParseAsync(body, cancellationToken: cancellationToken);
            return document.RootElement.Clone();
        }
        catch (JsonException error)
        {
            throw OpenAiWire.Garbage(provider, "the answer is not JSON", error);
        }
        catch (Exception error) when (error is HttpRequestException or IOException)
        {
            throw Failure(error);
        }
    }

    private async Task<HttpResponseMessage> SendAsync(string path, JsonObject request, CancellationToken cancellationToken)
    {
        using var message = new HttpRequestMessage(HttpMethod.Post, $"{provider.BaseUrl.TrimEnd('/')}/{path}")
        {
            Content = new ByteArrayContent(Encoding.UTF8.GetBytes(request.ToJsonString())) { Headers = { ContentType = new MediaTypeHeaderValue("application/json") } },
        };
        if (key is not null)
        {
            message.Headers.Authorization = new AuthenticationHeaderValue("Bearer", key);
        }

        HttpResponseMessage response;
        try
        {
            response = await http.CreateClient(ProviderRegistration.HttpClientName).SendAsync(message, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
        }
        catch (HttpRequestException error)
        {
            throw Failure(error);
        }

        if (response.IsSuccessStatusCode)
        {
            return response;
        }

        // The body may repeat the prompt, so that nothing of it is kept.
        using (response)
        {
            throw new ProviderException(
                ExternalErrors.Classify(response.StatusCode),
                provider.Name,
                $"HTTP {(int)response.StatusCode}",
                retryAfter: response.Headers.RetryAfter?.Delta);
        }
    }

    private async Task<bool> NextAsync(IAsyncEnumerator<SseItem<string>> events)
    {
        try
        {
            return await events.MoveNextAsync();
        }
        catch (Exception error) when (error is HttpRequestException or IOException)
        {
            throw Failure(error);
        }
    }

    private ProviderException Failure(Exception error) =>
        error is BodyTooLongException
            ? OpenAiWire.Garbage(provider, "the answer is too long", error)
            : new ProviderException(ExternalErrors.Classify(error), provider.Name, "the connection failed", error);
}
