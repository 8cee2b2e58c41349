namespace Aspire.Dashboard.Telemetry;

/// <summary>The latest points of every instrument, bounded in series and in points of a series.</summary>
/// <param name="limits">Bounds.</param>
/// <param name="opened">Since when it receives, in nanoseconds since 1970.</param>
internal sealed class MetricStore(TelemetryLimits limits, long opened)
{
    private const int KeptExemplars = 200;

    private readonly Lock gate = new();
    private readonly Dictionary<InstrumentKey, Instrument> instruments = [];
    private int seriesCount;

    /// <summary>Series that were left out because there were too many.</summary>
    public long RejectedSeries { get; private set; }

    /// <summary>Runs <paramref name="add"/> while nobody else reads or writes.</summary>
    public void Write(Action<Writer> add)
    {
        lock (gate)
        {
            add(new Writer(this));
        }
    }

    public IReadOnlyList<InstrumentDescription> List()
    {
        lock (gate)
        {
            return [.. instruments.Values.Select(instrument => instrument.Description)
                .OrderBy(description => description.Key.Service, StringComparer.Ordinal)
                .ThenBy(description => description.Key.Scope, StringComparer.Ordinal)
                .ThenBy(description => description.Key.Name, StringComparer.Ordinal)];
        }
    }

    /// <summary>A chart of one instrument, or null when there is none.</summary>
    public MetricChart? Chart(MetricQuery query)
    {
        lock (gate)
        {
            return instruments.TryGetValue(query.Key, out var instrument)
                ? MetricChart.Draw(instrument.Description, [.. instrument.Series.Values], [.. instrument.Exemplars], query)
                : null;
        }
    }

    public void Clear()
    {
        lock (gate)
        {
            instruments.Clear();
            seriesCount = 0;
        }
    }

    /// <summary>Adds points while the store is locked.</summary>
    internal readonly struct Writer(MetricStore store)
    {
        /// <returns>The series, or null when there are too many.</returns>
        public Series? Open(InstrumentDescription description, KeyValuePair<string, string>[] attributes, string instance, long began)
        {
            if (!store.instruments.TryGetValue(description.Key, out var instrument) || instrument.Description.Kind != description.Kind)
            {
                instrument = new Instrument(description);
                store.instruments[description.Key] = instrument;
            }

            var name = instance + '\n' + string.Join('\n', attributes.Select(pair => $"{pair.Key}={pair.Value}"));
            if (instrument.Series.TryGetValue(name, out var series))
            {
                return series;
            }

            if (store.seriesCount >= store.Limits.MaxSeriesCount)
            {
                store.RejectedSeries++;
                return null;
            }

            store.seriesCount++;
            series = new Series(attributes, instance, store.Limits.MaxPointCount, whole: began >= store.Opened);
            instrument.Series.Add(name, series);
            return series;
        }

        public void AddExemplar(InstrumentKey key, ExemplarRecord exemplar)
        {
            var exemplars = store.instruments[key].Exemplars;
            if (exemplars.Count > 0 && exemplars.Last!.Value == exemplar)
            {
                return;
            }

            exemplars.AddLast(exemplar);
            if (exemplars.Count > KeptExemplars)
            {
                exemplars.RemoveFirst();
            }
        }
    }

    private TelemetryLimits Limits => limits;

    private long Opened => opened;

    private sealed class Instrument(InstrumentDescription description)
    {
        public InstrumentDescription Description { get; } = description;

        public Dictionary<string, Series> Series { get; } = new(StringComparer.Ordinal);

        public LinkedList<ExemplarRecord> Exemplars { get; } = new();
    }
}
