using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using Aspire.Dashboard.Protocol;
using Aspire.Dashboard.Telemetry;
using Google.Protobuf;
using Google.Protobuf.Collections;

namespace Aspire.Dashboard.Ingestion;

/// <summary>Turns OTLP messages into records, within the limits.</summary>
internal sealed class TelemetryReader(TelemetryStore store)
{
    private const string Unknown = "unknown_service";
    private const int DeltaTemporality = 1;

    private readonly StringPool pool = new();

    /// <returns>Spans that were not kept because their ids are not valid.</returns>
    public int Add(RepeatedField<ResourceSpans> resources)
    {
        var spans = new List<SpanRecord>();
        var rejected = 0;
        foreach (var resource in resources)
        {
            var source = Source(resource.Resource);
            foreach (var scope in resource.ScopeSpans)
            {
                foreach (var span in scope.Spans)
                {
                    if (span.TraceId.Length == 16 && span.SpanId.Length == 8)
                    {
                        spans.Add(Read(span, source, scope.Scope?.Name ?? string.Empty));
                    }
                    else
                    {
                        rejected++;
                    }
                }
            }
        }

        store.Traces.Add(spans);
        return rejected;
    }

    public void Add(RepeatedField<ResourceLogs> resources)
    {
        var entries = new List<LogEntry>();
        foreach (var resource in resources)
        {
            var source = Source(resource.Resource);
            foreach (var scope in resource.ScopeLogs)
            {
                entries.AddRange(scope.LogRecords.Select(record => Read(record, source, scope.Scope?.Name ?? string.Empty)));
            }
        }

        store.Logs.Add(entries);
    }

    /// <returns>Points that were not kept because there are too many series.</returns>
    public int Add(RepeatedField<ResourceMetrics> resources)
    {
        var rejected = 0;
        store.Metrics.Write(writer =>
        {
            foreach (var resource in resources)
            {
                var source = Source(resource.Resource);
                foreach (var scope in resource.ScopeMetrics)
                {
                    foreach (var metric in scope.Metrics)
                    {
                        rejected += Add(writer, metric, source, scope.Scope?.Name ?? string.Empty);
                    }
                }
            }
        });
        return rejected;
    }

    private static double Value(NumberDataPoint point) => point.ValueCase == NumberDataPoint.ValueOneofCase.AsInt ? point.AsInt : point.AsDouble;

    private static string Hex(ByteString bytes) => Convert.ToHexStringLower(bytes.Span);

    private static ulong Id(ByteString bytes) => bytes.Length == 8 ? BinaryPrimitives.ReadUInt64BigEndian(bytes.Span) : 0;

    private static string Text(AnyValue? value) => value?.ValueCase switch
    {
        AnyValue.ValueOneofCase.StringValue => value.StringValue,
        AnyValue.ValueOneofCase.BoolValue => value.BoolValue ? "true" : "false",
        AnyValue.ValueOneofCase.IntValue => value.IntValue.ToString(CultureInfo.InvariantCulture),
        AnyValue.ValueOneofCase.DoubleValue => value.DoubleValue.ToString("R", CultureInfo.InvariantCulture),
        AnyValue.ValueOneofCase.ArrayValue => $"[{string.Join(", ", value.ArrayValue.Values.Select(Text))}]",
        AnyValue.ValueOneofCase.KvlistValue => $"{{{string.Join(", ", value.KvlistValue.Values.Select(pair => $"{pair.Key}: {Text(pair.Value)}"))}}}",
        AnyValue.ValueOneofCase.BytesValue => Convert.ToBase64String(value.BytesValue.Span),
        _ => string.Empty,
    };

    private SpanRecord Read(Span span, TelemetrySource source, string scope)
    {
        var start = (long)span.StartTimeUnixNano;
        return new SpanRecord(
            Hex(span.TraceId), Id(span.SpanId), Id(span.ParentSpanId), pool.Share(span.Name), (SpanKind)span.Kind,
            start, Math.Max(start, (long)span.EndTimeUnixNano), source, pool.Share(scope))
        {
            Failed = span.Status?.Code == 2,
            StatusMessage = Limit(span.Status?.Message ?? string.Empty),
            Attributes = Attributes(span.Attributes),
            Events = [.. span.Events.Take(store.Limits.MaxSpanEventCount).Select(e => new SpanEventRecord((long)e.TimeUnixNano, pool.Share(e.Name), Attributes(e.Attributes)))],
            Links = [.. span.Links.Take(store.Limits.MaxSpanEventCount).Select(link => new SpanLinkRecord(Hex(link.TraceId), Id(link.SpanId)))],
        };
    }

    private LogEntry Read(LogRecord record, TelemetrySource source, string scope) => new(
        0,
        (long)(record.TimeUnixNano != 0 ? record.TimeUnixNano : record.ObservedTimeUnixNano),
        record.SeverityNumber,
        Limit(Text(record.Body)),
        pool.Share(scope),
        source,
        record.TraceId.Length == 16 ? Hex(record.TraceId) : null,
        record.SpanId.Length == 8 ? Hex(record.SpanId) : null,
        Attributes(record.Attributes));

    private int Add(MetricStore.Writer writer, Metric metric, TelemetrySource source, string scope)
    {
        var key = new InstrumentKey(source.Service, pool.Share(scope), pool.Share(metric.Name));
        var kind = metric.DataCase switch
        {
            Metric.DataOneofCase.Sum => metric.Sum.IsMonotonic ? InstrumentKind.Counter : InstrumentKind.UpDownCounter,
            Metric.DataOneofCase.Histogram => InstrumentKind.Histogram,
            Metric.DataOneofCase.ExponentialHistogram => InstrumentKind.Histogram,
            Metric.DataOneofCase.Summary => InstrumentKind.Counter,
            _ => InstrumentKind.Gauge,
        };
        var description = new InstrumentDescription(key, kind, metric.Unit, metric.Description);
        return metric.DataCase switch
        {
            Metric.DataOneofCase.Gauge => metric.Gauge.DataPoints.Count(point => !Number(point, delta: false)),
            Metric.DataOneofCase.Sum => metric.Sum.DataPoints.Count(point => !Number(point, metric.Sum.AggregationTemporality == DeltaTemporality)),
            Metric.DataOneofCase.Histogram => metric.Histogram.DataPoints.Count(point =>
                !Keep(
                    point.Attributes, (long)point.StartTimeUnixNano, point.Exemplars, metric.Histogram.AggregationTemporality == DeltaTemporality,
                    new MetricPoint((long)point.TimeUnixNano, point.Count, point.Sum, [.. point.BucketCounts.Select(count => (double)count)]), [.. point.ExplicitBounds])),
            Metric.DataOneofCase.ExponentialHistogram => metric.ExponentialHistogram.DataPoints.Count(point =>
            {
                var (bounds, buckets) = ExponentialBuckets.Read(point);
                return !Keep(
                    point.Attributes, (long)point.StartTimeUnixNano, point.Exemplars, metric.ExponentialHistogram.AggregationTemporality == DeltaTemporality,
                    new MetricPoint((long)point.TimeUnixNano, point.Count, point.Sum, buckets), bounds);
            }),
            Metric.DataOneofCase.Summary => metric.Summary.DataPoints.Count(point =>
                !Keep(point.Attributes, (long)point.StartTimeUnixNano, [], delta: false, new MetricPoint((long)point.TimeUnixNano, point.Count, point.Sum, null), [])),
            _ => 0,
        };

        bool Number(NumberDataPoint point, bool delta) =>
            Keep(point.Attributes, (long)point.StartTimeUnixNano, point.Exemplars, delta, new MetricPoint((long)point.TimeUnixNano, Value(point), 0, null), []);

        bool Keep(RepeatedField<KeyValue> attributes, long began, RepeatedField<Exemplar> exemplars, bool delta, MetricPoint point, double[] bounds)
        {
            if (writer.Open(description, Attributes(attributes), source.Instance, began) is not { } series)
            {
                return false;
            }

            if (delta)
            {
                series.AddDelta(point, bounds);
            }
            else
            {
                series.Add(point, bounds);
            }

            foreach (var exemplar in exemplars.Where(exemplar => exemplar.TraceId.Length == 16))
            {
                writer.AddExemplar(key, new ExemplarRecord(
                    (long)exemplar.TimeUnixNano,
                    exemplar.ValueCase == Exemplar.ValueOneofCase.AsInt ? exemplar.AsInt : exemplar.AsDouble,
                    Hex(exemplar.TraceId),
                    Hex(exemplar.SpanId)));
            }

            return true;
        }
    }

    private TelemetrySource Source(Resource? resource)
    {
        var service = Unknown;
        var instance = string.Empty;
        foreach (var attribute in resource?.Attributes ?? [])
        {
            if (attribute.Key == "service.name")
            {
                service = Text(attribute.Value);
            }
            else if (attribute.Key == "service.instance.id")
            {
                instance = Text(attribute.Value);
            }
        }

        return new TelemetrySource(pool.Share(service), pool.Share(instance));
    }

    private KeyValuePair<string, string>[] Attributes(RepeatedField<KeyValue> attributes)
    {
        if (attributes.Count == 0)
        {
            return [];
        }

        var read = new KeyValuePair<string, string>[Math.Min(attributes.Count, store.Limits.MaxAttributeCount)];
        for (var index = 0; index < read.Length; index++)
        {
            read[index] = new KeyValuePair<string, string>(pool.Share(attributes[index].Key), pool.Share(Limit(Text(attributes[index].Value))));
        }

        return read;
    }

    private string Limit(string text) => text.Length <= store.Limits.MaxAttributeLength
        ? text
        : new StringBuilder(text, 0, store.Limits.MaxAttributeLength, store.Limits.MaxAttributeLength + 1).Append('…').ToString();
}
