using System.Collections.Concurrent;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Platform.Testing;

namespace Platform.ModelGateway.Tests;

/// <summary>A provider that speaks OpenAI's protocol over real HTTP and does what the test scripts; a request without a script fails the test.</summary>
internal sealed class FakeProvider : IAsyncDisposable
{
    private readonly ConcurrentQueue<Func<HttpContext, Task>> _script = new();
    private LoopbackServer? _server;

    private FakeProvider()
    {
    }

    internal ConcurrentQueue<Request> Requests { get; } = new();

    /// <summary>What is done when the script is used up.</summary>
    internal Func<HttpContext, Task>? Otherwise { get; set; }

    /// <summary>Answers from what was asked, when the script is used up.</summary>
    internal Func<HttpContext, JsonElement, Task>? Reply { get; set; }

    internal string BaseUrl => _server!.Address + "/v1";

    internal static async Task<FakeProvider> StartAsync(CancellationToken cancellationToken)
    {
        var provider = new FakeProvider();
        provider._server = await LoopbackServer.StartAsync(HttpProtocols.Http1, _ => { }, app => app.Run(provider.AnswerAsync), cancellationToken);
        return provider;
    }

    /// <summary>Has no script and was asked nothing.</summary>
    internal void Forget()
    {
        _script.Clear();
        Requests.Clear();
        (Otherwise, Reply) = (null, null);
    }

    internal void Then(Func<HttpContext, Task> answer) => _script.Enqueue(answer);

    public ValueTask DisposeAsync() => _server!.DisposeAsync();

    private async Task AnswerAsync(HttpContext http)
    {
        using var body = await JsonDocument.ParseAsync(http.Request.Body, cancellationToken: http.RequestAborted);
        Requests.Enqueue(new Request(http.Request.Path, http.Request.Headers.Authorization.ToString(), body.RootElement.Clone())
        {
            Query = http.Request.QueryString.Value ?? "",
            Headers = http.Request.Headers.ToDictionary(header => header.Key, header => header.Value.ToString(), StringComparer.OrdinalIgnoreCase),
        });
        if (!_script.TryDequeue(out var answer))
        {
            var asked = body.RootElement.Clone();
            answer = Reply is { } reply ? context => reply(context, asked) : Otherwise ?? Answers.Status(StatusCodes.Status418ImATeapot);
        }

        await answer(http);
    }

    internal sealed record Request(string Path, string Authorization, JsonElement Body)
    {
        internal required string Query { get; init; }

        internal required IReadOnlyDictionary<string, string> Headers { get; init; }
    }
}

/// <summary>What a provider may do.</summary>
internal static class Answers
{
    internal const string Whole = """
        {"id":"c1","object":"chat.completion","model":"model-x-2026","choices":[{"index":0,"message":{"role":"assistant","content":"Delta owes 12.50 EUR."},"finish_reason":"stop"}],
         "usage":{"prompt_tokens":1000,"completion_tokens":200,"total_tokens":1200,"prompt_tokens_details":{"cached_tokens":10},"completion_tokens_details":{"reasoning_tokens":5}}}
        """;

    internal static readonly string[] Chunks =
    [
        """{"model":"model-x-2026","choices":[{"index":0,"delta":{"role":"assistant","content":""}}]}""",
        """{"choices":[{"index":0,"delta":{"content":"Delta "}}]}""",
        """{"choices":[{"index":0,"delta":{"content":"owes 12.50 EUR."}}]}""",
        """{"choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}""",
        """{"choices":[],"usage":{"prompt_tokens":1000,"completion_tokens":200}}""",
        "[DONE]",
    ];

    internal static Func<HttpContext, Task> Json(string body, string contentType = "application/json") => async http =>
    {
        http.Response.ContentType = contentType;
        await http.Response.WriteAsync(body, http.RequestAborted);
    };

    internal static Func<HttpContext, Task> Ok => Json(Whole);

    internal static Func<HttpContext, Task> Status(int status, string? retryAfter = null) => async http =>
    {
        http.Response.StatusCode = status;
        if (retryAfter is not null)
        {
            http.Response.Headers.RetryAfter = retryAfter;
        }

        await http.Response.WriteAsync("""{"error":{"message":"the prompt was: secret question"}}""", http.RequestAborted);
    };

    internal static Func<HttpContext, Task> Stream(params IEnumerable<string> chunks) => async http =>
    {
        http.Response.ContentType = "text/event-stream";
        foreach (var chunk in chunks)
        {
            await http.Response.WriteAsync($"data: {chunk}\n\n", http.RequestAborted);
            await http.Response.Body.FlushAsync(http.RequestAborted);
        }
    };

    /// <summary>Sends the chunks, and resets the connection once <paramref name="received"/> tells that they arrived: a reset discards what is still on its way.</summary>
    internal static Func<HttpContext, Task> CutStream(Task received, params IEnumerable<string> chunks) => async http =>
    {
        await Stream(chunks)(http);
        await received.WaitAsync(http.RequestAborted);
        http.Abort();
    };

    internal static Func<HttpContext, Task> Hang => http => Task.Delay(Timeout.InfiniteTimeSpan, http.RequestAborted).ContinueWith(_ => { }, TaskScheduler.Default);

    internal static Func<HttpContext, Task> HangAfterHeaders => async http =>
    {
        http.Response.ContentType = "application/json";
        await http.Response.WriteAsync("{", http.RequestAborted);
        await http.Response.Body.FlushAsync(http.RequestAborted);
        await Hang(http);
    };

    internal static Func<HttpContext, Task> Reset => http =>
    {
        http.Abort();
        return Task.CompletedTask;
    };
}
