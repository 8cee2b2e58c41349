using System.Text;
using System.Text.Json;
using Grpc.Core;
using Platform.Contracts.ResponseGeneration.V1;
using Xunit;

namespace Platform.Gateway.Tests;

public sealed class StreamTests : IAsyncLifetime
{
    private readonly FakePlatform platform = new();

    public ValueTask InitializeAsync() => platform.InitializeAsync();

    public ValueTask DisposeAsync() => platform.DisposeAsync();

    [Fact]
    public async Task Stream_SendsStagesEntitiesTextAndTheWholeAnswer()
    {
        List<(string Name, JsonElement Data)> events = await StreamAsync("/api/chat/stream");

        Assert.Contains(events, e => e.Name == "stage" && e.Data.GetProperty("stage").GetString() == "retrieval");
        Assert.Equal("C1", events.First(e => e.Name == "entities").Data.GetProperty("entities")[0].GetProperty("id").GetString());
        string text = string.Concat(events.Where(e => e.Name == "delta").Select(e => e.Data.GetProperty("text").GetString()));
        JsonElement completed = events[^1].Data.GetProperty("response");
        Assert.Equal("completed", events[^1].Name);
        Assert.Equal(text, completed.GetProperty("answer").GetString());
        Assert.False(events[^1].Data.TryGetProperty("html", out _));
    }

    [Fact]
    public async Task Stream_WithHtml_RendersMarkdownAndEscapesMarkup()
    {
        platform.Generate = (_, _) => Task.FromResult(new GenerateResponse { Text = "**bold** <script>alert(1)</script>", Method = "writer" });

        List<(string Name, JsonElement Data)> events = await StreamAsync("/api/chat/stream?html=true");

        string html = events[^1].Data.GetProperty("html").GetString()!;
        Assert.Contains("<strong>bold</strong>", html, StringComparison.Ordinal);
        Assert.DoesNotContain("<script", html, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Stream_CutInTheMiddle_WithdrawsTheTextAndShowsTheContext()
    {
        platform.GenerateStream = async (_, stream, stop) =>
        {
            await stream.WriteAsync(new GenerateEvent { Delta = "half an ans" }, stop);
            throw new RpcException(new Status(StatusCode.Unavailable, "cut"));
        };

        List<(string Name, JsonElement Data)> events = await StreamAsync("/api/chat/stream");

        int reset = events.FindIndex(e => e.Name == "reset");
        Assert.True(reset > events.FindIndex(e => e.Name == "delta"));
        JsonElement response = events[^1].Data.GetProperty("response");
        Assert.Equal("context", response.GetProperty("method").GetString());
        Assert.DoesNotContain("half an ans", response.GetProperty("answer").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Stream_EndedWithoutCompleting_IsNotTakenForWhole()
    {
        platform.GenerateStream = (_, stream, stop) => stream.WriteAsync(new GenerateEvent { Delta = "only half" }, stop);

        List<(string Name, JsonElement Data)> events = await StreamAsync("/api/chat/stream");

        Assert.Equal("context", events[^1].Data.GetProperty("response").GetProperty("method").GetString());
    }

    private async Task<List<(string, JsonElement)>> StreamAsync(string path)
    {
        await using GatewayHost gateway = new(platform);
        using HttpClient http = gateway.CreateClient();
        using HttpResponseMessage response = await http.PostAsync(
            path, new StringContent("""{"query":"status of Delta Industries"}""", Encoding.UTF8, "application/json"), TestContext.Current.CancellationToken);
        Assert.Equal("text/event-stream", response.Content.Headers.ContentType?.MediaType);
        string body = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        return [.. body.Split("\n\n", StringSplitOptions.RemoveEmptyEntries).Select(block =>
        {
            string[] lines = block.Split('\n');
            return (lines[0]["event: ".Length..], JsonElement.Parse(lines[1]["data: ".Length..]));
        })];
    }
}
