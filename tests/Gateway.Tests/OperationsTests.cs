using System.Net;
using System.Net.Http.Headers;
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

    private static (string, string)[] Key(int index, string key, bool isOperator) =>
    [
        ($"gateway:authentication:keys:{index}:sha256", Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(key)))),
        ($"gateway:authentication:keys:{index}:userId", "ann"),
        ($"gateway:authentication:keys:{index}:operator", isOperator ? "true" : "false"),
    ];
}
