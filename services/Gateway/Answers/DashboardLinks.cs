namespace Platform.Gateway.Answers;

/// <summary>Links into the dashboard of a development machine, whose address the AppHost gives in <c>PLATFORM_DASHBOARD</c>.</summary>
internal sealed class DashboardLinks(IConfiguration configuration, IHostEnvironment environment)
{
    private const string Key = "PLATFORM_DASHBOARD";

    /// <summary>Null outside development, and where there is no dashboard.</summary>
    public string? Address { get; } =
        environment.IsDevelopment() && Uri.TryCreate(configuration[Key], UriKind.Absolute, out Uri? address) && address.Scheme is "http" or "https"
            ? address.GetLeftPart(UriPartial.Authority)
            : null;

    /// <summary>The trace of a request, with its log lines.</summary>
    public string? Trace(string requestId) => Address is null ? null : $"{Address}/#/traces/{Uri.EscapeDataString(requestId)}";
}
