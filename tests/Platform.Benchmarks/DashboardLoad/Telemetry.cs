using System.Buffers.Binary;
using Aspire.Dashboard.Protocol;
using Aspire.Dashboard.Protocol.Logs;
using Aspire.Dashboard.Protocol.Trace;
using Google.Protobuf;

namespace Platform.Benchmarks.DashboardLoad;

/// <summary>Spans and log lines like those of the platform: ten spans a trace, some attributes each, one span in fifty failed.</summary>
internal static class Telemetry
{
    private const int SpansOfATrace = 10;
    private const ulong Begin = 1_700_000_000_000_000_000;
    private static readonly string[] Services = ["gateway", "memory", "pattern-analysis", "data-questions", "model-gateway"];

    public static ExportTraceServiceRequest Spans(long from, int count)
    {
        var scope = new ScopeSpans { Scope = new Scope { Name = "Npgsql" } };
        for (var number = from; number < from + count; number++)
        {
            var place = number % SpansOfATrace;
            var start = Begin + ((ulong)number * 1_000_000);
            scope.Spans.Add(new Span
            {
                TraceId = Id(16, number / SpansOfATrace),
                SpanId = Id(8, number + 1),
                ParentSpanId = place == 0 ? ByteString.Empty : Id(8, number - place + 1),
                Name = place == 0 ? "POST /api/chat" : "SELECT domain.invoices",
                StartTimeUnixNano = start,
                EndTimeUnixNano = start + 5_000_000,
                Status = number % 50 == 0 ? new SpanStatus { Code = 2, Message = "it failed" } : null,
                Attributes =
                {
                    Text("platform.request.id", $"request-{number / SpansOfATrace}"), Text("db.query.text", "SELECT * FROM domain.invoices WHERE customer_id = $1"),
                    Text("enduser.id", $"customer-{number % 1000}"), Text("server.address", "127.0.0.1"),
                },
            });
        }

        return new ExportTraceServiceRequest { ResourceSpans = { new ResourceSpans { Resource = From(from), ScopeSpans = { scope } } } };
    }

    public static ExportLogsServiceRequest Logs(long from, int count)
    {
        var scope = new ScopeLogs { Scope = new Scope { Name = "Platform.Gateway.Chat.Parts" } };
        for (var number = from; number < from + count; number++)
        {
            scope.LogRecords.Add(new LogRecord
            {
                TimeUnixNano = Begin + ((ulong)number * 10_000),
                SeverityNumber = number % 100 == 0 ? 17 : 9,
                Body = new AnyValue { StringValue = $"facts of customer {number % 1000} were read after {number % 37} ms" },
                TraceId = Id(16, number / 20),
                SpanId = Id(8, number),
                Attributes = { Text("requestId", $"request-{number / 20}"), Text("organizationId", "default"), Text("Customer", $"C-{number % 1000}") },
            });
        }

        return new ExportLogsServiceRequest { ResourceLogs = { new ResourceLogs { Resource = From(from), ScopeLogs = { scope } } } };
    }

    private static Resource From(long number) => new() { Attributes = { Text("service.name", Services[(int)(number / 500 % Services.Length)]), Text("service.instance.id", "1") } };

    private static KeyValue Text(string key, string value) => new() { Key = key, Value = new AnyValue { StringValue = value } };

    private static ByteString Id(int length, long number)
    {
        var id = new byte[length];
        BinaryPrimitives.WriteInt64BigEndian(id.AsSpan(length - 8), number + 1);
        return ByteString.CopyFrom(id);
    }
}
