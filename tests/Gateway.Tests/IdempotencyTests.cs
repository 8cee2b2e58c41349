using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Platform.Contracts.ResponseGeneration.V1;
using Platform.Testing;
using Xunit;

namespace Platform.Gateway.Tests;

public sealed class IdempotencyTests(PlatformServers servers) : IAsyncLifetime
{
    private readonly FakePlatform platform = new();
    private readonly string key = Guid.NewGuid().ToString();
    private int written;

    public async ValueTask InitializeAsync()
    {
        Func<GenerateRequest, CancellationToken, Task<GenerateResponse>> write = platform.Generate;
        platform.Generate = (request, stop) =>
        {
            Interlocked.Increment(ref written);
            return write(request, stop);
        };
        await platform.InitializeAsync();
    }

    public ValueTask DisposeAsync() => platform.DisposeAsync();

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Chat_SameKeyAndBody_GetsTheFirstAnswerAgain(bool withRedis)
    {
        await using GatewayHost gateway = Host(withRedis);

        (HttpResponseMessage first, JsonElement answer) = await AskAsync(gateway, "status");
        (HttpResponseMessage second, JsonElement again) = await AskAsync(gateway, "status", quoted: true);

        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.OK), (first.StatusCode, second.StatusCode));
        Assert.Equal(answer.GetProperty("requestId").GetString(), again.GetProperty("requestId").GetString());
        Assert.Equal(answer.GetRawText(), again.GetRawText());
        Assert.False(first.Headers.Contains("Idempotent-Replayed"));
        Assert.True(second.Headers.Contains("Idempotent-Replayed"));
        Assert.Equal(1, written);
    }

    [Fact]
    public async Task Chat_SameKeyOnAnotherInstance_GetsTheFirstAnswerAgain()
    {
        await using GatewayHost one = Host(withRedis: true);
        await using GatewayHost two = Host(withRedis: true);

        (_, JsonElement answer) = await AskAsync(one, "status");
        (_, JsonElement again) = await AskAsync(two, "status");

        Assert.Equal(answer.GetRawText(), again.GetRawText());
        Assert.Equal(1, written);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Chat_SameKeyOtherBody_IsRefused(bool withRedis)
    {
        await using GatewayHost gateway = Host(withRedis);
        await AskAsync(gateway, "status");

        (HttpResponseMessage response, JsonElement problem) = await AskAsync(gateway, "patterns");

        Assert.Equal(HttpStatusCode.UnprocessableEntity, response.StatusCode);
        Assert.True(problem.GetProperty("errors").TryGetProperty("Idempotency-Key", out _));
        Assert.Equal(1, written);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Chat_WhileTheFirstIsBeingAnswered_IsAConflict(bool withRedis)
    {
        TaskCompletionSource begun = new(TaskCreationOptions.RunContinuationsAsynchronously);
        TaskCompletionSource goOn = new(TaskCreationOptions.RunContinuationsAsynchronously);
        Func<GenerateRequest, CancellationToken, Task<GenerateResponse>> write = platform.Generate;
        platform.Generate = async (request, stop) =>
        {
            begun.TrySetResult();
            await goOn.Task.WaitAsync(stop);
            return await write(request, stop);
        };
        await using GatewayHost one = Host(withRedis);
        await using GatewayHost two = Host(withRedis);
        Task<(HttpResponseMessage, JsonElement)> first = AskAsync(one, "status");
        await begun.Task.WaitAsync(TimeSpan.FromSeconds(10), TestContext.Current.CancellationToken);

        (HttpResponseMessage second, _) = await AskAsync(withRedis ? two : one, "status");
        goOn.SetResult();
        await first;
        (HttpResponseMessage third, _) = await AskAsync(one, "status");

        Assert.Equal(HttpStatusCode.Conflict, second.StatusCode);
        Assert.Equal(HttpStatusCode.OK, third.StatusCode);
        Assert.Equal(1, written);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Chat_FirstAttemptFailed_IsTriedAgain(bool withRedis)
    {
        Func<Contracts.ContextSynthesis.V1.UnderstandRequest, CancellationToken, Task<Contracts.ContextSynthesis.V1.Understanding>> understand = platform.Understand;
        platform.Understand = (_, _) => throw new Grpc.Core.RpcException(new Grpc.Core.Status(Grpc.Core.StatusCode.InvalidArgument, "no"));
        await using GatewayHost gateway = Host(withRedis);
        (HttpResponseMessage first, _) = await AskAsync(gateway, "status");
        platform.Understand = understand;

        (HttpResponseMessage second, _) = await AskAsync(gateway, "status");

        Assert.Equal((HttpStatusCode.BadRequest, HttpStatusCode.OK), (first.StatusCode, second.StatusCode));
    }

    [Fact]
    public async Task Chat_SameKeyOfAnotherUser_IsAnotherRequest()
    {
        await using GatewayHost gateway = Host(withRedis: true);
        await AskAsync(gateway, "status");

        (HttpResponseMessage response, _) = await AskAsync(gateway, "patterns", user: "berta");

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(2, written);
    }

    [Fact]
    public async Task Stream_SameKeyAndBody_CompletesWithTheFirstAnswer()
    {
        await using GatewayHost gateway = Host(withRedis: true);
        (_, JsonElement answer) = await AskAsync(gateway, "status");
        using HttpClient http = gateway.CreateClient();
        using HttpRequestMessage request = Request("/api/chat/stream", "status", "tester", false);

        using HttpResponseMessage response = await http.SendAsync(request, TestContext.Current.CancellationToken);
        string events = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);

        Assert.StartsWith("event: completed\n", events, StringComparison.Ordinal);
        Assert.Contains(answer.GetProperty("requestId").GetString()!, events, StringComparison.Ordinal);
        Assert.Equal(1, written);
    }

    [Fact]
    public async Task Chat_KeyOfTheWrongForm_NamesTheHeader()
    {
        await using GatewayHost gateway = Host(withRedis: false);
        using HttpClient http = gateway.CreateClient();
        using HttpRequestMessage request = Request("/api/chat", "status", "tester", false, "a b");

        using HttpResponseMessage response = await http.SendAsync(request, TestContext.Current.CancellationToken);
        JsonElement problem = await response.Content.ReadFromJsonAsync<JsonElement>(TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.True(problem.GetProperty("errors").TryGetProperty("Idempotency-Key", out _));
    }

    private GatewayHost Host(bool withRedis) => withRedis
        ? new GatewayHost(platform, ("ConnectionStrings:redis", servers.RedisConnectionString), ("gateway:idempotency:sharedTimeout", "00:00:02"))
        : new GatewayHost(platform);

    private async Task<(HttpResponseMessage, JsonElement)> AskAsync(GatewayHost gateway, string query, bool quoted = false, string user = "tester")
    {
        using HttpClient http = gateway.CreateClient();
        using HttpRequestMessage request = Request("/api/chat", query, user, quoted);
        HttpResponseMessage response = await http.SendAsync(request, TestContext.Current.CancellationToken);
        return (response, await response.Content.ReadFromJsonAsync<JsonElement>(TestContext.Current.CancellationToken));
    }

    private HttpRequestMessage Request(string path, string query, string user, bool quoted, string? name = null)
    {
        HttpRequestMessage request = new(HttpMethod.Post, path) { Content = JsonContent.Create(new { query, sessionId = "s-1" }) };
        request.Headers.Add("x-user-id", user);
        request.Headers.TryAddWithoutValidation("Idempotency-Key", name ?? (quoted ? $"\"{key}\"" : key));
        return request;
    }
}
