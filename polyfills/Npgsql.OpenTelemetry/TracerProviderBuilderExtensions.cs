using OpenTelemetry.Trace;

namespace Npgsql;

/// <summary>Adds the spans of Npgsql.</summary>
public static class TracerProviderBuilderExtensions
{
    /// <summary>Collects the activity source <c>Npgsql</c>, which the driver writes itself.</summary>
    public static TracerProviderBuilder AddNpgsql(this TracerProviderBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        return builder.AddSource("Npgsql");
    }
}
