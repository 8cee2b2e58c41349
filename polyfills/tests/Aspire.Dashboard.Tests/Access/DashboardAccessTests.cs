using System.Net;
using System.Net.Http.Headers;
using Xunit;

namespace Aspire.Dashboard.Tests.Access;

public sealed class DashboardAccessTests(RunningDashboard dashboard) : IClassFixture<RunningDashboard>
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("api/resources")]
    [InlineData("api/traces")]
    [InlineData("index.html")]
    [InlineData("login?t=0123456789abcdef0123456789abcdef")]
    [InlineData("login")]
    public async Task Get_WithoutTheLogin_IsRefused(string path)
    {
        using var client = new HttpClient { BaseAddress = dashboard.Page };

        using var response = await client.GetAsync(path, Cancellation);

        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
        Assert.Contains("host printed", await response.Content.ReadAsStringAsync(Cancellation), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Get_AfterTheLogin_ShowsResourcesWithoutSecrets()
    {
        using var client = await dashboard.LogInAsync();

        var body = await client.GetStringAsync("api/resources", Cancellation);

        Assert.Contains("\"web\"", body, StringComparison.Ordinal);
        Assert.Contains("{\"name\":\"OPENAI_API_KEY\",\"value\":null}", body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Get_UnderAForeignName_IsNotFound()
    {
        using var client = await dashboard.LogInAsync();
        using var request = new HttpRequestMessage(HttpMethod.Get, "api/resources") { Headers = { Host = $"evil.example:{dashboard.Application.PagePort}" } };

        using var response = await client.SendAsync(request, Cancellation);

        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
    }

    [Fact]
    public async Task Post_FromAnotherSite_IsRefusedAndDoesNothing()
    {
        using var client = await dashboard.LogInAsync();
        using var request = new HttpRequestMessage(HttpMethod.Post, "api/resources/web/commands/restart") { Headers = { { "Origin", "http://evil.example" } } };

        using var response = await client.SendAsync(request, Cancellation);

        Assert.Equal(HttpStatusCode.Forbidden, response.StatusCode);
        Assert.DoesNotContain("web restart", dashboard.Board.Executed);
    }

    [Fact]
    public async Task Post_Command_IsExecutedAndItsRefusalTold()
    {
        using var client = await dashboard.LogInAsync();

        using var stopped = await client.PostAsync("api/resources/web/commands/stop", null, Cancellation);
        using var refused = await client.PostAsync("api/resources/web/commands/explode", null, Cancellation);

        Assert.Equal(HttpStatusCode.OK, stopped.StatusCode);
        Assert.Contains("web stop", dashboard.Board.Executed);
        Assert.Equal(HttpStatusCode.Conflict, refused.StatusCode);
        Assert.Contains("not available", await refused.Content.ReadAsStringAsync(Cancellation), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Telemetry_WithoutTheKey_IsRefused()
    {
        using var client = new HttpClient();
        using var body = new ByteArrayContent([]) { Headers = { ContentType = new MediaTypeHeaderValue("application/x-protobuf") } };

        using var response = await client.PostAsync(new Uri($"http://127.0.0.1:{dashboard.Application.OtlpHttpPort}/v1/traces"), body, Cancellation);

        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
    }

    [Fact]
    public async Task Telemetry_OnThePagesPort_IsNotFound()
    {
        using var client = await dashboard.LogInAsync();

        using var response = await client.PostAsync("v1/traces", null, Cancellation);

        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
    }

    [Fact]
    public async Task Page_Answers_ForbidForeignScripts()
    {
        using var client = await dashboard.LogInAsync();

        using var response = await client.GetAsync("/", Cancellation);

        Assert.StartsWith("default-src 'self'", response.Headers.GetValues("Content-Security-Policy").Single(), StringComparison.Ordinal);
    }
}
