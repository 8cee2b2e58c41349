using System.Globalization;
using System.Text;
using OpenTelemetry.Metrics;

namespace OpenTelemetry.Exporter;

/// <summary>Writes metrics.</summary>
public class ConsoleMetricExporter : ConsoleExporter<Metric>
{
    /// <summary>An exporter with these options.</summary>
    public ConsoleMetricExporter(ConsoleExporterOptions options)
        : base(options)
    {
    }

    /// <inheritdoc/>
    public override ExportResult Export(in Batch<Metric> batch)
    {
        foreach (var metric in batch)
        {
            var text = new StringBuilder();
            AppendField(text, "Metric Name", metric.Name);
            if (!string.IsNullOrEmpty(metric.Description))
            {
                AppendField(text, "Description", metric.Description);
            }

            if (!string.IsNullOrEmpty(metric.Unit))
            {
                AppendField(text, "Unit", metric.Unit);
            }

            AppendField(text, "Metric Type", metric.MetricType);
            AppendField(text, "Instrumentation scope", $"{metric.MeterName} {metric.MeterVersion}".TrimEnd());
            foreach (ref readonly var point in metric.GetMetricPoints())
            {
                AppendPoint(text, metric.MetricType, in point);
            }

            AppendResource(text);
            WriteLine(text);
        }

        return ExportResult.Success;
    }

    private static void AppendPoint(StringBuilder text, MetricType type, in MetricPoint point)
    {
        AppendField(text, "Time", $"({point.StartTime:O}, {point.EndTime:O}]");
        foreach (var (name, value) in point.Tags)
        {
            AppendAttribute(text, name, value);
        }

        switch (type)
        {
            case MetricType.LongSum or MetricType.LongSumNonMonotonic:
                AppendField(text, "Value", point.GetSumLong());
                break;
            case MetricType.DoubleSum or MetricType.DoubleSumNonMonotonic:
                AppendField(text, "Value", point.GetSumDouble());
                break;
            case MetricType.LongGauge:
                AppendField(text, "Value", point.GetGaugeLastValueLong());
                break;
            case MetricType.DoubleGauge:
                AppendField(text, "Value", point.GetGaugeLastValueDouble());
                break;
            case MetricType.Histogram or MetricType.ExponentialHistogram:
                AppendHistogram(text, type, in point);
                break;
        }
    }

    private static void AppendHistogram(StringBuilder text, MetricType type, in MetricPoint point)
    {
        AppendField(text, "Sum", point.GetHistogramSum());
        AppendField(text, "Count", point.GetHistogramCount());
        if (point.TryGetHistogramMinMaxValues(out var minimum, out var maximum))
        {
            AppendField(text, "Min", minimum);
            AppendField(text, "Max", maximum);
        }

        if (type == MetricType.Histogram)
        {
            var lower = double.NegativeInfinity;
            foreach (var bucket in point.GetHistogramBuckets())
            {
                AppendField(text, string.Create(CultureInfo.InvariantCulture, $"    ({lower},{bucket.ExplicitBound}]"), bucket.BucketCount);
                lower = bucket.ExplicitBound;
            }
        }
    }
}
