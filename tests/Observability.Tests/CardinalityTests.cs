using System.Diagnostics.Metrics;
using Platform.Memory;
using Platform.ModelGateway.Telemetry;
using Platform.ServiceDefaults;
using Platform.Testing;

namespace Platform.Observability.Tests;

/// <summary>What callers choose cannot make metrics grow without end.</summary>
public sealed class CardinalityTests
{
    private const int Flood = 5_000;

    [Fact]
    public void ModelGateway_FloodedWithNames_KeepsABoundedNumberOfSeries()
    {
        using var meters = new MeterFactory();
        var metrics = new ModelGatewayMetrics(meters);
        var series = new Dictionary<string, HashSet<string>>();
        using var listener = Listen(meters, series);

        for (var i = 0; i < Flood; i++)
        {
            metrics.Called($"model-{i}", $"operation-{i}", $"complexity-{i}", "success", TimeSpan.FromSeconds(1));
            metrics.Used($"model-{i}", $"organization-{i}", 1, 1, 0.1m, "USD");
            metrics.FirstToken($"model-{i}", TimeSpan.FromSeconds(1));
        }

        Assert.Equal(0, series["platform.llm.calls"].Count(s => s.Contains("model-200", StringComparison.Ordinal)));
        Assert.All(series, metric => Assert.InRange(metric.Value.Count, 1, 400));
    }

    [Fact]
    public void Memory_FloodedWithCollections_MeasuresTheLargestAndTheRest()
    {
        using var meters = new MeterFactory();
        var metrics = new MemoryMetrics(meters);
        var series = new Dictionary<string, HashSet<string>>();
        using var listener = Listen(meters, series);

        metrics.ObserveCollections([.. Enumerable.Range(0, Flood).Select(i => ($"collection-{i}", 2L, (long)i))]);
        listener.RecordObservableInstruments();

        Assert.Equal(51, series["platform.memory.collection.size"].Count);
        Assert.Contains($"collection={BoundedLabel.Other}", series["platform.memory.collection.size"]);
        Assert.Contains($"collection=collection-{Flood - 1}", series["platform.memory.collection.size"]);
    }

    private static MeterListener Listen(MeterFactory meters, Dictionary<string, HashSet<string>> series)
    {
        var listener = new MeterListener
        {
            InstrumentPublished = (instrument, listener) =>
            {
                if (instrument.Meter.Scope == meters)
                {
                    listener.EnableMeasurementEvents(instrument);
                }
            },
        };
        listener.SetMeasurementEventCallback<double>((instrument, _, tags, _) => Note(series, instrument, tags));
        listener.SetMeasurementEventCallback<long>((instrument, _, tags, _) => Note(series, instrument, tags));
        listener.Start();
        return listener;
    }

    private static void Note(Dictionary<string, HashSet<string>> series, Instrument instrument, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        var parts = new List<string>();
        foreach (var tag in tags)
        {
            parts.Add($"{tag.Key}={tag.Value}");
        }

        lock (series)
        {
            (series.TryGetValue(instrument.Name, out var known) ? known : series[instrument.Name] = []).Add(string.Join(',', parts));
        }
    }
}
