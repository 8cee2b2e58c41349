using Aspire.Dashboard.Protocol;

namespace Aspire.Dashboard.Ingestion;

/// <summary>
/// Exponential histograms as explicit buckets. The bucket of index <c>i</c> holds values in (base^i, base^(i+1)] with base = 2^(2^-scale)
/// (OpenTelemetry metrics data model).
/// </summary>
internal static class ExponentialBuckets
{
    public static (double[] Bounds, double[] Counts) Read(ExponentialHistogramDataPoint point)
    {
        var bounds = new List<double>();
        var counts = new List<double>();
        var root = Math.Pow(2, Math.Pow(2, -point.Scale));
        if (point.Negative is { BucketCounts.Count: > 0 } negative)
        {
            for (var index = negative.BucketCounts.Count - 1; index >= 0; index--)
            {
                bounds.Add(-Math.Pow(root, negative.Offset + index));
                counts.Add(negative.BucketCounts[index]);
            }
        }

        bounds.Add(0);
        counts.Add(point.ZeroCount);
        if (point.Positive is { BucketCounts.Count: > 0 } positive)
        {
            bounds.Add(Math.Pow(root, positive.Offset));
            counts.Add(0);
            for (var index = 0; index < positive.BucketCounts.Count; index++)
            {
                bounds.Add(Math.Pow(root, positive.Offset + index + 1));
                counts.Add(positive.BucketCounts[index]);
            }
        }

        counts.Add(0);
        return ([.. bounds], [.. counts]);
    }
}
