using Platform.Gateway.Answers;
using Platform.Gateway.Chat;

namespace Platform.Gateway.Degradation;

/// <summary>How much of the platform is available.</summary>
/// <param name="Level">"full", "limited", "minimal" or "maintenance".</param>
/// <param name="Away">Services that do not answer.</param>
/// <param name="Dashboard">Address of the dashboard; in development only.</param>
public sealed record StatusView(string Level, IReadOnlyList<string> Away, string? Dashboard);

/// <summary><c>GET /api/status</c>.</summary>
internal static class StatusEndpoints
{
    public static void MapStatus(this IEndpointRouteBuilder routes) => routes
        .MapGet("/api/status", (DegradationMonitor degradation, DashboardLinks links) =>
            new StatusView(ChatViews.Name(degradation.Level), degradation.Away, links.Address))
        .WithTags("Status").WithName("Status").WithSummary("How much of the platform is available, seen from the calls of this instance.");
}
