namespace Aspire.Dashboard.Telemetry;

/// <summary>Who sent telemetry: one process of one service.</summary>
/// <param name="Service">Value of <c>service.name</c>, which the host sets to the resource's name.</param>
/// <param name="Instance">Value of <c>service.instance.id</c>, or empty.</param>
internal sealed record TelemetrySource(string Service, string Instance);
