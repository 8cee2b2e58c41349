using OpenTelemetry.Metrics;

namespace Npgsql;

/// <summary>Adds the metrics of Npgsql.</summary>
public static class MeterProviderBuilderExtensions
{
    /// <summary>Collects the meter <c>Npgsql</c>, which the driver writes itself.</summary>
    public static MeterProviderBuilder AddNpgsqlInstrumentation(this MeterProviderBuilder builder, Action<NpgsqlMetricsOptions>? options = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        return builder.AddMeter("Npgsql");
    }
}
