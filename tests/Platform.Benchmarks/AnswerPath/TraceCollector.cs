using System.Collections.Concurrent;
using Aspire.Dashboard.Protocol.Trace;
using Google.Protobuf;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Platform.Testing;
using Span = Aspire.Dashboard.Protocol.Span;

namespace Platform.Benchmarks.AnswerPath;

/// <summary>Takes the platform's spans over OTLP and counts the hops of an answer in them. What comes is only kept until it is asked for.</summary>
internal sealed class TraceCollector : IAsyncDisposable
{
    private const int Client = 3;
    private const int Producer = 4;
    private const int Consumer = 5;

    private readonly ConcurrentQueue<byte[]> _bodies = new();
    private LoopbackServer? _server;

    private TraceCollector()
    {
    }

    public string Address => _server!.Address;

    public static async Task<TraceCollector> StartAsync(CancellationToken cancellationToken)
    {
        var collector = new TraceCollector();
        collector._server = await LoopbackServer.StartAsync(HttpProtocols.Http1, _ => { }, app => app.MapPost("/v1/{signal}", collector.TakeAsync), cancellationToken);
        return collector;
    }

    public void Forget() => _bodies.Clear();

    /// <summary>
    /// The calls of one answer that follow each other, from the caller to the gateway first: the longest chain of client spans of its trace, of
    /// which none overlaps the next and each holds the chain of what it called. A client span within a client span is the same call, and what is
    /// done behind the answer is left out. Null while the trace is not there.
    /// </summary>
    public IReadOnlyList<string>? Hops(string requestId)
    {
        var spans = _bodies.SelectMany(body => ExportTraceServiceRequest.Parser.ParseFrom(body).ResourceSpans).SelectMany(resource => resource.ScopeSpans).SelectMany(scope => scope.Spans).ToList();
        var root = spans.Find(span => span.ParentSpanId.IsEmpty && span.Attributes.Any(a => a.Value.StringValue == requestId));
        if (root is null)
        {
            return null;
        }

        var children = spans.Where(span => span.TraceId == root.TraceId && span.Kind != Consumer && span.EndTimeUnixNano <= root.EndTimeUnixNano).ToLookup(span => span.ParentSpanId);
        return ["the caller to the gateway", .. Chain(root, children)];
    }

    public ValueTask DisposeAsync() => _server!.DisposeAsync();

    private async Task TakeAsync(string signal, HttpRequest request)
    {
        using var body = new MemoryStream();
        await request.Body.CopyToAsync(body, request.HttpContext.RequestAborted);
        if (signal == "traces")
        {
            _bodies.Enqueue(body.ToArray());
        }
    }

    private static bool IsCall(Span span) => span.Kind is Client or Producer;

    private static IReadOnlyList<string> Chain(Span parent, ILookup<ByteString, Span> children)
    {
        // Weighted interval scheduling over the children, by their ends.
        var ordered = children[parent.SpanId].OrderBy(child => child.EndTimeUnixNano).ToList();
        var best = new List<IReadOnlyList<string>> { Array.Empty<string>() };
        for (var at = 0; at < ordered.Count; at++)
        {
            var child = ordered[at];
            var before = ordered.Take(at).Count(other => other.EndTimeUnixNano <= child.StartTimeUnixNano);
            string[] own = IsCall(child) && !IsCall(parent) ? [child.Name] : [];
            IReadOnlyList<string> with = [.. best[before], .. own, .. Chain(child, children)];
            best.Add(with.Count > best[at].Count ? with : best[at]);
        }

        return best[^1];
    }
}
