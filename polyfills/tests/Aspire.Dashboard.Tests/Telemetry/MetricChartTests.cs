using Aspire.Dashboard.Protocol;
using Aspire.Dashboard.Ingestion;
using Aspire.Dashboard.Telemetry;
using Xunit;

namespace Aspire.Dashboard.Tests.Telemetry;

public sealed class MetricChartTests
{
    private const long Second = 1_000_000_000;

    [Fact]
    public void Chart_Counter_IsTheRatePerSecond()
    {
        var store = new MetricStore(new TelemetryLimits(), Spans.Origin);
        Add(store, InstrumentKind.Counter, (0, 0), (10, 50), (20, 150));

        var chart = Chart(store, 20, 2);

        Assert.Equal([5.0, 10.0], chart.Lines.Single().Values);
        Assert.Equal(150, chart.Total);
    }

    [Fact]
    public void Chart_CounterThatBeganBeforeTheDashboard_DoesNotCountWhatWasBefore()
    {
        var store = new MetricStore(new TelemetryLimits(), Spans.Origin + Second);
        Add(store, InstrumentKind.Counter, (10, 1_000), (20, 1_010));

        Assert.Equal(10, Chart(store, 20, 2).Total);
    }

    [Fact]
    public void Chart_CounterThatFell_BeganAnewWithItsProcess()
    {
        var store = new MetricStore(new TelemetryLimits(), Spans.Origin);
        Add(store, InstrumentKind.Counter, (0, 0), (10, 100), (20, 7));

        Assert.Equal([10.0, 0.7], Chart(store, 20, 2).Lines.Single().Values);
    }

    [Fact]
    public void Chart_Gauge_HoldsItsLastValueAndBeginsWithNothing()
    {
        var store = new MetricStore(new TelemetryLimits(), Spans.Origin);
        Add(store, InstrumentKind.Gauge, (15, 3));

        Assert.Equal([null, 3.0, 3.0], Chart(store, 30, 3).Lines.Single().Values);
    }

    [Fact]
    public void Chart_GroupedAndFiltered_HasALineForEachValue()
    {
        var store = new MetricStore(new TelemetryLimits(), Spans.Origin);
        Add(store, InstrumentKind.Gauge, "tier", "l1", (5, 1));
        Add(store, InstrumentKind.Gauge, "tier", "l2", (5, 2));

        Assert.Equal(["l1", "l2"], Chart(store, 10, 1, "tier").Lines.Select(line => line.Label));
        Assert.Equal(3, Chart(store, 10, 1).Total);
        Assert.Equal(2, Chart(store, 10, 1, filters: new() { ["tier"] = "l2" }).Total);
        Assert.Equal(["l1", "l2"], Chart(store, 10, 1).Dimensions.Single().Values);
    }

    [Theory]
    [InlineData(0.5, 1.5)]
    [InlineData(0.25, 1.0)]
    [InlineData(0.75, 2.0)]
    [InlineData(1.0, 4.0)]
    public void Percentile_Buckets_IsReadByStraightLines(double share, double expected) =>
        Assert.Equal(expected, MetricChart.Percentile(share, [10, 20, 0, 10], [1, 2, 4])!.Value, 0.3);

    [Fact]
    public void Percentile_ValuesAboveAllBounds_IsTheLastBound() => Assert.Equal(4, MetricChart.Percentile(0.99, [0, 0, 0, 5], [1, 2, 4]));

    [Fact]
    public void Percentile_NothingMeasured_IsUnknown() => Assert.Null(MetricChart.Percentile(0.5, [0, 0], [1]));

    [Fact]
    public void Percentile_KnownDistribution_IsWithinItsBucket()
    {
        var random = new Random(7);
        double[] bounds = [.. Enumerable.Range(1, 50).Select(step => step * 0.02)];
        var counts = new double[bounds.Length + 1];
        double[] values = [.. Enumerable.Range(0, 20_000).Select(_ => random.NextDouble()).Order()];
        foreach (var value in values)
        {
            counts[Math.Min(bounds.Length, (int)(value / 0.02))]++;
        }

        foreach (var share in new[] { 0.1, 0.5, 0.9, 0.99 })
        {
            Assert.Equal(values[(int)(share * values.Length)], MetricChart.Percentile(share, counts, bounds)!.Value, 0.02);
        }
    }

    [Fact]
    public void Add_TooManySeries_RejectsAndCounts()
    {
        var store = new MetricStore(new TelemetryLimits { MaxSeriesCount = 100 }, Spans.Origin);
        for (var user = 0; user < 1_000; user++)
        {
            Add(store, InstrumentKind.Gauge, "user", $"{user}", (1, 1));
        }

        Assert.Equal(900, store.RejectedSeries);
        Assert.Equal(100, Chart(store, 10, 1).Total);
    }

    [Fact]
    public void Add_IdleForLong_KeepsTwoPoints()
    {
        var series = new Series([], string.Empty, 900, whole: true);
        for (var time = 0; time < 10_000; time++)
        {
            series.Add(new MetricPoint(time, 5, 0, null), []);
        }

        Assert.Equal([0L, 9_999], series.Points.Select(point => point.Time));
    }

    [Fact]
    public void AddDelta_Points_AddUp()
    {
        var series = new Series([], string.Empty, 900, whole: true);
        series.AddDelta(new MetricPoint(1, 3, 6, [1, 2]), [1]);
        series.AddDelta(new MetricPoint(2, 2, 1, [2, 0]), [1]);

        Assert.Equal((5, 7), (series.Points[^1].Value, series.Points[^1].Sum));
        Assert.Equal([3, 2], series.Points[^1].Buckets!);
    }

    [Fact]
    public void ExponentialBuckets_ScaleZero_ArePowersOfTwo()
    {
        var point = new ExponentialHistogramDataPoint { Scale = 0, ZeroCount = 1, Positive = new() { Offset = 0, BucketCounts = { 2, 3 } } };

        var (bounds, counts) = ExponentialBuckets.Read(point);

        Assert.Equal([0, 1, 2, 4], bounds);
        Assert.Equal([1, 0, 2, 3, 0], counts);
    }

    private static MetricChart Chart(MetricStore store, int seconds, int steps, string? group = null, Dictionary<string, string>? filters = null) =>
        store.Chart(new MetricQuery(new InstrumentKey("web", "tests", "amount"), Spans.Origin, Spans.Origin + (seconds * Second), steps, group, filters ?? []))!;

    private static void Add(MetricStore store, InstrumentKind kind, params (int Second, double Value)[] points) => Add(store, kind, null, null, points);

    private static void Add(MetricStore store, InstrumentKind kind, string? attribute, string? value, params (int Second, double Value)[] points) => store.Write(writer =>
    {
        KeyValuePair<string, string>[] attributes = attribute is null ? [] : [KeyValuePair.Create(attribute, value!)];
        var description = new InstrumentDescription(new InstrumentKey("web", "tests", "amount"), kind, "1", "An amount");
        foreach (var point in points)
        {
            writer.Open(description, attributes, string.Empty, Spans.Origin)?.Add(new MetricPoint(Spans.Origin + (point.Second * Second), point.Value, 0, null), []);
        }
    });
}
