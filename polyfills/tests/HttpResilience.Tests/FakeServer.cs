using System.Net;

namespace HttpResilience.Tests;

/// <summary>The end of the handler chain: answers as told, and remembers what it was asked.</summary>
internal sealed class FakeServer(Func<int, CancellationToken, Task<HttpResponseMessage>> answer) : HttpMessageHandler
{
    private int _attempts;

    public int Attempts => _attempts;

    public List<string> Bodies { get; } = [];

    public List<Uri> Addresses { get; } = [];

    public List<TrackedResponse> Responses { get; } = [];

    /// <summary>Answers with these codes in turn, and with the last one from then on.</summary>
    public static FakeServer With(params HttpStatusCode[] codes)
        => new((attempt, _) => Task.FromResult<HttpResponseMessage>(new TrackedResponse(codes[Math.Min(attempt, codes.Length) - 1])));

    public static FakeServer Failing(Exception exception) => new((_, _) => Task.FromException<HttpResponseMessage>(exception));

    public static FakeServer Hanging() => new(async (_, cancellationToken) =>
    {
        await Task.Delay(Timeout.Infinite, cancellationToken);
        throw new InvalidOperationException("A hanging server never answers.");
    });

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var attempt = Interlocked.Increment(ref _attempts);
        Addresses.Add(request.RequestUri!);
        if (request.Content is { } content)
        {
            using var sent = new MemoryStream();
            await content.CopyToAsync(sent, cancellationToken);
            Bodies.Add(System.Text.Encoding.UTF8.GetString(sent.ToArray()));
        }

        var response = await answer(attempt, cancellationToken);
        response.RequestMessage = request;
        if (response is TrackedResponse tracked)
        {
            Responses.Add(tracked);
        }

        return response;
    }

    public sealed class TrackedResponse(HttpStatusCode code) : HttpResponseMessage(code)
    {
        public bool Disposed { get; private set; }

        protected override void Dispose(bool disposing)
        {
            Disposed = true;
            base.Dispose(disposing);
        }
    }
}
