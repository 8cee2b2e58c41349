using System.Net;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Grpc.Core;
using Xunit;

namespace Platform.Gateway.Tests;

public sealed class AuthenticationTests : IAsyncLifetime
{
    private const string Key = "a-key-of-the-tests";
    private readonly FakePlatform platform = new();

    public ValueTask InitializeAsync() => platform.InitializeAsync();

    public ValueTask DisposeAsync() => platform.DisposeAsync();

    [Theory]
    [InlineData(null)]
    [InlineData("another")]
    public async Task Api_WithoutAValidKey_IsRefused(string? key)
    {
        await using GatewayHost gateway = Create();
        using HttpClient http = gateway.CreateClient();

        using HttpResponseMessage response = await AskAsync(http, key);

        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);
        Assert.Empty(platform.Headers);
    }

    [Fact]
    public async Task Api_WithAKey_ActsForItsUserWhateverTheHeadersSay()
    {
        await using GatewayHost gateway = Create();
        using HttpClient http = gateway.CreateClient();
        http.DefaultRequestHeaders.Add("x-user-id", "mallory");
        http.DefaultRequestHeaders.Add("x-organization-id", "victim");

        using HttpResponseMessage response = await AskAsync(http, Key);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Metadata headers = Assert.Single(platform.Headers);
        Assert.Equal("ann", headers.GetValue("x-user-id"));
        Assert.Equal("acme", headers.GetValue("x-organization-id"));
    }

    [Theory]
    [InlineData("x-user-id", "two words")]
    [InlineData("x-organization-id", "acme/west")]
    [InlineData("x-session-id", "a;b")]
    public async Task Api_InvalidHeader_IsNamed(string header, string value)
    {
        await using GatewayHost gateway = new(platform);
        using HttpClient http = gateway.CreateClient();
        http.DefaultRequestHeaders.TryAddWithoutValidation(header, value);

        using HttpResponseMessage response = await AskAsync(http, null);

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);
        JsonElement problem = await response.Content.ReadFromJsonAsync<JsonElement>(TestContext.Current.CancellationToken);
        Assert.StartsWith("must be 1 to 128 of", problem.GetProperty("errors").GetProperty(header)[0].GetString(), StringComparison.Ordinal);
        Assert.Empty(platform.Headers);
    }

    [Fact]
    public async Task Api_InvalidRequestId_IsReplaced()
    {
        await using GatewayHost gateway = new(platform);
        using HttpClient http = gateway.CreateClient();
        http.DefaultRequestHeaders.TryAddWithoutValidation("x-request-id", "not an id");

        using HttpResponseMessage response = await AskAsync(http, null);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Matches("^[0-9a-f]{32}$", response.Headers.GetValues("x-request-id").Single());
    }

    [Fact]
    public async Task Page_NeedsNoKey()
    {
        await using GatewayHost gateway = Create();
        using HttpClient http = gateway.CreateClient();

        using HttpResponseMessage response = await http.GetAsync("/", TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Contains("default-src 'self'", response.Headers.GetValues("content-security-policy").Single(), StringComparison.Ordinal);
    }

    private GatewayHost Create() => new(
        platform,
        ("gateway:authentication:mode", "apiKey"),
        ("gateway:authentication:keys:0:sha256", Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(Key)))),
        ("gateway:authentication:keys:0:userId", "ann"),
        ("gateway:authentication:keys:0:organizationId", "acme"));

    private static async Task<HttpResponseMessage> AskAsync(HttpClient http, string? key)
    {
        using HttpRequestMessage request = new(HttpMethod.Post, "/api/chat") { Content = JsonContent.Create(new { query = "status" }) };
        if (key is not null)
        {
            request.Headers.Add("x-api-key", key);
        }

        return await http.SendAsync(request, TestContext.Current.CancellationToken);
    }
}
