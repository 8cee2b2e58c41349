using System.Diagnostics;
using System.Runtime.CompilerServices;
using OpenTelemetry.Exporter.Prometheus.Format;
using OpenTelemetry.Metrics;

namespace OpenTelemetry.Exporter.Prometheus.Scrape;

/// <summary>Collects when somebody scrapes, one collection at a time, and answers again with a response that is young enough.</summary>
[ExportModes(ExportModes.Pull)]
internal sealed class PrometheusExporter : BaseExporter<Metric>, IPullMetricExporter
{
    // A provider does not tell its exporters, but an exporter knows its provider.
    private static readonly ConditionalWeakTable<PrometheusExporter, object?> Living = [];

    private readonly PrometheusAspNetCoreOptions _options;
    private readonly TimeProvider _time;
    private readonly TimeSpan _cacheDuration;
    private readonly SemaphoreSlim _collecting = new(1, 1);
    private readonly Dictionary<ScrapeFormat, ScrapeResponse> _cached = [];
    private ScrapeFormat _format = ScrapeFormat.Text;
    private byte[]? _written;

    public PrometheusExporter(PrometheusAspNetCoreOptions options, TimeProvider time)
    {
        _options = options;
        _time = time;
        _cacheDuration = TimeSpan.FromMilliseconds(options.ScrapeResponseCacheDurationMilliseconds);
        Living.Add(this, null);
    }

    public Func<int, bool>? Collect { get; set; }

    /// <summary>The exporter of a provider, or null.</summary>
    public static PrometheusExporter? Of(MeterProvider provider)
        => Living.Select(static entry => entry.Key).FirstOrDefault(exporter => ReferenceEquals(exporter.ParentProvider, provider));

    /// <summary>The metrics in that format, or null when they could not be collected.</summary>
    public async Task<ScrapeResponse?> ScrapeAsync(ScrapeFormat format, CancellationToken cancellationToken)
    {
        await _collecting.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            if (_cached.TryGetValue(format, out var cached) && _time.GetElapsedTime(cached.Timestamp) < _cacheDuration)
            {
                return cached;
            }

            _format = format;
            _written = null;
            if (Collect is not { } collect || !collect(Timeout.Infinite) || _written is not { } body)
            {
                return null;
            }

            return _cached[format] = new ScrapeResponse(body, _time.GetTimestamp(), _time.GetUtcNow());
        }
        finally
        {
            _collecting.Release();
        }
    }

    public override ExportResult Export(in Batch<Metric> batch)
    {
        try
        {
            _written = MetricsWriter.Write(batch, ParentProvider.GetResource(), _options, _format.OpenMetrics);
            return ExportResult.Success;
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            Debug.WriteLine(exception);
            return ExportResult.Failure;
        }
    }

    protected override void Dispose(bool disposing)
    {
        Living.Remove(this);
        _collecting.Dispose();
        base.Dispose(disposing);
    }
}

/// <summary>A response: its bytes, and when it was made by the monotonic and by the calendar clock.</summary>
internal sealed record ScrapeResponse(byte[] Body, long Timestamp, DateTimeOffset GeneratedAt);
