using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Npgsql;
using Platform.Testing;

namespace Platform.ModelGateway.Tests.OpenAiEndpoint;

/// <summary>What the endpoint refuses and how it says so, and for whom it works.</summary>
public sealed class RefusalTests(PlatformServers servers)
{
    private const string Good = """{"model":"primary","messages":[{"role":"user","content":"Hello"}]}""";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("status-401", 502, "authentication_error")]
    [InlineData("status-400", 400, "bad_request")]
    [InlineData("status-429", 429, "rate_limit_exceeded")]
    [InlineData("status-503", 502, "server_error")]
    [InlineData("garbage", 502, "server_error")]
    [InlineData("reset", 503, "connection_error")]
    public async Task Chat_ProviderFails_HasAStatusOfItsOwnAndNoInternals(string behaviour, int status, string code)
    {
        await using var over = await GatewayOverSimulator.StartAsync(servers, Token, ("modelGateway:retry:maximumAttempts", "1"));
        over.Simulator.Script.Otherwise = ProviderSimulator.Faults.Behaviour.Parse(behaviour);

        foreach (var stream in (string[])["false", "true"])
        {
            var (response, error) = await PostAsync(over, Good.Replace("{\"model\"", $"{{\"stream\":{stream},\"model\"", StringComparison.Ordinal));

            Assert.Equal((status, code), ((int)response.StatusCode, error.GetProperty("code").GetString()));
            Assert.DoesNotContain("fake", error.GetRawText(), StringComparison.Ordinal);
            Assert.DoesNotContain("127.0.0.1", error.GetRawText(), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Body_TooLarge_Is413()
    {
        await using var over = await GatewayOverSimulator.StartAsync(servers, Token, ("modelGateway:endpoint:maximumRequestBytes", "2048"));

        var (response, _) = await PostAsync(over, Good.Replace("Hello", new string('x', 3000), StringComparison.Ordinal));

        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, response.StatusCode);
    }

    [Fact]
    public async Task Keys_Required_DecideAboutAccessAndOrganization()
    {
        var hash = Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes("right-key")));
        await using var over = await GatewayOverSimulator.StartAsync(
            servers, Token, ("modelGateway:endpoint:authentication", "apiKey"), ("modelGateway:endpoint:keys:0:sha256", hash), ("modelGateway:endpoint:keys:0:organizationId", "acme-endpoint"));

        var (none, _) = await PostAsync(over, Good);
        var (wrong, error) = await PostAsync(over, Good, ("Authorization", "Bearer wrong-key"));
        var (right, _) = await PostAsync(over, Good, ("Authorization", "Bearer right-key"), ("x-organization-id", "somebody-else"));

        Assert.Equal((HttpStatusCode.Unauthorized, HttpStatusCode.Unauthorized, HttpStatusCode.OK), (none.StatusCode, wrong.StatusCode, right.StatusCode));
        Assert.Equal("invalid_api_key", error.GetProperty("code").GetString());
        await using var database = NpgsqlDataSource.Create(over.Gateway.ConnectionString);
        await using var charged = database.CreateCommand("SELECT count(*) FROM app.usage WHERE organization_id = 'acme-endpoint' AND operation = 'openai_endpoint'");
        await Eventually.HoldsAsync(async () => await charged.ExecuteScalarAsync(Token) is 1L);
    }

    [Fact]
    public async Task Start_KeyThatIsNoHash_StopsTheHost()
    {
        var error = await Assert.ThrowsAsync<Microsoft.Extensions.Options.OptionsValidationException>(() => GatewayOverSimulator.StartAsync(
            servers, Token, ("modelGateway:endpoint:keys:0:sha256", "right-key"), ("modelGateway:endpoint:keys:0:organizationId", "a")));

        Assert.Contains("modelGateway:endpoint:keys:0:sha256", string.Join('\n', error.Failures), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Organization_BrokenHeader_IsRefusedAndNotReplaced()
    {
        await using var over = await GatewayOverSimulator.StartAsync(servers, Token);

        var (response, error) = await PostAsync(over, Good, ("x-organization-id", "not valid!"));

        Assert.Equal((HttpStatusCode.BadRequest, "x-organization-id"), (response.StatusCode, error.GetProperty("param").GetString()));
    }

    [Fact]
    public async Task Timeout_OfTheClient_IsTheDeadline()
    {
        await using var over = await GatewayOverSimulator.StartAsync(servers, Token);
        over.Simulator.Script.Otherwise = ProviderSimulator.Faults.Behaviour.Parse("hang-before-headers");

        var (response, error) = await PostAsync(over, Good, ("x-stainless-timeout", "1"));

        Assert.Equal((HttpStatusCode.GatewayTimeout, "timeout"), (response.StatusCode, error.GetProperty("code").GetString()));
    }

    private static async Task<(HttpResponseMessage Response, JsonElement Error)> PostAsync(GatewayOverSimulator over, string body, params (string Name, string Value)[] headers)
    {
        using var http = new HttpClient();
        using var request = new HttpRequestMessage(HttpMethod.Post, $"{over.Gateway.OpenAiUrl}/chat/completions") { Content = new StringContent(body, Encoding.UTF8, "application/json") };
        foreach (var (name, value) in headers)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        var response = await http.SendAsync(request, Token);
        var answer = JsonElement.Parse(await response.Content.ReadAsStringAsync(Token));
        return (response, answer.TryGetProperty("error", out var error) ? error : default);
    }
}
