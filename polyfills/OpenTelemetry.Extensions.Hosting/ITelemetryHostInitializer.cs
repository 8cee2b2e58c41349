namespace OpenTelemetry;

/// <summary>Creates the registered providers, for applications whose host runs no hosted services.</summary>
public interface ITelemetryHostInitializer
{
    /// <summary>Creates every provider that is registered. Later calls change nothing.</summary>
    void Initialize();
}
