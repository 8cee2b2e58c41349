using System.Diagnostics;

namespace Platform.Gateway.Telemetry;

/// <summary>Spans of the answer path.</summary>
internal static class GatewayTelemetry
{
    public static readonly ActivitySource Source = new("Platform.Gateway");
}
