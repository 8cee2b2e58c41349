namespace Aspire.Dashboard.Telemetry;

/// <summary>What to draw.</summary>
/// <param name="Key">Instrument.</param>
/// <param name="From">Begin, in nanoseconds since 1970.</param>
/// <param name="To">End.</param>
/// <param name="Steps">Points on the time axis.</param>
/// <param name="GroupBy">Attribute whose values become lines of their own, or null for one line.</param>
/// <param name="Filters">Only series with these attributes.</param>
internal sealed record MetricQuery(
    InstrumentKey Key, long From, long To, int Steps, string? GroupBy, IReadOnlyDictionary<string, string> Filters);

internal sealed record ChartLine(string Label, double?[] Values);

internal sealed record ChartDimension(string Name, IReadOnlyList<string> Values);

/// <summary>Lines over time, ready to be drawn. Times in seconds since 1970.</summary>
/// <param name="Instrument">What is drawn.</param>
/// <param name="Unit">Unit of the lines: the instrument's, "per second" for counters.</param>
/// <param name="Times">End of each step.</param>
/// <param name="Lines">Values in each step; null where nothing was measured.</param>
/// <param name="Dimensions">Attributes by which it can be filtered and grouped.</param>
/// <param name="Exemplars">Measurements with a trace.</param>
/// <param name="Total">Count over the whole time, of counters and histograms; otherwise the last value.</param>
internal sealed record MetricChart(
    InstrumentDescription Instrument,
    string Unit,
    IReadOnlyList<double> Times,
    IReadOnlyList<ChartLine> Lines,
    IReadOnlyList<ChartDimension> Dimensions,
    IReadOnlyList<ExemplarRecord> Exemplars,
    double Total)
{
    private const int MostLines = 12;
    private const double Nanoseconds = 1e9;
    private static readonly double[] Percentiles = [0.5, 0.9, 0.99];

    public static MetricChart Draw(InstrumentDescription instrument, IReadOnlyList<Series> all, IReadOnlyList<ExemplarRecord> exemplars, MetricQuery query)
    {
        var series = all.Where(one => query.Filters.All(filter => Value(one, filter.Key) == filter.Value)).ToArray();
        var step = Math.Max(1, (query.To - query.From) / query.Steps);
        var edges = Enumerable.Range(0, query.Steps + 1).Select(index => query.From + (index * step)).ToArray();
        var groups = series.GroupBy(one => query.GroupBy is null ? string.Empty : Value(one, query.GroupBy) ?? "(none)")
            .OrderBy(group => group.Key, StringComparer.Ordinal)
            .Take(MostLines);
        var lines = instrument.Kind == InstrumentKind.Histogram
            ? groups.SelectMany(group => PercentileLines(group.Key, [.. group], edges))
            : groups.Select(group => new ChartLine(group.Key.Length == 0 ? instrument.Key.Name : group.Key, NumberLine(instrument.Kind, [.. group], edges)));
        return new MetricChart(
            instrument,
            instrument.Kind == InstrumentKind.Counter ? $"{instrument.Unit}/s".TrimStart('{') : instrument.Unit,
            [.. edges.Skip(1).Select(edge => edge / Nanoseconds)],
            [.. lines],
            ReadDimensions(all),
            [.. exemplars.Where(exemplar => exemplar.Time >= query.From && exemplar.Time <= query.To)],
            series.Sum(one => instrument.Kind is InstrumentKind.Counter or InstrumentKind.Histogram
                ? Increase(one, query.From, query.To)?.Value ?? 0
                : At(one, query.To)?.Value ?? 0));
    }

    /// <summary>
    /// The value below which a share of the measurements lies, read off the buckets by straight lines, as Prometheus'
    /// <c>histogram_quantile</c> does; the last bucket counts as its lower bound.
    /// </summary>
    internal static double? Percentile(double share, double[] counts, double[] bounds)
    {
        var total = counts.Sum();
        if (total <= 0 || bounds.Length == 0)
        {
            return null;
        }

        var wanted = share * total;
        var below = 0.0;
        for (var bucket = 0; bucket < bounds.Length; bucket++)
        {
            if (below + counts[bucket] >= wanted && counts[bucket] > 0)
            {
                var lower = bucket == 0 ? Math.Min(0, bounds[0]) : bounds[bucket - 1];
                return lower + ((bounds[bucket] - lower) * (wanted - below) / counts[bucket]);
            }

            below += counts[bucket];
        }

        return bounds[^1];
    }

    private static IEnumerable<ChartLine> PercentileLines(string group, Series[] series, long[] edges)
    {
        var prefix = group.Length == 0 ? string.Empty : group + " ";
        var bounds = series[0].Bounds;
        var comparable = series.Where(one => one.Bounds.AsSpan().SequenceEqual(bounds)).ToArray();
        var counts = Steps(edges, (from, to) => Sum(comparable, from, to));
        return Percentiles.Select(share => new ChartLine(
            string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{prefix}p{share * 100:0}"),
            [.. counts.Select(step => step is null ? null : Percentile(share, step, bounds))]));
    }

    private static double[]? Sum(Series[] series, long from, long to)
    {
        double[]? sum = null;
        foreach (var buckets in series.Select(one => Increase(one, from, to)?.Buckets).OfType<double[]>())
        {
            sum = sum is null ? [.. buckets] : [.. sum.Zip(buckets, static (a, b) => a + b)];
        }

        return sum;
    }

    private static double?[] NumberLine(InstrumentKind kind, Series[] series, long[] edges) => [.. Steps(edges, (from, to) =>
    {
        var values = series.Select(one => kind == InstrumentKind.Counter ? Increase(one, from, to)?.Value / ((to - from) / Nanoseconds) : At(one, to)?.Value)
            .OfType<double>().ToArray();
        return values.Length == 0 ? (double?)null : values.Sum();
    })];

    private static IEnumerable<T> Steps<T>(long[] edges, Func<long, long, T> read)
    {
        for (var index = 1; index < edges.Length; index++)
        {
            yield return read(edges[index - 1], edges[index]);
        }
    }

    /// <summary>What was added between two moments; a total that fell began anew with the process.</summary>
    private static MetricPoint? Increase(Series series, long from, long to)
    {
        if (At(series, to) is not { } end || end.Time <= from)
        {
            return null;
        }

        var known = At(series, from);
        if (known is null && !series.IsWhole)
        {
            // What was counted before the first point that we have is not of this time.
            known = series.Points[0];
        }

        var begin = known ?? new MetricPoint(from, 0, 0, end.Buckets is null ? null : new double[end.Buckets.Length]);
        if (end.Value < begin.Value)
        {
            return end;
        }

        return new MetricPoint(
            end.Time,
            end.Value - begin.Value,
            end.Sum - begin.Sum,
            end.Buckets is { } after && begin.Buckets is { } before && after.Length == before.Length
                ? [.. after.Zip(before, static (a, b) => Math.Max(0, a - b))]
                : end.Buckets);
    }

    /// <summary>The last point up to a moment.</summary>
    private static MetricPoint? At(Series series, long moment)
    {
        var (low, high) = (0, series.Points.Count);
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (series.Points[middle].Time <= moment)
            {
                low = middle + 1;
            }
            else
            {
                high = middle;
            }
        }

        return low == 0 ? null : series.Points[low - 1];
    }

    private static string? Value(Series series, string attribute)
    {
        foreach (var (key, value) in series.Attributes)
        {
            if (key == attribute)
            {
                return value;
            }
        }

        return null;
    }

    private static ChartDimension[] ReadDimensions(IReadOnlyList<Series> series) =>
        [.. series.SelectMany(one => one.Attributes).GroupBy(pair => pair.Key)
            .Select(group => new ChartDimension(group.Key, [.. group.Select(pair => pair.Value).Distinct().Order(StringComparer.Ordinal).Take(100)]))
            .OrderBy(dimension => dimension.Name, StringComparer.Ordinal)];
}
