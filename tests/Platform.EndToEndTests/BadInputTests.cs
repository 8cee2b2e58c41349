using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Xunit;

namespace Platform.EndToEndTests;

public sealed class BadInputTests(RunningPlatform platform)
{
    [Theory]
    [InlineData("", "$")]
    [InlineData("{", "$")]
    [InlineData("""{"query":""}""", "query")]
    [InlineData("""{"query":["a"]}""", "query")]
    [InlineData("""{"query":"hi","sessionId":"no spaces"}""", "sessionId")]
    public async Task Chat_BadBody_NamesTheField(string body, string field)
    {
        using HttpClient http = platform.CreateClient();

        using HttpResponseMessage response = await http.PostAsync(
            "/api/chat", new StringContent(body, Encoding.UTF8, "application/json"), TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        JsonElement problem = await response.Content.ReadFromJsonAsync<JsonElement>(TestContext.Current.CancellationToken);
        Assert.True(problem.GetProperty("errors").TryGetProperty(field, out _), problem.GetRawText());
    }

    [Fact]
    public async Task Chat_OneMegabyte_IsRefusedCheaply()
    {
        using HttpClient http = platform.CreateClient();

        using HttpResponseMessage response = await http.PostAsync(
            "/api/chat", new StringContent($$"""{"query":"{{new string('a', 1 << 20)}}"}""", Encoding.UTF8, "application/json"),
            TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, response.StatusCode);
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);
    }

    [Fact]
    public async Task Conversation_Unknown_NamesTheSession()
    {
        using HttpClient http = platform.CreateClient();

        using HttpResponseMessage response = await http.GetAsync("/api/conversations/nobody-started-this", TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
        JsonElement problem = await response.Content.ReadFromJsonAsync<JsonElement>(TestContext.Current.CancellationToken);
        Assert.True(problem.GetProperty("errors").TryGetProperty("sessionId", out _));
    }
}
