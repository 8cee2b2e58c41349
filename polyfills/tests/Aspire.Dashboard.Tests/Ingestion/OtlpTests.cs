using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.IO.Compression;
using System.Net;
using System.Net.Http.Headers;
using Aspire.Dashboard.Protocol;
using Aspire.Dashboard.Protocol.Trace;
using Aspire.Dashboard.Telemetry;
using Google.Protobuf;
using Microsoft.Extensions.Logging;
using OpenTelemetry;
using OpenTelemetry.Exporter;
using OpenTelemetry.Logs;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;
using Platform.Testing;
using Xunit;

namespace Aspire.Dashboard.Tests.Ingestion;

/// <summary>Telemetry as OpenTelemetry's own exporters send it.</summary>
public sealed class OtlpTests(RunningDashboard dashboard) : IClassFixture<RunningDashboard>
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(OtlpExportProtocol.Grpc)]
    [InlineData(OtlpExportProtocol.HttpProtobuf)]
    public async Task Export_OfTheDotnetSdk_ArrivesWhole(OtlpExportProtocol protocol)
    {
        var service = $"sdk-{protocol}";
        using var source = new ActivitySource(service);
        using var meter = new Meter(service);
        using (var traces = Sdk.CreateTracerProviderBuilder().AddSource(service).ConfigureResource(r => r.AddService(service)).AddOtlpExporter(o => Send(o, protocol, "traces")).Build())
        using (var metrics = Sdk.CreateMeterProviderBuilder().AddMeter(service).ConfigureResource(r => r.AddService(service)).AddOtlpExporter(o => Send(o, protocol, "metrics")).Build())
        using (var logs = LoggerFactory.Create(logging => logging.AddOpenTelemetry(o => o
            .SetResourceBuilder(ResourceBuilder.CreateDefault().AddService(service)).AddOtlpExporter(e => Send(e, protocol, "logs")))))
        {
            using (var activity = source.StartActivity("ask", ActivityKind.Client))
            {
                activity!.SetTag("db.system.name", "postgresql").SetTag("rows", 3).AddEvent(new ActivityEvent("half way")).SetStatus(ActivityStatusCode.Error, "it burns");
                logs.CreateLogger("Tests").LogError("{Thing} burns", "the house");
            }

            meter.CreateHistogram<double>("wait", "s").Record(0.2, KeyValuePair.Create<string, object?>("tier", "l1"));
            Assert.True(traces.ForceFlush(10_000) && metrics.ForceFlush(10_000));
        }

        await Eventually.HoldsAsync(() => dashboard.Application.Store.Logs.List(new LogQuery { Service = service }).Count == 1);
        var summary = Assert.Single(dashboard.Application.Store.Traces.List(new TraceQuery { Service = service }));
        var span = Assert.Single(dashboard.Application.Store.Traces.Find(summary.TraceId)!);
        Assert.Equal(("ask", Dashboard.Telemetry.SpanKind.Client, true, "it burns", "3"), (span.Name, span.Kind, span.Failed, span.StatusMessage, span.Attribute("rows")));
        Assert.Equal("half way", Assert.Single(span.Events).Name);
        var entry = Assert.Single(dashboard.Application.Store.Logs.List(new LogQuery { TraceId = summary.TraceId }));
        Assert.Equal((17, "Tests", "the house"), (entry.Severity, entry.Category, entry.Attributes.Single(a => a.Key == "Thing").Value));
        var instrument = Assert.Single(dashboard.Application.Store.Metrics.List(), i => i.Key.Service == service);
        Assert.Equal((InstrumentKind.Histogram, "s"), (instrument.Kind, instrument.Unit));
    }

    [Fact]
    public async Task Export_Compressed_IsUnpacked()
    {
        using var packed = new MemoryStream();
        await using (var gzip = new GZipStream(packed, CompressionLevel.Fastest, leaveOpen: true))
        {
            await gzip.WriteAsync(Request("packed", 16).ToByteArray(), Cancellation);
        }

        using var response = await PostAsync(packed.ToArray(), "gzip");

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Single(dashboard.Application.Store.Traces.List(new TraceQuery { Service = "packed" }));
    }

    [Fact]
    public async Task Export_SpanWithoutValidIds_IsRejectedAndSaid()
    {
        using var response = await PostAsync(Request("short", 3).ToByteArray());

        var answer = ExportTraceServiceResponse.Parser.ParseFrom(await response.Content.ReadAsByteArrayAsync(Cancellation));
        Assert.Equal(1, answer.PartialSuccess.RejectedSpans);
        Assert.Contains("16 bytes", answer.PartialSuccess.ErrorMessage, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("application/json", "", "415")]
    [InlineData("application/x-protobuf", "br", "400")]
    [InlineData("application/x-protobuf", "gzip", "400")]
    public async Task Export_NotReadable_SaysWhatIsAllowed(string type, string encoding, string status)
    {
        using var response = await PostAsync([255, 255, 255, 255, 1], encoding, type);

        Assert.Equal(status, ((int)response.StatusCode).ToString(System.Globalization.CultureInfo.InvariantCulture));
        Assert.StartsWith("application/problem+json", response.Content.Headers.ContentType!.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Read_LongAndManyAttributes_AreCut()
    {
        var store = new TelemetryStore(new TelemetryLimits { MaxAttributeCount = 4, MaxAttributeLength = 10 }, TimeProvider.System);
        var request = Request("cut", 16);
        request.ResourceSpans[0].ScopeSpans[0].Spans[0].Attributes.AddRange(Enumerable.Range(0, 50)
            .Select(index => new KeyValue { Key = $"k{index}", Value = new AnyValue { StringValue = new string('x', 1_000) } }));

        new Dashboard.Ingestion.TelemetryReader(store).AddSpans(request.ToByteArray());

        var span = store.Traces.Find(store.Traces.List(new TraceQuery())[0].TraceId)![0];
        Assert.Equal(4, span.Attributes.Length);
        Assert.All(span.Attributes, attribute => Assert.Equal("xxxxxxxxxx…", attribute.Value));
    }

    [Fact]
    public void Read_RecordThatIsBrokenInside_KeepsWhatCanBeRead()
    {
        var store = new TelemetryStore(new TelemetryLimits(), TimeProvider.System);

        // The length of the last attribute's key goes beyond the attribute.
        var request = Request("half", 16);
        request.ResourceSpans[0].ScopeSpans[0].Spans[0].Attributes.Add(new KeyValue { Key = "marker" });
        var message = request.ToByteArray();
        message[message.AsSpan().IndexOf("marker"u8) - 1] = 120;

        var rejected = new Dashboard.Ingestion.TelemetryReader(store).AddSpans(message);

        var span = Assert.Single(store.Traces.Find(store.Traces.List(new TraceQuery())[0].TraceId)!);
        Assert.Equal((0, "(unreadable)", 1, 2, "half", 0x0102030405060708UL), (rejected, span.Name, span.Start, span.End, span.Source.Service, span.SpanId));
    }

    [Fact]
    public async Task Export_LengthBeyondTheEnd_Is400()
    {
        using var response = await PostAsync([10, 200, 1, 1]);

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
    }

    [Fact]
    public void Read_ScopeAndResourceAfterTheirRecords_AreFound()
    {
        var store = new TelemetryStore(new TelemetryLimits(), TimeProvider.System);
        var whole = Request("late", 16).ResourceSpans[0];
        byte[] resource = new ResourceSpans { Resource = whole.Resource }.ToByteArray();
        byte[] scope = new ScopeSpans { Scope = new Scope { Name = "last" } }.ToByteArray();
        byte[] spans = [.. new ScopeSpans { Spans = { whole.ScopeSpans[0].Spans } }.ToByteArray(), .. scope];
        byte[] body = [.. Field(2, spans), .. resource];

        new Dashboard.Ingestion.TelemetryReader(store).AddSpans(Field(1, body));

        var span = Assert.Single(store.Traces.Find(store.Traces.List(new TraceQuery { Service = "late" })[0].TraceId)!);
        Assert.Equal("last", span.Scope);
    }

    [Fact]
    public void Read_LogEntries_AreFoundByWhatIsReadAtOnceAndByTheirText()
    {
        var store = new TelemetryStore(new TelemetryLimits(), TimeProvider.System);
        var trace = ByteString.CopyFrom(Enumerable.Repeat((byte)0xab, 16).ToArray());
        var request = new Protocol.Logs.ExportLogsServiceRequest
        {
            ResourceLogs =
            {
                new ResourceLogs
                {
                    Resource = Request("writer", 16).ResourceSpans[0].Resource,
                    ScopeLogs =
                    {
                        new ScopeLogs
                        {
                            Scope = new Scope { Name = "Tests" },
                            LogRecords =
                            {
                                new Protocol.LogRecord { SeverityNumber = 9, TimeUnixNano = 5, Body = new AnyValue { StringValue = "all is well" } },
                                new Protocol.LogRecord { SeverityNumber = 17, ObservedTimeUnixNano = 6, Body = new AnyValue { StringValue = "it burns" }, TraceId = trace },
                            },
                        },
                    },
                },
            },
        };

        new Dashboard.Ingestion.TelemetryReader(store).AddLogs(request.ToByteArray());

        var burning = Assert.Single(store.Logs.List(new LogQuery { TraceId = Convert.ToHexStringLower(trace.Span) }));
        Assert.Equal((2L, "it burns", "Tests", 6L), (burning.Sequence, burning.Message, burning.Category, burning.Time));
        Assert.Equal("it burns", Assert.Single(store.Logs.List(new LogQuery { MinimumSeverity = 13 })).Message);
        var well = Assert.Single(store.Logs.List(new LogQuery { Service = "writer", Text = "WELL" }));
        Assert.Equal((1L, "all is well", null), (well.Sequence, well.Message, well.TraceId));
    }

    [Fact]
    public async Task Npm_OpenTelemetrySdk_ArrivesOverBothProtocols()
    {
        await NodeExporter.SendAsync(dashboard.Application, Cancellation);

        await Eventually.HoldsAsync(() => dashboard.Application.Store.Traces.List(new TraceQuery { Service = "node-http" }).Count == 1);
        await Eventually.HoldsAsync(() => dashboard.Application.Store.Traces.List(new TraceQuery { Service = "node-grpc" }).Count == 1);
    }

    private static ExportTraceServiceRequest Request(string service, int idLength) => new()
    {
        ResourceSpans =
        {
            new ResourceSpans
            {
                Resource = new Protocol.Resource { Attributes = { new KeyValue { Key = "service.name", Value = new AnyValue { StringValue = service } } } },
                ScopeSpans =
                {
                    new ScopeSpans
                    {
                        Spans = { new Span { TraceId = ByteString.CopyFrom(Enumerable.Repeat((byte)service.Length, idLength).ToArray()), SpanId = ByteString.CopyFrom(new byte[8] { 1, 2, 3, 4, 5, 6, 7, 8 }), Name = "work", StartTimeUnixNano = 1, EndTimeUnixNano = 2 } },
                    },
                },
            },
        },
    };

    private static byte[] Field(int number, byte[] content)
    {
        using var field = new MemoryStream();
        using (var output = new CodedOutputStream(field, leaveOpen: true))
        {
            output.WriteTag(number, WireFormat.WireType.LengthDelimited);
            output.WriteBytes(ByteString.CopyFrom(content));
        }

        return field.ToArray();
    }

    private void Send(OtlpExporterOptions options, OtlpExportProtocol protocol, string signal)
    {
        options.Protocol = protocol;
        options.Headers = $"x-otlp-api-key={dashboard.Application.OtlpApiKey}";
        options.Endpoint = protocol == OtlpExportProtocol.Grpc
            ? new Uri($"http://127.0.0.1:{dashboard.Application.OtlpGrpcPort}")
            : new Uri($"http://127.0.0.1:{dashboard.Application.OtlpHttpPort}/v1/{signal}");
    }

    private async Task<HttpResponseMessage> PostAsync(byte[] body, string encoding = "", string type = "application/x-protobuf")
    {
        using var client = new HttpClient();
        using var content = new ByteArrayContent(body) { Headers = { ContentType = new MediaTypeHeaderValue(type) } };
        if (encoding.Length > 0)
        {
            content.Headers.ContentEncoding.Add(encoding);
        }

        content.Headers.Add("x-otlp-api-key", dashboard.Application.OtlpApiKey);
        return await client.PostAsync(new Uri($"http://127.0.0.1:{dashboard.Application.OtlpHttpPort}/v1/traces"), content, Cancellation);
    }
}
