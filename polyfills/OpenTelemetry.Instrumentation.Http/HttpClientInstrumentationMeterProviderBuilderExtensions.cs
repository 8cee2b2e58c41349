namespace OpenTelemetry.Metrics;

/// <summary>Adds the metrics of <c>HttpClient</c>.</summary>
public static class HttpClientInstrumentationMeterProviderBuilderExtensions
{
    /// <summary>Collects the runtime's own meters <c>System.Net.Http</c> and <c>System.Net.NameResolution</c>.</summary>
    public static MeterProviderBuilder AddHttpClientInstrumentation(this MeterProviderBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        return builder.AddMeter("System.Net.Http", "System.Net.NameResolution");
    }
}
