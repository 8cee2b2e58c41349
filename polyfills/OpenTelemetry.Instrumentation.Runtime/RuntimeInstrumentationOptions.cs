namespace OpenTelemetry.Instrumentation.Runtime;

/// <summary>Options of the runtime metrics. Empty, as in the official package.</summary>
public class RuntimeInstrumentationOptions
{
}
