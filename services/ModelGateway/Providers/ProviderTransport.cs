using System.Globalization;
using System.Net.Http.Headers;
using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using System.Text.Json;
using Microsoft.Extensions.AI;

namespace Platform.ModelGateway.Providers;

/// <summary>HTTP to one provider: JSON out, JSON or server-sent events in, every failure a <see cref="ProviderException"/>.</summary>
internal sealed class ProviderTransport(HttpMessageInvoker http, ProviderOptions provider, IReadOnlyList<KeyValuePair<string, string>> headers, TimeProvider time)
{
    private const int LongestBody = 16 * 1024 * 1024;
    private const int LongestEvent = 1024 * 1024;
    private const int LongestError = 64 * 1024;

    /// <summary>How long the reason of a refusal may take to arrive; the status alone is enough.</summary>
    private static readonly TimeSpan ErrorBodyLimit = TimeSpan.FromMilliseconds(500);

    /// <summary>How long usage and the end mark may take after a whole answer.</summary>
    private static readonly TimeSpan BookkeepingLimit = TimeSpan.FromSeconds(1);

    private static readonly MediaTypeHeaderValue Json = new("application/json");

    internal string Provider => provider.Name;

    /// <summary>Posts the body that <paramref name="write"/> writes and reads the whole answer.</summary>
    internal async Task<TAnswer> PostAsync<TAnswer>(Uri address, Action<Utf8JsonWriter> write, Func<JsonElement, TAnswer> read, CancellationToken cancellationToken)
    {
        using var response = await SendAsync(address, write, cancellationToken);
        if (response.Content.Headers.ContentType?.MediaType is { } type && !type.EndsWith("json", StringComparison.OrdinalIgnoreCase))
        {
            throw ProviderErrors.Garbage(provider.Name, "JSON was asked for and something else came");
        }

        using var idle = new CancellationTokenSource(Timeout.InfiniteTimeSpan, time);
        using var caller = cancellationToken.UnsafeRegister(static source => ((CancellationTokenSource)source!).Cancel(), idle);
        try
        {
            await using var body = new BoundedStream(
                await response.Content.ReadAsStreamAsync(cancellationToken), LongestBody, () => idle.CancelAfter(provider.IdleTimeout));
            using var document = await JsonDocument.ParseAsync(body, cancellationToken: idle.Token);
            return ErrorBody.In(document.RootElement) is { } error ? throw ProviderErrors.Inside(provider.Name, error) : read(document.RootElement);
        }
        catch (JsonException error)
        {
            throw ProviderErrors.Garbage(provider.Name, "the answer is not JSON", error);
        }
        catch (Exception error) when (error is InvalidOperationException or KeyNotFoundException or FormatException)
        {
            throw ProviderErrors.Garbage(provider.Name, "the answer has another form than the protocol's", error);
        }
        catch (Exception error) when (error is HttpRequestException or IOException || (error is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            throw ProviderErrors.Connection(provider.Name, error);
        }
    }

    /// <summary>Posts the body and puts the events of the answer together as they come.</summary>
    internal async IAsyncEnumerable<ChatResponseUpdate> StreamAsync(
        Uri address, Action<Utf8JsonWriter> write, IStreamedAnswer answer, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var response = await SendAsync(address, write, cancellationToken);
        if (response.Content.Headers.ContentType?.MediaType != "text/event-stream")
        {
            throw ProviderErrors.Garbage(provider.Name, "a stream was asked for and something else came");
        }

        await using var body = new BoundedStream(await response.Content.ReadAsStreamAsync(cancellationToken), LongestEvent);
        using var reading = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        await using var events = SseParser.Create(body, answer.Read).EnumerateAsync(reading.Token).GetAsyncEnumerator(cancellationToken);
        while (!answer.IsClosed && await NextAsync(events, answer, reading, cancellationToken))
        {
            body.Renew();
            if (events.Current.Data is { } update)
            {
                yield return update;
            }
        }

        yield return answer.Complete();
    }

    private async ValueTask<bool> NextAsync(
        IAsyncEnumerator<SseItem<ChatResponseUpdate?>> events, IStreamedAnswer answer, CancellationTokenSource reading, CancellationToken cancellationToken)
    {
        if (answer.IsWhole)
        {
            reading.CancelAfter(BookkeepingLimit);
        }

        try
        {
            return await events.MoveNextAsync();
        }
        catch (JsonException error)
        {
            throw ProviderErrors.Garbage(provider.Name, "an event of the stream is not JSON", error);
        }
        catch (Exception error) when (error is InvalidOperationException or KeyNotFoundException or FormatException)
        {
            throw ProviderErrors.Garbage(provider.Name, "an event has another form than the protocol's", error);
        }
        catch (OperationCanceledException) when (answer.IsWhole && !cancellationToken.IsCancellationRequested)
        {
            return false;
        }
        catch (Exception error) when (error is HttpRequestException or IOException)
        {
            // What was cut off after the end of the answer is no part of it.
            return answer.IsWhole ? false : throw ProviderErrors.Connection(provider.Name, error);
        }
    }

    private async Task<HttpResponseMessage> SendAsync(Uri address, Action<Utf8JsonWriter> write, CancellationToken cancellationToken)
    {
        using var message = new HttpRequestMessage(HttpMethod.Post, address)
        {
            Content = new ByteArrayContent(JsonRoom.Bytes(write)) { Headers = { ContentType = Json } },
        };
        foreach (var (name, value) in headers)
        {
            message.Headers.TryAddWithoutValidation(name, value);
        }

        HttpResponseMessage response;
        try
        {
            response = await http.SendAsync(message, cancellationToken);
        }
        catch (Exception error) when (error is HttpRequestException or IOException || (error is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            throw ProviderErrors.Connection(provider.Name, error);
        }

        if (response.IsSuccessStatusCode)
        {
            return response;
        }

        using (response)
        {
            throw ProviderErrors.Status(provider.Name, response.StatusCode, await ReadErrorAsync(response, cancellationToken), RetryAfter(response.Headers));
        }
    }

    private async Task<ErrorBody?> ReadErrorAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(ErrorBodyLimit, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, limit.Token);
        try
        {
            await using var body = new BoundedStream(await response.Content.ReadAsStreamAsync(either.Token), LongestError);
            using var document = await JsonDocument.ParseAsync(body, cancellationToken: either.Token);
            return ErrorBody.In(document.RootElement);
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException or HttpRequestException or IOException
            || (error is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            return null;
        }
    }

    /// <summary>
    /// <c>retry-after-ms</c> of OpenAI and Azure, else Retry-After as seconds or as a date, which counts from the provider's own
    /// clock when it tells that. Never negative.
    /// </summary>
    private TimeSpan? RetryAfter(HttpResponseHeaders headers)
    {
        if (headers.TryGetValues("retry-after-ms", out var values)
            && double.TryParse(values.First(), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var milliseconds)
            && milliseconds <= TimeSpan.MaxValue.TotalMilliseconds / 2)
        {
            return TimeSpan.FromMilliseconds(milliseconds);
        }

        var wait = headers.RetryAfter?.Delta ?? headers.RetryAfter?.Date - (headers.Date ?? time.GetUtcNow());
        return wait < TimeSpan.Zero ? TimeSpan.Zero : wait;
    }
}
