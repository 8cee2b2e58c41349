using System.Collections.Concurrent;
using System.Globalization;
using Aspire.Dashboard.Protocol;
using Aspire.Dashboard.Protocol.Logs;
using Aspire.Dashboard.Protocol.Trace;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Platform.Testing;

namespace Platform.EndToEndTests;

/// <summary>A span as it was exported; kinds are OTLP's numbers.</summary>
internal sealed record ExportedSpan(string Service, string TraceId, string Id, string? ParentId, string Name, int Kind, bool Failed, IReadOnlyDictionary<string, string> Attributes, IReadOnlyList<string> Links)
{
    public const int Client = 3;
    public const int Consumer = 5;

    public string? this[string attribute] => Attributes.GetValueOrDefault(attribute);
}

/// <summary>A log entry as it was exported.</summary>
internal sealed record ExportedLog(string Service, string TraceId, int Severity, string Message, IReadOnlyDictionary<string, string> Attributes);

/// <summary>Takes OTLP over HTTP and keeps all of it.</summary>
internal sealed class OtlpCollector : IAsyncDisposable
{
    private LoopbackServer? _server;

    private OtlpCollector()
    {
    }

    public ConcurrentQueue<ExportedSpan> Spans { get; } = new();

    public ConcurrentQueue<ExportedLog> Logs { get; } = new();

    /// <summary>Every body as it came, metrics too.</summary>
    public ConcurrentQueue<byte[]> Bodies { get; } = new();

    public string Address => _server!.Address;

    public static async Task<OtlpCollector> StartAsync(CancellationToken cancellationToken)
    {
        OtlpCollector collector = new();
        collector._server = await LoopbackServer.StartAsync(HttpProtocols.Http1, _ => { }, collector.Map, cancellationToken);
        return collector;
    }

    public ValueTask DisposeAsync() => _server!.DisposeAsync();

    private void Map(WebApplication app)
    {
        app.MapPost("/v1/traces", async (HttpRequest request) => Take(ExportTraceServiceRequest.Parser.ParseFrom(await ReadAsync(request))));
        app.MapPost("/v1/logs", async (HttpRequest request) => Take(ExportLogsServiceRequest.Parser.ParseFrom(await ReadAsync(request))));
        app.MapPost("/v1/metrics", async (HttpRequest request) => { await ReadAsync(request); });
    }

    private async Task<byte[]> ReadAsync(HttpRequest request)
    {
        using MemoryStream body = new();
        await request.Body.CopyToAsync(body, request.HttpContext.RequestAborted);
        byte[] read = body.ToArray();
        Bodies.Enqueue(read);
        return read;
    }

    private void Take(ExportTraceServiceRequest request)
    {
        foreach (ResourceSpans resource in request.ResourceSpans)
        {
            string service = ServiceOf(resource.Resource);
            foreach (Span span in resource.ScopeSpans.SelectMany(scope => scope.Spans))
            {
                Spans.Enqueue(new ExportedSpan(
                    service, Hex(span.TraceId), Hex(span.SpanId), span.ParentSpanId.IsEmpty ? null : Hex(span.ParentSpanId), span.Name, span.Kind,
                    span.Status?.Code == 2, Read(span.Attributes), [.. span.Links.Select(link => Hex(link.SpanId))]));
            }
        }
    }

    private void Take(ExportLogsServiceRequest request)
    {
        foreach (ResourceLogs resource in request.ResourceLogs)
        {
            string service = ServiceOf(resource.Resource);
            foreach (LogRecord log in resource.ScopeLogs.SelectMany(scope => scope.LogRecords))
            {
                Logs.Enqueue(new ExportedLog(service, Hex(log.TraceId), log.SeverityNumber, log.Body?.StringValue ?? "", Read(log.Attributes)));
            }
        }
    }

    private static string ServiceOf(Resource resource) => Read(resource.Attributes).GetValueOrDefault("service.name", "");

    private static Dictionary<string, string> Read(IEnumerable<KeyValue> attributes)
    {
        Dictionary<string, string> read = new(StringComparer.Ordinal);
        foreach (KeyValue attribute in attributes)
        {
            // A scope within a scope says the same name again; the innermost comes last.
            read[attribute.Key] = attribute.Value.ValueCase switch
            {
                AnyValue.ValueOneofCase.StringValue => attribute.Value.StringValue,
                AnyValue.ValueOneofCase.IntValue => attribute.Value.IntValue.ToString(CultureInfo.InvariantCulture),
                _ => attribute.Value.ToString(),
            };
        }

        return read;
    }

    private static string Hex(Google.Protobuf.ByteString id) => Convert.ToHexStringLower(id.Span);
}
