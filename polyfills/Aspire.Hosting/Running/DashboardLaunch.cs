using System.Globalization;
using Aspire.Dashboard;
using Aspire.Dashboard.Telemetry;

namespace Aspire.Hosting.Running;

/// <summary>When and where the dashboard runs, and how the services learn where their telemetry goes.</summary>
internal static class DashboardLaunch
{
    /// <summary>Configuration key: the page's port, or <c>off</c> for no dashboard.</summary>
    public const string PortKey = "PLATFORM_DASHBOARD_PORT";

    /// <summary>Configuration key: where the page is, for services that link to it.</summary>
    public const string AddressKey = "PLATFORM_DASHBOARD";

    private const string GrpcKey = "ASPIRE_DASHBOARD_OTLP_ENDPOINT_URL";
    private const string HttpKey = "ASPIRE_DASHBOARD_OTLP_HTTP_ENDPOINT_URL";
    private const string ApiKey = "AppHost:OtlpApiKey";

    // The ports of the official dashboard when it stands alone.
    private const int PagePort = 18888;
    private const int OtlpGrpcPort = 18889;
    private const int OtlpHttpPort = 18890;

    /// <returns>Null when there is to be no dashboard, or another collector takes the telemetry.</returns>
    /// <exception cref="DistributedApplicationException">The port is not one.</exception>
    public static DashboardSettings? Settings(DistributedApplicationBuilder application)
    {
        var configuration = application.Configuration;
        var port = configuration[PortKey];
        if (!application.HasDashboard || string.Equals(port, "off", StringComparison.OrdinalIgnoreCase)
            || !string.IsNullOrEmpty(configuration[GrpcKey]) || !string.IsNullOrEmpty(configuration[HttpKey]))
        {
            return null;
        }

        var page = PagePort;
        if (!string.IsNullOrEmpty(port) && (!int.TryParse(port, NumberStyles.None, CultureInfo.InvariantCulture, out page) || page > 65535))
        {
            throw new DistributedApplicationException($"{PortKey} is '{port}'; allowed is a port from 1 to 65535, 0 for any free one, or 'off'.");
        }

        return new DashboardSettings(TelemetryLimits.Read(configuration))
        {
            PagePort = page,
            OtlpGrpcPort = OtlpGrpcPort,
            OtlpHttpPort = OtlpHttpPort,
            OtlpApiKey = configuration[ApiKey],
        };
    }

    public static void SendTelemetry(DistributedApplicationBuilder application, DashboardApplication dashboard)
    {
        application.Configuration[GrpcKey] = string.Create(CultureInfo.InvariantCulture, $"http://localhost:{dashboard.OtlpGrpcPort}");
        application.Configuration[ApiKey] = dashboard.OtlpApiKey;
        application.Configuration[AddressKey] ??= string.Create(CultureInfo.InvariantCulture, $"http://localhost:{dashboard.PagePort}");
    }
}
