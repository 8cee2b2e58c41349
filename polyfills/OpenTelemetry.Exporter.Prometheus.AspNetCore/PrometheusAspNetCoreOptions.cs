namespace OpenTelemetry.Exporter;

/// <summary>What the scrape endpoint shows.</summary>
public class PrometheusAspNetCoreOptions
{
    private int _cacheMilliseconds = 300;

    /// <summary>The endpoint's path. Default: <c>/metrics</c>.</summary>
    public string? ScrapeEndpointPath { get; set; } = "/metrics";

    /// <summary>How long a response answers further scrapes, in milliseconds; 0 collects for each. Default: 300.</summary>
    public int ScrapeResponseCacheDurationMilliseconds
    {
        get => _cacheMilliseconds;
        set
        {
            ArgumentOutOfRangeException.ThrowIfNegative(value);
            _cacheMilliseconds = value;
        }
    }

    /// <summary>True leaves <c>_total</c> off counters in the Prometheus text format. Default: false.</summary>
    public bool DisableTotalNameSuffixForCounters { get; set; }

    /// <summary>True (default) labels every sample with name, version and attributes of its meter (<c>otel_scope_*</c>).</summary>
    public bool ScopeInfoEnabled { get; set; } = true;

    /// <summary>True (default) adds <c>target_info</c> with the attributes of the resource.</summary>
    public bool TargetInfoEnabled { get; set; } = true;

    /// <summary>Which attributes of the resource become labels of every sample. Null (default): none.</summary>
    public Func<string, bool>? ResourceConstantLabels { get; set; }
}
