using System.Globalization;
using System.Text;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;

namespace OpenTelemetry.Exporter.Prometheus.Format;

/// <summary>Writes metrics in the Prometheus text format 0.0.4 or in OpenMetrics.</summary>
internal sealed class MetricsWriter
{
    private static readonly string[] ReservedScopeLabels = ["otel_scope_name", "otel_scope_version", "otel_scope_schema_url"];

    private readonly StringBuilder _text = new();
    private readonly PrometheusAspNetCoreOptions _options;
    private readonly bool _openMetrics;
    private readonly List<KeyValuePair<string, object>> _constants;

    private MetricsWriter(PrometheusAspNetCoreOptions options, Resource resource, bool openMetrics)
    {
        _options = options;
        _openMetrics = openMetrics;
        _constants = options.ResourceConstantLabels is { } selected
            ? [.. resource.Attributes.Where(attribute => selected(attribute.Key))]
            : [];
    }

    public static byte[] Write(in Batch<Metric> metrics, Resource resource, PrometheusAspNetCoreOptions options, bool openMetrics)
    {
        var writer = new MetricsWriter(options, resource, openMetrics);
        if (options.TargetInfoEnabled)
        {
            writer.WriteTarget(resource);
        }

        List<(Family Family, Metric Metric)> all = [];
        foreach (var metric in metrics)
        {
            if (writer.FamilyOf(metric) is { } family)
            {
                all.Add((family, metric));
            }
        }

        // The lines of a family must stand together, even when several meters have an instrument of that name.
        foreach (var group in all.GroupBy(static entry => entry.Family.Name))
        {
            writer.WriteFamily(group.First().Family, [.. group.Where(entry => entry.Family.Type == group.First().Family.Type).Select(static entry => entry.Metric)]);
        }

        if (openMetrics)
        {
            writer._text.Append("# EOF\n");
        }

        return Encoding.UTF8.GetBytes(writer._text.ToString());
    }

    private Family? FamilyOf(Metric metric)
    {
        var type = metric.MetricType switch
        {
            MetricType.LongSum or MetricType.DoubleSum => "counter",
            MetricType.LongGauge or MetricType.DoubleGauge or MetricType.LongSumNonMonotonic or MetricType.DoubleSumNonMonotonic => "gauge",
            MetricType.Histogram => "histogram",
            _ => null,
        };
        if (type is null)
        {
            return null;
        }

        var unit = PrometheusName.Unit(metric.Unit);
        var counter = type == "counter";
        if (_openMetrics)
        {
            var family = PrometheusName.Family(metric.Name, unit, counter);
            return new Family(family, counter ? family + "_total" : family, type, unit);
        }

        var name = PrometheusName.Text(metric.Name, unit, counter, total: !_options.DisableTotalNameSuffixForCounters);
        return new Family(name, name, type, unit);
    }

    private void WriteTarget(Resource resource)
    {
        if (!resource.Attributes.Any())
        {
            return;
        }

        // The text format has no info type, so there it is a gauge with the value 1.
        _text.Append(_openMetrics
            ? "# TYPE target info\n# HELP target Target metadata\n"
            : "# TYPE target_info gauge\n# HELP target_info Target metadata\n");
        var labels = new LabelSet();
        foreach (var (key, value) in resource.Attributes)
        {
            labels.Add(key, value);
        }

        WriteSample("target_info", labels.ToString(), "1");
    }

    private void WriteFamily(Family family, List<Metric> metrics)
    {
        _text.Append("# TYPE ").Append(family.Name).Append(' ').Append(family.Type).Append('\n');
        if (_openMetrics && family.Unit is { } unit)
        {
            _text.Append("# UNIT ").Append(family.Name).Append(' ').Append(unit).Append('\n');
        }

        if (metrics.Select(static metric => metric.Description).FirstOrDefault(static text => !string.IsNullOrEmpty(text)) is { } description)
        {
            _text.Append("# HELP ").Append(family.Name).Append(' ');
            LabelSet.Escape(_text, description, quotes: _openMetrics);
            _text.Append('\n');
        }

        foreach (var metric in metrics)
        {
            foreach (ref readonly var point in metric.GetMetricPoints())
            {
                if (metric.MetricType == MetricType.Histogram)
                {
                    WriteHistogram(family, metric, in point);
                }
                else
                {
                    WriteValue(family, metric, in point);
                }
            }
        }
    }

    private void WriteValue(Family family, Metric metric, in MetricPoint point)
    {
        var labels = LabelsOf(metric, in point).ToString();
        var value = metric.MetricType switch
        {
            MetricType.LongSum or MetricType.LongSumNonMonotonic => point.GetSumLong().ToString(CultureInfo.InvariantCulture),
            MetricType.DoubleSum or MetricType.DoubleSumNonMonotonic => PrometheusNumber.Value(point.GetSumDouble()),
            MetricType.LongGauge => point.GetGaugeLastValueLong().ToString(CultureInfo.InvariantCulture),
            _ => PrometheusNumber.Value(point.GetGaugeLastValueDouble()),
        };

        var counter = family.Type == "counter";
        var exemplar = counter ? ExemplarOf(in point, double.NegativeInfinity, double.PositiveInfinity, metric.MetricType == MetricType.LongSum) : null;
        WriteSample(family.Sample, labels, value, exemplar);
        if (counter)
        {
            WriteCreated(family, labels, in point);
        }
    }

    private void WriteHistogram(Family family, Metric metric, in MetricPoint point)
    {
        var labels = LabelsOf(metric, in point).Remove("le").ToString();
        var prefix = labels.Length == 0 ? string.Empty : labels + ",";
        var count = 0L;
        var lower = double.NegativeInfinity;
        var negative = false;
        foreach (var bucket in point.GetHistogramBuckets())
        {
            count += bucket.BucketCount;
            negative |= bucket.ExplicitBound < 0;
            var bound = _openMetrics ? PrometheusNumber.Canonical(bucket.ExplicitBound) : PrometheusNumber.Value(bucket.ExplicitBound);
            WriteSample(
                $"{family.Name}_bucket",
                $"{prefix}le=\"{bound}\"",
                count.ToString(CultureInfo.InvariantCulture),
                ExemplarOf(in point, lower, bucket.ExplicitBound, whole: false));
            lower = bucket.ExplicitBound;
        }

        // OpenMetrics forbids both where a bucket's bound is negative, because the sum might decrease.
        if (!_openMetrics || !negative)
        {
            WriteSample($"{family.Name}_sum", labels, PrometheusNumber.Value(point.GetHistogramSum()));
            WriteSample($"{family.Name}_count", labels, point.GetHistogramCount().ToString(CultureInfo.InvariantCulture));
        }

        WriteCreated(family, labels, in point);
    }

    private void WriteCreated(Family family, string labels, in MetricPoint point)
    {
        if (_openMetrics)
        {
            WriteSample($"{family.Name}_created", labels, Seconds(point.StartTime));
        }
    }

    private void WriteSample(string name, string labels, string value, string? exemplar = null)
    {
        _text.Append(name);
        if (labels.Length > 0)
        {
            _text.Append('{').Append(labels).Append('}');
        }

        _text.Append(' ').Append(value).Append(exemplar).Append('\n');
    }

    private LabelSet LabelsOf(Metric metric, in MetricPoint point)
    {
        var labels = new LabelSet();
        if (_options.ScopeInfoEnabled)
        {
            labels.Add("otel_scope_name", metric.MeterName);
            if (!string.IsNullOrEmpty(metric.MeterVersion))
            {
                labels.Add("otel_scope_version", metric.MeterVersion);
            }

            if (!string.IsNullOrEmpty(metric.MeterSchemaUrl))
            {
                labels.Add("otel_scope_schema_url", metric.MeterSchemaUrl);
            }

            foreach (var (key, value) in metric.MeterTags ?? [])
            {
                var label = PrometheusName.Label($"otel_scope_{key}");
                if (!ReservedScopeLabels.Contains(label))
                {
                    labels.Add(label, key, value);
                }
            }
        }

        foreach (var (key, value) in _constants)
        {
            labels.Add(key, value);
        }

        foreach (var (key, value) in point.Tags)
        {
            labels.Add(key, value);
        }

        return labels;
    }

    // The latest exemplar of the bucket. The set of labels is limited to 128 characters, in which the two ids fit.
    private string? ExemplarOf(in MetricPoint point, double lower, double upper, bool whole)
    {
        if (!_openMetrics || !point.TryGetExemplars(out var exemplars))
        {
            return null;
        }

        string? text = null;
        var latest = DateTimeOffset.MinValue;
        foreach (ref readonly var exemplar in exemplars)
        {
            var value = whole ? exemplar.LongValue : exemplar.DoubleValue;
            if (value > lower && value <= upper && exemplar.Timestamp >= latest)
            {
                latest = exemplar.Timestamp;
                var labels = new LabelSet();
                if (exemplar.TraceId != default)
                {
                    labels.Add("trace_id", exemplar.TraceId.ToHexString()).Add("span_id", exemplar.SpanId.ToHexString());
                }

                text = $" # {{{labels}}} {PrometheusNumber.Value(value)} {Seconds(exemplar.Timestamp)}";
            }
        }

        return text;
    }

    private static string Seconds(DateTimeOffset time)
        => (time.ToUnixTimeMilliseconds() / 1000m).ToString("0.000", CultureInfo.InvariantCulture);

    private sealed record Family(string Name, string Sample, string Type, string? Unit);
}
