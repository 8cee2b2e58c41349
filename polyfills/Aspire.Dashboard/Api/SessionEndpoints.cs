using Aspire.Dashboard.Access;
using Aspire.Dashboard.Telemetry;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace Aspire.Dashboard.Api;

/// <summary>What the page needs to know of this run: where telemetry goes, and how much is kept.</summary>
internal static class SessionEndpoints
{
    public static void MapSession(this WebApplication application, DashboardAccess access) =>
        application.MapGet("/api/session", (TelemetryStore store) =>
        {
            var addresses = application.Urls.ToArray();
            return Results.Ok(new
            {
                otlpGrpc = addresses[1],
                otlpHttp = addresses[2],
                otlpHeaders = $"x-otlp-api-key={access.OtlpApiKey}",
                store.Limits,
            });
        });
}
