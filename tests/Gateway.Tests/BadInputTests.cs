using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Xunit;

namespace Platform.Gateway.Tests;

public sealed class BadInputTests : IAsyncLifetime
{
    private readonly FakePlatform platform = new();

    public ValueTask InitializeAsync() => platform.InitializeAsync();

    public ValueTask DisposeAsync() => platform.DisposeAsync();

    public static TheoryData<string, string, HttpStatusCode, string> Bodies() => new()
    {
        { "empty body", "", HttpStatusCode.BadRequest, "$" },
        { "null", "null", HttpStatusCode.BadRequest, "$" },
        { "not JSON", "{query: nope", HttpStatusCode.BadRequest, "$" },
        { "cut off inside a field", """{"query":""", HttpStatusCode.BadRequest, "$" },
        { "an array", "[]", HttpStatusCode.BadRequest, "$" },
        { "no query", "{}", HttpStatusCode.BadRequest, "query" },
        { "blank query", """{"query":"   "}""", HttpStatusCode.BadRequest, "query" },
        { "number as query", """{"query":17}""", HttpStatusCode.BadRequest, "query" },
        { "number as session", """{"query":"hi","sessionId":17}""", HttpStatusCode.BadRequest, "sessionId" },
        { "text as flag", """{"query":"hi","explainGates":"yes"}""", HttpStatusCode.BadRequest, "explainGates" },
        { "bad session", """{"query":"hi","sessionId":"a b"}""", HttpStatusCode.BadRequest, "sessionId" },
        { "bad culture", """{"query":"hi","culture":"!!"}""", HttpStatusCode.BadRequest, "culture" },
        { "control characters", "{\"query\":\"a\\u0000b\"}", HttpStatusCode.BadRequest, "query" },
        { "long query", $$"""{"query":"{{new string('x', 4001)}}"}""", HttpStatusCode.BadRequest, "query" },
        { "one megabyte", $$"""{"query":"{{new string('x', 1024 * 1024)}}"}""", HttpStatusCode.RequestEntityTooLarge, "$" },
    };

    [Theory]
    [MemberData(nameof(Bodies))]
    public async Task Chat_BadBody_IsAProblemThatNamesTheField(string what, string body, HttpStatusCode status, string field)
    {
        await using GatewayHost gateway = new(platform);
        using HttpClient http = gateway.CreateClient();

        foreach (string path in (string[])["/api/chat", "/api/chat/stream"])
        {
            using HttpResponseMessage response = await http.PostAsync(
                path, new StringContent(body, Encoding.UTF8, "application/json"), TestContext.Current.CancellationToken);

            Assert.True(status == response.StatusCode, $"{what}: {response.StatusCode}");
            JsonElement problem = await ProblemAsync(response);
            Assert.True(problem.GetProperty("errors").TryGetProperty(field, out _), $"{what}: {problem}");
        }
    }

    [Theory]
    [InlineData("""{"query":""", "is not valid JSON (line 1, byte 9)")]
    [InlineData("[]", "must be a JSON object")]
    public async Task Chat_NoObject_SaysWhatIsWrongWithIt(string body, string expected)
    {
        await using GatewayHost gateway = new(platform);
        using HttpClient http = gateway.CreateClient();

        using HttpResponseMessage response = await http.PostAsync(
            "/api/chat", new StringContent(body, Encoding.UTF8, "application/json"), TestContext.Current.CancellationToken);

        Assert.Equal(expected, (await ProblemAsync(response)).GetProperty("errors").GetProperty("$")[0].GetString());
    }

    [Fact]
    public async Task Chat_BodyOfUnknownLength_IsCutOff()
    {
        await using GatewayHost gateway = new(platform);
        using HttpClient http = gateway.CreateClient();
        using HttpRequestMessage request = new(HttpMethod.Post, "/api/chat")
        {
            Content = new StreamContent(new MemoryStream(new byte[200_000])) { Headers = { { "content-type", "application/json" } } },
        };
        request.Headers.TransferEncodingChunked = true;

        using HttpResponseMessage response = await http.SendAsync(request, TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, response.StatusCode);
    }

    [Fact]
    public async Task Chat_WrongMediaType_SaysWhichIsRight()
    {
        await using GatewayHost gateway = new(platform);
        using HttpClient http = gateway.CreateClient();

        using HttpResponseMessage response = await http.PostAsync(
            "/api/chat", new StringContent("hi", Encoding.UTF8, "text/plain"), TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.UnsupportedMediaType, response.StatusCode);
        Assert.Contains("application/json", (await ProblemAsync(response)).GetProperty("detail").GetString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/api/nothing", HttpStatusCode.NotFound)]
    [InlineData("/api/chat", HttpStatusCode.MethodNotAllowed)]
    [InlineData("/api/entities/suggest", HttpStatusCode.BadRequest)]
    [InlineData("/api/entities/suggest?q=Del&limit=0", HttpStatusCode.BadRequest)]
    [InlineData("/api/entities/suggest?q=Del&limit=x", HttpStatusCode.BadRequest)]
    [InlineData("/api/customers/C1/facts?asOf=yesterday", HttpStatusCode.BadRequest)]
    [InlineData("/api/conversations/unknown-1", HttpStatusCode.NotFound)]
    public async Task Get_BadAddress_IsAProblemWithTheRequestId(string path, HttpStatusCode status)
    {
        await using GatewayHost gateway = new(platform);
        using HttpClient http = gateway.CreateClient();

        using HttpResponseMessage response = await http.GetAsync(path, TestContext.Current.CancellationToken);

        Assert.Equal(status, response.StatusCode);
        Assert.NotEqual("", (await ProblemAsync(response)).GetProperty("requestId").GetString());
    }

    [Fact]
    public async Task Failure_InsideTheGateway_LeaksNothing()
    {
        platform.Understand = (_, _) => throw new Grpc.Core.RpcException(new Grpc.Core.Status(Grpc.Core.StatusCode.InvalidArgument, "secret detail"));
        await using GatewayHost gateway = new(platform);

        (HttpResponseMessage response, JsonElement body) = await gateway.AskAsync(new { query = "status" });

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.DoesNotContain("secret", body.GetRawText(), StringComparison.Ordinal);
    }

    private static async Task<JsonElement> ProblemAsync(HttpResponseMessage response)
    {
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);
        return await response.Content.ReadFromJsonAsync<JsonElement>(TestContext.Current.CancellationToken);
    }
}
