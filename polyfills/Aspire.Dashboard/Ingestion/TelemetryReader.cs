using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using Aspire.Dashboard.Protocol;
using Aspire.Dashboard.Telemetry;
using Google.Protobuf;
using Google.Protobuf.Collections;

namespace Aspire.Dashboard.Ingestion;

/// <summary>
/// Turns OTLP messages into records, within the limits. Spans and log entries stay encoded until somebody looks at them: only what they are found by is read at once.
/// </summary>
internal sealed class TelemetryReader(TelemetryStore store)
{
    private const string Unknown = "unknown_service";
    private const string Unreadable = "(unreadable)";

    // Resources, scopes and records have the same numbers in requests of spans and of logs.
    private const int Resources = 1;
    private const int ResourceOfAll = 1;
    private const int Scopes = 2;
    private const int ScopeOfAll = 1;
    private const int Records = 2;
    private const int DeltaTemporality = 1;
    private const int TraceIdLength = 16;
    private const int SpanIdLength = 8;

    private readonly StringPool pool = new();

    /// <summary>Keeps the spans of an <c>ExportTraceServiceRequest</c>.</summary>
    /// <returns>Spans that were not kept because their ids are not valid.</returns>
    /// <exception cref="InvalidDataException">It is not such a message.</exception>
    public int AddSpans(byte[] message)
    {
        var spans = new List<PackedSpan>();
        var rejected = 0;
        Visit(message, (records, start, length) =>
        {
            if (Pack(records, start, length) is { } span)
            {
                spans.Add(span);
            }
            else
            {
                rejected++;
            }
        });
        store.Traces.Add(spans);
        return rejected;
    }

    /// <summary>Keeps the entries of an <c>ExportLogsServiceRequest</c>.</summary>
    /// <exception cref="InvalidDataException">It is not such a message.</exception>
    public void AddLogs(byte[] message)
    {
        var entries = new List<PackedEntry>();
        Visit(message, (records, start, length) => entries.Add(PackEntry(records, start, length)));
        store.Logs.Add(entries);
    }

    /// <summary>The span of these bytes; what cannot be read of it is left out.</summary>
    public SpanRecord ReadSpan(PackedRecords records, PackedSpan packed, int start, int length)
    {
        try
        {
            return Read(Span.Parser.ParseFrom(records.Message, start, length), packed.TraceId, records);
        }
        catch (InvalidProtocolBufferException)
        {
            var times = new Span();
            var fields = new WireFields(records.Message, start, length);
            while (fields.Next())
            {
                switch (fields.Number)
                {
                    case Span.StartTimeUnixNanoFieldNumber:
                        times.StartTimeUnixNano = fields.Value;
                        break;
                    case Span.EndTimeUnixNanoFieldNumber:
                        times.EndTimeUnixNano = fields.Value;
                        break;
                }
            }

            return Read(times, packed.TraceId, records) with { SpanId = packed.SpanId, Name = Unreadable };
        }
    }

    /// <summary>The entry of these bytes; what cannot be read of it is left out.</summary>
    public LogEntry ReadEntry(PackedRecords records, PackedEntry packed, int start, int length)
    {
        try
        {
            return Read(LogRecord.Parser.ParseFrom(records.Message, start, length), packed.TraceId, records);
        }
        catch (InvalidProtocolBufferException)
        {
            return new LogEntry(0, 0, packed.Severity, Unreadable, records.Scope, records.Source, packed.TraceId, null, []);
        }
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

    private void Visit(byte[] message, Action<PackedRecords, int, int> record)
    {
        var resources = new WireFields(message, 0, message.Length);
        while (resources.Next())
        {
            if (resources is not { Number: Resources, Start: >= 0 })
            {
                continue;
            }

            var source = Source(Resource.Parser.ParseFrom(WireFields.Find(message, resources.Start, resources.Length, ResourceOfAll)));
            var scopes = new WireFields(message, resources.Start, resources.Length);
            while (scopes.Next())
            {
                if (scopes is not { Number: Scopes, Start: >= 0 })
                {
                    continue;
                }

                var scope = Scope.Parser.ParseFrom(WireFields.Find(message, scopes.Start, scopes.Length, ScopeOfAll)).Name;
                var packed = new PackedRecords(this, message, source, pool.Share(scope));
                var records = new WireFields(message, scopes.Start, scopes.Length);
                while (records.Next())
                {
                    if (records is { Number: Records, Start: >= 0 })
                    {
                        record(packed, records.Start, records.Length);
                    }
                }
            }
        }
    }

    /// <returns>Null when its ids are not valid.</returns>
    private PackedSpan? Pack(PackedRecords records, int start, int length)
    {
        string? traceId = null;
        var spanId = 0UL;
        var hasSpanId = false;
        var fields = new WireFields(records.Message, start, length);
        while (fields.Next())
        {
            switch (fields)
            {
                case { Number: Span.TraceIdFieldNumber, Length: TraceIdLength }:
                    traceId = SharedHex(records.Message.AsSpan(fields.Start, TraceIdLength));
                    break;
                case { Number: Span.SpanIdFieldNumber, Length: SpanIdLength }:
                    spanId = BinaryPrimitives.ReadUInt64BigEndian(records.Message.AsSpan(fields.Start));
                    hasSpanId = true;
                    break;
            }
        }

        return traceId is not null && hasSpanId ? new PackedSpan(records, traceId, spanId, start, length) : null;
    }

    private PackedEntry PackEntry(PackedRecords records, int start, int length)
    {
        string? traceId = null;
        var severity = 0;
        var fields = new WireFields(records.Message, start, length);
        while (fields.Next())
        {
            switch (fields)
            {
                case { Number: LogRecord.SeverityNumberFieldNumber }:
                    severity = (int)fields.Value;
                    break;
                case { Number: LogRecord.TraceIdFieldNumber, Length: TraceIdLength }:
                    traceId = SharedHex(records.Message.AsSpan(fields.Start, TraceIdLength));
                    break;
            }
        }

        return new PackedEntry(records, severity, traceId, start, length);
    }

    // The ids of a trace come with each of its spans and entries.
    private string SharedHex(ReadOnlySpan<byte> id)
    {
        System.Span<char> digits = stackalloc char[2 * TraceIdLength];
        return Convert.TryToHexStringLower(id, digits, out var written) ? pool.Share(digits[..written]) : throw new ArgumentException("A trace id has 16 bytes.", nameof(id));
    }

    private SpanRecord Read(Span span, string traceId, PackedRecords records)
    {
        var start = (long)span.StartTimeUnixNano;
        return new SpanRecord(
            traceId, Id(span.SpanId), Id(span.ParentSpanId), pool.Share(span.Name), (SpanKind)span.Kind,
            start, Math.Max(start, (long)span.EndTimeUnixNano), records.Source, records.Scope)
        {
            Failed = span.Status?.Code == 2,
            StatusMessage = Limit(span.Status?.Message ?? string.Empty),
            Attributes = Attributes(span.Attributes),
            Events = [.. span.Events.Take(store.Limits.MaxSpanEventCount).Select(e => new SpanEventRecord((long)e.TimeUnixNano, pool.Share(e.Name), Attributes(e.Attributes)))],
            Links = [.. span.Links.Take(store.Limits.MaxSpanEventCount).Select(link => new SpanLinkRecord(Hex(link.TraceId), Id(link.SpanId)))],
        };
    }

    private LogEntry Read(LogRecord record, string? traceId, PackedRecords records) => new(
        0,
        (long)(record.TimeUnixNano != 0 ? record.TimeUnixNano : record.ObservedTimeUnixNano),
        record.SeverityNumber,
        Limit(Text(record.Body)),
        records.Scope,
        records.Source,
        traceId,
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
