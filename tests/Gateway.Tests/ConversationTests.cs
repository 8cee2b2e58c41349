using System.Net;
using System.Text.Json;
using Google.Protobuf.WellKnownTypes;
using Platform.Contracts.Common.V1;
using Platform.Contracts.Memory.V1;
using Xunit;

namespace Platform.Gateway.Tests;

public sealed class ConversationTests : IAsyncLifetime
{
    private static readonly DateTimeOffset Began = new(2026, 3, 1, 9, 0, 0, TimeSpan.Zero);
    private readonly FakePlatform platform = new();

    public async ValueTask InitializeAsync()
    {
        platform.GetConversation = (request, _) => Task.FromResult(request.SessionId == "s-1"
            ? new Conversation { SessionId = "s-1", UserId = "anonymous", Turns = 3, StartedAt = Timestamp.FromDateTimeOffset(Began) }
            : new Conversation { SessionId = request.SessionId, UserId = request.SessionId == "s-9" ? "somebody" : "" });
        // Two pages, newest first.
        platform.ListTurns = request => Task.FromResult(request.Page.Token.Length == 0
            ? new ListTurnsResponse { Turns = { Turn(3), Turn(2) }, Page = new PageResponse { NextToken = "older" } }
            : new ListTurnsResponse { Turns = { Turn(1) }, Page = new PageResponse() });
        await platform.InitializeAsync();
    }

    public ValueTask DisposeAsync() => platform.DisposeAsync();

    [Fact]
    public async Task List_OwnConversations_GivesTitlesAndThePage()
    {
        platform.ListConversations = request => Task.FromResult(new ListConversationsResponse
        {
            Conversations = { new Conversation { SessionId = "s-1", Title = "What does Delta owe?", Turns = 3 } },
            Page = new PageResponse { NextToken = $"after {request.Page.Size}" },
        });

        JsonElement list = JsonElement.Parse((await GetAsync("/api/conversations?size=1")).Body);

        Assert.Equal(("s-1", "What does Delta owe?"), (list.GetProperty("conversations")[0].GetProperty("sessionId").GetString(), list.GetProperty("conversations")[0].GetProperty("title").GetString()));
        Assert.Equal("after 1", list.GetProperty("nextToken").GetString());
    }

    [Fact]
    public async Task Read_WithHtml_RendersAnswersAndEscapesMarkup()
    {
        JsonElement conversation = JsonElement.Parse((await GetAsync("/api/conversations/s-1?html=true")).Body);

        string html = conversation.GetProperty("recent")[0].GetProperty("html").GetString()!;
        Assert.Contains("<strong>3.00 EUR</strong>", html, StringComparison.Ordinal);
        Assert.DoesNotContain("<img", html, StringComparison.Ordinal);
        Assert.Equal("older", conversation.GetProperty("nextToken").GetString());
    }

    [Fact]
    public async Task Export_Markdown_HoldsEveryTurnOldestFirst()
    {
        (HttpResponseMessage response, string text) = await GetAsync("/api/conversations/s-1/export?format=markdown");

        Assert.Equal(("text/markdown", "conversation-s-1.md"), (response.Content.Headers.ContentType!.MediaType, response.Content.Headers.ContentDisposition!.FileName));
        Assert.StartsWith("# question 1 in two lines\n", text.ReplaceLineEndings("\n"), StringComparison.Ordinal);
        Assert.True(text.IndexOf("**1.00 EUR**", StringComparison.Ordinal) < text.IndexOf("**3.00 EUR**", StringComparison.Ordinal));
        Assert.Contains("request r3", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Export_Json_HoldsEveryTurnOldestFirst()
    {
        (HttpResponseMessage response, string text) = await GetAsync("/api/conversations/s-1/export?format=json");

        Assert.Equal("conversation-s-1.json", response.Content.Headers.ContentDisposition!.FileName);
        Assert.Equal(["r1", "r2", "r3"], JsonElement.Parse(text).GetProperty("turns").EnumerateArray().Select(t => t.GetProperty("requestId").GetString()));
    }

    [Theory]
    [InlineData("/api/conversations/s-1/export", HttpStatusCode.BadRequest)]
    [InlineData("/api/conversations/s-1/export?format=pdf", HttpStatusCode.BadRequest)]
    [InlineData("/api/conversations/s-9/export?format=json", HttpStatusCode.NotFound)]
    [InlineData("/api/conversations/s-9", HttpStatusCode.NotFound)]
    [InlineData("/api/conversations/never", HttpStatusCode.NotFound)]
    public async Task Get_NotTheCallersOrBadFormat_IsRefused(string path, HttpStatusCode status) => Assert.Equal(status, (await GetAsync(path)).Response.StatusCode);

    private static Interaction Turn(int number) => new()
    {
        RequestId = $"r{number}", Query = $"question {number}\nin two lines", Answer = $"They owe **{number}.00 EUR** <img src=x>.", At = Timestamp.FromDateTimeOffset(Began.AddMinutes(number)),
        Confidence = 0.9,
    };

    private async Task<(HttpResponseMessage Response, string Body)> GetAsync(string path)
    {
        await using GatewayHost gateway = new(platform);
        using HttpClient http = gateway.CreateClient();
        HttpResponseMessage response = await http.GetAsync(path, TestContext.Current.CancellationToken);
        return (response, await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
    }
}
