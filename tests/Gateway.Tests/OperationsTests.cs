using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Xunit;

namespace Platform.Gateway.Tests;

/// <summary><c>/api/operations</c> is for operators and tells them of every process.</summary>
public sealed class OperationsTests : IAsyncLifetime
{
    private readonly FakePlatform platform = new();

    public ValueTask InitializeAsync() => platform.InitializeAsync();

    public ValueTask DisposeAsync() => platform.DisposeAsync();

    [Theory]
    [InlineData(null, HttpStatusCode.Unauthorized)]
    [InlineData("not-a-key", HttpStatusCode.Unauthorized)]
    [InlineData("a-users-key", HttpStatusCode.Forbidden)]
    [InlineData("an-operators-key", HttpStatusCode.OK)]
    public async Task Operations_WithKeys_AnswerOperatorsOnly(string? key, HttpStatusCode expected)
    {
        await using GatewayHost gateway = new(
            platform, [("gateway:authentication:mode", "apiKey"), .. Key(0, "a-users-key", false), .. Key(1, "an-operators-key", true)]);
        using HttpClient http = gateway.CreateClient();
        http.DefaultRequestHeaders.Authorization = key is null ? null : new AuthenticationHeaderValue("Bearer", key);

        using HttpResponseMessage response = await http.GetAsync("/api/operations/scrape-targets", TestContext.Current.CancellationToken);

        Assert.Equal(expected, response.StatusCode);
        Assert.Equal(expected == HttpStatusCode.OK ? "application/json" : "application/problem+json", response.Content.Headers.ContentType?.MediaType);
    }

    [Theory]
    [InlineData("GET", "/metrics", null, HttpStatusCode.Unauthorized)]
    [InlineData("GET", "/metrics", "a-users-key", HttpStatusCode.Forbidden)]
    [InlineData("GET", "/metrics", "an-operators-key", HttpStatusCode.OK)]
    [InlineData("GET", "/health/budgets", "a-users-key", HttpStatusCode.Forbidden)]
    [InlineData("GET", "/health/budgets", "an-operators-key", HttpStatusCode.OK)]
    [InlineData("POST", "/telemetry/kept-traces", null, HttpStatusCode.Unauthorized)]
    [InlineData("POST", "/telemetry/kept-traces", "a-users-key", HttpStatusCode.Forbidden)]
    [InlineData("GET", "/health/live", null, HttpStatusCode.OK)]
    public async Task OwnFigures_WithKeys_AreForOperators(string method, string path, string? key, HttpStatusCode expected)
    {
        await using GatewayHost gateway = new(
            platform, [("gateway:authentication:mode", "apiKey"), .. Key(0, "a-users-key", false), .. Key(1, "an-operators-key", true)]);
        using HttpClient http = gateway.CreateClient();
        http.DefaultRequestHeaders.Authorization = key is null ? null : new AuthenticationHeaderValue("Bearer", key);
        using HttpRequestMessage request = new(new HttpMethod(method), path) { Content = method == "POST" ? new StringContent(new string('a', 32)) : null };

        using HttpResponseMessage response = await http.SendAsync(request, TestContext.Current.CancellationToken);

        Assert.Equal(expected, response.StatusCode);
    }

    [Fact]
    public async Task ScrapeTargets_HoldTheGatewayAndEveryReplicaOfEachService()
    {
        await using GatewayHost gateway = new(
            platform, ("services:memory:http:0", "http://127.0.0.1:7001"), ("services:memory:http:1", "http://127.0.0.1:7002"));
        using HttpClient http = gateway.CreateClient();

        JsonElement groups = JsonElement.Parse(await http.GetStringAsync("/api/operations/scrape-targets", TestContext.Current.CancellationToken));

        Dictionary<string, string[]> targets = groups.EnumerateArray().ToDictionary(
            group => group.GetProperty("labels").GetProperty("service").GetString()!,
            group => group.GetProperty("targets").EnumerateArray().Select(target => target.GetString()!).ToArray());
        Assert.Equal(["gateway", "memory"], targets.Keys.Order(StringComparer.Ordinal));
        Assert.Equal(["127.0.0.1:7001", "127.0.0.1:7002"], targets["memory"]);
    }

    [Fact]
    public async Task Budgets_ProcessThatDoesNotAnswer_IsNamed()
    {
        await using GatewayHost gateway = new(platform, ("services:memory:http:0", GatewayHost.Nowhere));
        using HttpClient http = gateway.CreateClient();

        JsonElement budgets = JsonElement.Parse(await http.GetStringAsync("/api/operations/budgets", TestContext.Current.CancellationToken));

        JsonElement memory = Assert.Single(budgets.EnumerateArray(), process => process.GetProperty("service").GetString() == "memory");
        Assert.False(memory.GetProperty("answered").GetBoolean());
    }

    [Fact]
    public async Task Budgets_OfTheGatewayItself_NeedNoCallThatCouldLeadElsewhere()
    {
        await using GatewayHost gateway = new(platform, [("gateway:authentication:mode", "apiKey"), .. Key(0, "an-operators-key", true)]);
        using HttpClient http = gateway.CreateClient();
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", "an-operators-key");
        http.DefaultRequestHeaders.Host = "elsewhere.example";

        JsonElement budgets = JsonElement.Parse(await http.GetStringAsync("/api/operations/budgets", TestContext.Current.CancellationToken));

        JsonElement own = Assert.Single(budgets.EnumerateArray());
        Assert.True(own.GetProperty("answered").GetBoolean());
        Assert.Contains(own.GetProperty("operations").EnumerateArray(), operation => operation.GetProperty("operation").GetString() == "answer"
            && operation.GetProperty("budget").GetProperty("p95").GetDouble() == 10_000);
    }

    [Theory]
    [InlineData("GET", "usage?from=2026-11-01&until=2026-12-01")]
    [InlineData("GET", "usage.csv?from=2026-11-01&until=2026-12-01")]
    [InlineData("GET", "providers")]
    [InlineData("GET", "breakers")]
    [InlineData("PUT", "breakers/first/chat")]
    public async Task Models_WithAUsersKey_AreRefused(string method, string path)
    {
        await using GatewayHost gateway = new(platform, [("gateway:authentication:mode", "apiKey"), .. Key(0, "a-users-key", false)]);
        using HttpClient http = gateway.CreateClient();
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", "a-users-key");
        using HttpRequestMessage request = new(new HttpMethod(method), $"/api/operations/{path}") { Content = method == "PUT" ? JsonContent.Create(new { state = "open" }) : null };

        using HttpResponseMessage response = await http.SendAsync(request, TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.Forbidden, response.StatusCode);
    }

    [Fact]
    public async Task Usage_OfAllOrganizations_HasTotalsAndALineOfEach()
    {
        await using GatewayHost gateway = new(platform);
        using HttpClient http = gateway.CreateClient();

        JsonElement usage = JsonElement.Parse(await http.GetStringAsync("/api/operations/usage?from=2026-11-01&until=2026-12-01&markup=2", TestContext.Current.CancellationToken));
        string csv = await http.GetStringAsync("/api/operations/usage.csv?from=2026-11-01&until=2026-12-01", TestContext.Current.CancellationToken);

        Assert.Equal("0.0144", usage.GetProperty("totals")[0].GetProperty("charged").GetProperty("amount").GetString());
        Assert.Equal(["acme", "beta"], usage.GetProperty("lines").EnumerateArray().Select(line => line.GetProperty("organizationId").GetString()!));
        Assert.Equal("2026-01", usage.GetProperty("lines")[0].GetProperty("priceVersion").GetString());
        Assert.Equal("organization_id\r\nacme\r\n", csv);
    }

    [Theory]
    [InlineData("usage?from=yesterday&until=2026-12-01", "from")]
    [InlineData("usage.csv?until=2026-12-01", "from")]
    [InlineData("usage?from=2026-11-01&until=2026-12-01&markup=0.5", "markup")]
    public async Task Usage_BadPeriodOrMarkup_NamesTheField(string path, string field)
    {
        await using GatewayHost gateway = new(platform);
        using HttpClient http = gateway.CreateClient();

        using HttpResponseMessage response = await http.GetAsync($"/api/operations/{path}", TestContext.Current.CancellationToken);

        JsonElement problem = JsonElement.Parse(await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.True(problem.GetProperty("errors").TryGetProperty(field, out _), problem.GetRawText());
    }

    [Theory]
    [InlineData("first", "open", HttpStatusCode.OK)]
    [InlineData("first", "ajar", HttpStatusCode.BadRequest)]
    [InlineData("unknown", "open", HttpStatusCode.NotFound)]
    public async Task Breakers_SetByHand_SayWhatTheyAre(string provider, string state, HttpStatusCode expected)
    {
        await using GatewayHost gateway = new(platform);
        using HttpClient http = gateway.CreateClient();

        using HttpResponseMessage response = await http.PutAsJsonAsync($"/api/operations/breakers/{provider}/chat", new { state }, TestContext.Current.CancellationToken);
        JsonElement providers = JsonElement.Parse(await http.GetStringAsync("/api/operations/providers", TestContext.Current.CancellationToken));
        JsonElement breakers = JsonElement.Parse(await http.GetStringAsync("/api/operations/breakers", TestContext.Current.CancellationToken));

        Assert.Equal(expected, response.StatusCode);
        if (expected == HttpStatusCode.OK)
        {
            JsonElement breaker = JsonElement.Parse(await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
            Assert.Equal(("open", true), (breaker.GetProperty("state").GetString(), breaker.GetProperty("forced").GetBoolean()));
        }

        Assert.Equal(("first", "its breaker is open"), (providers[0].GetProperty("name").GetString(), providers[0].GetProperty("reason").GetString()));
        Assert.Equal("closed", breakers[0].GetProperty("state").GetString());
    }

    private static (string, string)[] Key(int index, string key, bool isOperator) =>
    [
        ($"gateway:authentication:keys:{index}:sha256", Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(key)))),
        ($"gateway:authentication:keys:{index}:userId", "ann"),
        ($"gateway:authentication:keys:{index}:operator", isOperator ? "true" : "false"),
    ];
}
