namespace Aspire.Dashboard.Telemetry;

/// <summary>How the values of an instrument are read.</summary>
internal enum InstrumentKind
{
    /// <summary>A value at a moment.</summary>
    Gauge,

    /// <summary>A total that only grows: shown as a rate per second.</summary>
    Counter,

    /// <summary>A total that also falls: shown as it is.</summary>
    UpDownCounter,

    /// <summary>Counts in buckets: shown as percentiles and as a rate.</summary>
    Histogram,
}

internal sealed record InstrumentKey(string Service, string Scope, string Name);

internal sealed record InstrumentDescription(InstrumentKey Key, InstrumentKind Kind, string Unit, string Description);

/// <summary>One measured point. Totals and counts are cumulative; time is nanoseconds since 1970.</summary>
/// <param name="Time">When it was read.</param>
/// <param name="Value">Value, total, or number of measurements of a histogram.</param>
/// <param name="Sum">Sum of the measurements of a histogram.</param>
/// <param name="Buckets">Cumulative count of each bucket of a histogram, one more than its bounds.</param>
internal readonly record struct MetricPoint(long Time, double Value, double Sum, double[]? Buckets);

/// <summary>A single measurement that was taken within a span.</summary>
internal sealed record ExemplarRecord(long Time, double Value, string TraceId, string SpanId);

/// <summary>The points of one attribute set of one process. Not safe for concurrent use.</summary>
/// <param name="attributes">Attributes of its points.</param>
/// <param name="instance">The process.</param>
/// <param name="capacity">Most points that are kept.</param>
/// <param name="whole">Whether its total began with zero while this dashboard was there.</param>
internal sealed class Series(KeyValuePair<string, string>[] attributes, string instance, int capacity, bool whole)
{
    private readonly List<MetricPoint> points = [];

    public KeyValuePair<string, string>[] Attributes { get; } = attributes;

    public string Instance { get; } = instance;

    /// <summary>Upper bounds of a histogram's buckets; the last bucket has none.</summary>
    public double[] Bounds { get; private set; } = [];

    public IReadOnlyList<MetricPoint> Points => points;

    /// <summary>Whether <see cref="Points"/> go back to the moment when the total was zero.</summary>
    public bool IsWhole { get; private set; } = whole;

    /// <summary>Adds a total since the process began, or a value at a moment.</summary>
    public void Add(MetricPoint point, double[] bounds)
    {
        if (!bounds.AsSpan().SequenceEqual(Bounds))
        {
            // Other buckets cannot be compared with the earlier ones.
            IsWhole &= points.Count == 0;
            points.Clear();
            Bounds = bounds;
        }

        // Of equal points in a row the first and the last are kept: services repeat idle instruments for ever.
        if (points.Count >= 2 && Same(points[^1], point) && Same(points[^2], point))
        {
            points[^1] = point;
            return;
        }

        if (points.Count >= capacity)
        {
            points.RemoveRange(0, Math.Max(1, capacity / 10));
            IsWhole = false;
        }

        points.Add(point);
    }

    /// <summary>Adds what happened since the point before.</summary>
    public void AddDelta(MetricPoint point, double[] bounds)
    {
        var before = points.Count == 0 ? default : points[^1];
        var buckets = point.Buckets is { } more && before.Buckets is { } known && more.Length == known.Length
            ? [.. more.Zip(known, static (a, b) => a + b)]
            : point.Buckets;
        Add(new MetricPoint(point.Time, before.Value + point.Value, before.Sum + point.Sum, buckets), bounds);
    }

    private static bool Same(MetricPoint a, MetricPoint b) => a.Value.Equals(b.Value) && a.Sum.Equals(b.Sum);
}
