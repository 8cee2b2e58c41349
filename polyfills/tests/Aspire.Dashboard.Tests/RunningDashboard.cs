using System.Net;
using Aspire.Dashboard.Telemetry;
using Xunit;

namespace Aspire.Dashboard.Tests;

/// <summary>A dashboard on free ports and a browser's view of it.</summary>
public sealed class RunningDashboard : IAsyncLifetime
{
    internal FakeBoard Board { get; } = new();

    internal DashboardApplication Application { get; private set; } = null!;

    internal Uri Page => new($"http://localhost:{Application.PagePort}/");

    public async ValueTask InitializeAsync() =>
        Application = await DashboardApplication.StartAsync(new DashboardSettings(new TelemetryLimits()), Board, TimeProvider.System, TestContext.Current.CancellationToken);

    public ValueTask DisposeAsync() => Application.DisposeAsync();

    /// <summary>A client that holds the cookie of the login address.</summary>
    internal async Task<HttpClient> LogInAsync()
    {
        var client = new HttpClient(new SocketsHttpHandler { CookieContainer = new CookieContainer() }) { BaseAddress = Page, Timeout = TimeSpan.FromSeconds(20) };
        using var response = await client.GetAsync(Application.LoginUrl, TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        return client;
    }
}
