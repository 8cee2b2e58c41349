using System.Diagnostics;
using System.Net.Http.Headers;
using System.Text;
using Platform.Testing;

namespace Platform.Benchmarks.ModelGateway;

/// <summary>Something that answers chat completions, and a client of its own for it.</summary>
internal sealed class Subject : IDisposable
{
    private readonly HttpClient _http;
    private readonly Uri _url;
    private readonly (string Name, string Value)[] _headers;

    internal Subject(string name, ChildProcess process, params (string Name, string Value)[] headers)
    {
        (Name, Process, _headers) = (name, process, headers);
        _url = new Uri(process.Address, "/v1/chat/completions");
        _http = new HttpClient(new SocketsHttpHandler { UseCookies = false, AllowAutoRedirect = false }) { Timeout = TimeSpan.FromSeconds(60) };
    }

    internal string Name { get; }

    internal ChildProcess Process { get; }

    /// <summary>One whole answer.</summary>
    internal async Task<int> AskAsync(byte[] body, CancellationToken cancellationToken)
    {
        using var request = Request(body);
        using var response = await _http.SendAsync(request, cancellationToken);
        var answer = await response.Content.ReadAsByteArrayAsync(cancellationToken);
        return response.IsSuccessStatusCode
            ? answer.Length
            : throw new InvalidOperationException($"{Name}: {(int)response.StatusCode} {Encoding.UTF8.GetString(answer)}");
    }

    /// <summary>One streamed answer: when each piece of text came, and the text.</summary>
    internal async Task<StreamTimes> StreamAsync(byte[] body, CancellationToken cancellationToken)
    {
        var began = Stopwatch.GetTimestamp();
        using var request = Request(body);
        using var response = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
        using var reader = new StreamReader(await response.Content.ReadAsStreamAsync(cancellationToken));
        if (!response.IsSuccessStatusCode)
        {
            throw new InvalidOperationException($"{Name}: {(int)response.StatusCode} {await reader.ReadToEndAsync(cancellationToken)}");
        }

        var times = new List<double>(64);
        var text = new StringBuilder();
        var ended = false;
        while (await reader.ReadLineAsync(cancellationToken) is { } line)
        {
            const string mark = "\"content\":\"";
            var at = line.IndexOf(mark, StringComparison.Ordinal);
            if (at >= 0 && line[at + mark.Length] != '"')
            {
                times.Add(Stopwatch.GetElapsedTime(began).TotalMilliseconds);
                text.Append(line.AsSpan(at + mark.Length, line.IndexOf('"', at + mark.Length) - at - mark.Length));
            }

            ended |= line == "data: [DONE]";
        }

        return new StreamTimes(times, text.ToString(), ended);
    }

    public void Dispose()
    {
        _http.Dispose();
        Process.Dispose();
    }

    private HttpRequestMessage Request(byte[] body)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, _url) { Content = new ByteArrayContent(body) { Headers = { ContentType = new MediaTypeHeaderValue("application/json") } } };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", "benchmark");
        foreach (var (name, value) in _headers)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        return request;
    }
}

/// <summary>A stream as its reader saw it.</summary>
/// <param name="Milliseconds">From the request to each piece of text.</param>
/// <param name="Text">All of it.</param>
/// <param name="Ended">The end mark came.</param>
internal sealed record StreamTimes(IReadOnlyList<double> Milliseconds, string Text, bool Ended);
