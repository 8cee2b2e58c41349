using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using Platform.Contracts.Common.V1;
using Platform.Contracts.Memory.V1;
using Platform.Contracts.ResponseGeneration.V1;
using Platform.Testing;
using Xunit;

namespace Platform.Gateway.Tests;

public sealed class AnswerRecordTests : IAsyncLifetime
{
    private readonly FakePlatform platform = new();

    public ValueTask InitializeAsync() => platform.InitializeAsync();

    public ValueTask DisposeAsync() => platform.DisposeAsync();

    [Fact]
    public async Task Record_OfAnAnswer_HoldsWhatItWasMadeFrom()
    {
        platform.RetrieveMemories = (_, _) => Task.FromResult(new RetrieveResponse
        {
            Memories = { new ScoredMemory { Score = 0.7, Memory = new MemoryRecord { Id = "m1", Kind = MemoryKind.Note, Text = "wants invoices by e-mail" } } },
        });
        WriteByModel("response_generation", 3);
        (JsonElement answer, JsonElement record) = await AnsweredAsync();

        Assert.Equal("status of Delta?", record.GetProperty("question").GetString());
        JsonElement retrieved = record.GetProperty("retrieved");
        JsonElement fact = retrieved.GetProperty("facts")[0].GetProperty("facts")[0];
        Assert.Equal("120.00", fact.GetProperty("value").GetProperty("money").GetProperty("amount").GetString());
        Assert.Equal(("SELECT 1", "I1"), (fact.GetProperty("evidence").GetProperty("sql").GetString(), fact.GetProperty("evidence").GetProperty("rowIds")[0].GetString()));
        Assert.Equal("data-7", retrieved.GetProperty("patterns")[0].GetProperty("dataVersion").GetString());
        Assert.Equal("wants invoices by e-mail", retrieved.GetProperty("memories")[0].GetProperty("text").GetString());
        JsonElement versions = record.GetProperty("versions");
        Assert.Equal(("response_generation", 3, "sim-large"), (versions.GetProperty("prompt").GetString(), versions.GetProperty("promptVersion").GetInt32(), versions.GetProperty("model").GetString()));
        Assert.NotEqual("unknown", versions.GetProperty("platform").GetString());
        JsonElement response = record.GetProperty("response");
        Assert.Equal("every figure is in the context", response.GetProperty("gates")[0].GetProperty("reason").GetString());
        Assert.False(answer.TryGetProperty("gates", out _));
        Assert.Equal(answer.GetProperty("timings").GetProperty("total").GetDouble(), response.GetProperty("timings").GetProperty("total").GetDouble());
        Assert.Equal("0.004", response.GetProperty("model").GetProperty("cost").GetProperty("amount").GetString());
    }

    [Fact]
    public async Task Get_OwnAnswer_GivesRecordQuestionAndFeedback()
    {
        (JsonElement answer, _) = await AnsweredAsync();
        string id = answer.GetProperty("requestId").GetString()!;
        Recorded(record => record.Feedback = new Feedback { Verdict = Verdict.Up, Comment = "helped" });
        await using GatewayHost gateway = new(platform);

        JsonElement found = await GetAsync(gateway, $"/api/answers/{id}");

        Assert.Equal((id, "status of Delta?", "up"), (
            found.GetProperty("requestId").GetString(), found.GetProperty("query").GetString(), found.GetProperty("feedback").GetProperty("verdict").GetString()));
        Assert.Equal(id, found.GetProperty("record").GetProperty("response").GetProperty("requestId").GetString());
    }

    [Theory]
    [InlineData("GET", "/api/answers/nobody-knows", null)]
    [InlineData("POST", "/api/answers/nobody-knows/feedback", """{"verdict":"up"}""")]
    [InlineData("POST", "/api/answers/nobody-knows/replay", null)]
    [InlineData("GET", "/api/answers/a%20b", null)]
    public async Task Answer_Unknown_IsAProblemThatNamesTheRequest(string method, string path, string? body)
    {
        await using GatewayHost gateway = new(platform);
        using HttpClient http = gateway.CreateClient();
        using HttpRequestMessage request = new(new HttpMethod(method), path)
        {
            Content = body is null ? null : new StringContent(body, null, "application/json"),
        };

        using HttpResponseMessage response = await http.SendAsync(request, TestContext.Current.CancellationToken);
        JsonElement problem = await response.Content.ReadFromJsonAsync<JsonElement>(TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
        Assert.True(problem.GetProperty("errors").TryGetProperty("requestId", out _));
        Assert.Empty(platform.Feedback);
    }

    [Fact]
    public async Task Feedback_OnAModelsAnswer_IsKeptAndCountsForItsPrompt()
    {
        WriteByModel("response_generation", 3);
        (JsonElement answer, _) = await AnsweredAsync();
        Recorded();

        (HttpStatusCode status, JsonElement kept) = await JudgeAsync(answer, """{"verdict":"down","comment":"too long"}""");

        Assert.Equal(HttpStatusCode.OK, status);
        Assert.True(kept.GetProperty("counted").GetBoolean());
        Assert.Equal((Verdict.Down, "too long"), (platform.Feedback.Single().Verdict, platform.Feedback.Single().Comment));
        var counted = platform.PromptFeedback.Single();
        Assert.Equal(("response_generation", 3, 0, answer.GetProperty("requestId").GetString()), (counted.PromptName, counted.Version, counted.Score, counted.RequestId));
    }

    [Fact]
    public async Task Feedback_OnTheWritersAnswer_IsKeptAndCountsForNoPrompt()
    {
        (JsonElement answer, _) = await AnsweredAsync();
        Recorded();

        (_, JsonElement kept) = await JudgeAsync(answer, """{"verdict":"up"}""");

        Assert.False(kept.GetProperty("counted").GetBoolean());
        Assert.Single(platform.Feedback);
        Assert.Empty(platform.PromptFeedback);
    }

    [Fact]
    public async Task Feedback_ModelGatewayAway_IsRefusedWhole()
    {
        WriteByModel("response_generation", 3);
        (JsonElement answer, _) = await AnsweredAsync();
        Recorded();
        platform.RecordFeedback = _ => throw new RpcException(new Status(StatusCode.Unavailable, "away"));

        (HttpStatusCode status, _) = await JudgeAsync(answer, """{"verdict":"up"}""");

        Assert.Equal(HttpStatusCode.ServiceUnavailable, status);
        Assert.Empty(platform.Feedback);
    }

    [Fact]
    public async Task Feedback_BadBody_NamesTheField()
    {
        (JsonElement answer, _) = await AnsweredAsync();
        Recorded();

        (HttpStatusCode status, JsonElement problem) = await JudgeAsync(answer, """{"verdict":"meh"}""");

        Assert.Equal(HttpStatusCode.BadRequest, status);
        Assert.Equal("must be \"up\" or \"down\"", problem.GetProperty("errors").GetProperty("verdict")[0].GetString());
    }

    [Fact]
    public async Task Replay_NothingChanged_SaysSo()
    {
        (JsonElement answer, _) = await AnsweredAsync();
        Recorded();

        JsonElement replay = await ReplayAsync(answer);

        Assert.True(replay.GetProperty("same").GetBoolean(), replay.GetRawText());
        Assert.Equal("status of Delta?", replay.GetProperty("question").GetString());
        Assert.NotEqual(answer.GetProperty("requestId").GetString(), replay.GetProperty("response").GetProperty("requestId").GetString());
    }

    [Fact]
    public async Task Replay_OfAnEarlierDay_AsksAsOfThenAndTellsWhatChanged()
    {
        (JsonElement answer, _) = await AnsweredAsync();
        Recorded(record => record.At = Timestamp.FromDateTimeOffset(new DateTimeOffset(2026, 3, 31, 23, 0, 0, TimeSpan.Zero)));
        string? asked = null;
        platform.GetFacts = (request, _) =>
        {
            asked = request.AsOf?.Iso;
            var facts = FakePlatform.Facts();
            facts.Entities[0].Facts[0].Value.Money.Amount = "99.00";
            return Task.FromResult(facts);
        };

        JsonElement replay = await ReplayAsync(answer);

        Assert.Equal(("2026-03-31", "2026-03-31"), (asked, replay.GetProperty("asOf").GetString()));
        JsonElement change = replay.GetProperty("changes").EnumerateArray().Single();
        Assert.Equal(("fact", "Delta Industries: open_balance", "120.00 EUR", "99.00 EUR"), (
            change.GetProperty("what").GetString(), change.GetProperty("name").GetString(), change.GetProperty("before").GetString(), change.GetProperty("after").GetString()));
    }

    private void WriteByModel(string prompt, int version)
    {
        platform.GetPatterns = (_, _) => Task.FromResult(new Contracts.PatternAnalysis.V1.GetPatternsResponse
        {
            Customers = { new Contracts.PatternAnalysis.V1.CustomerPatterns { Customer = FakePlatform.Delta, DataVersion = "data-7" } },
        });
        platform.Generate = (_, _) => Task.FromResult(new GenerateResponse
        {
            Text = "Delta Industries owes 120.00 EUR.",
            Confidence = 0.9,
            Method = "model",
            Gates = { new GateResult { Gate = "numbers", Score = 1, Passed = true, Reason = "every figure is in the context" } },
            ModelUse = new ModelUse
            {
                Provider = "simulator", Model = "sim-large", PromptName = prompt, PromptVersion = version, Cost = new Money { Amount = "0.004", Currency = "USD" },
            },
        });
    }

    private async Task<(JsonElement Answer, JsonElement Record)> AnsweredAsync()
    {
        await using GatewayHost gateway = new(platform);
        (_, JsonElement answer) = await gateway.AskAsync(new { query = "status of Delta?", sessionId = "s-4" });
        await Eventually.HoldsAsync(() => platform.Recorded.Count == 1, "the interaction reaches Memory");
        return (answer, JsonElement.Parse(platform.Recorded[0].RecordJson));
    }

    // As Memory gives it back.
    private void Recorded(Action<AnswerRecord>? change = null)
    {
        Interaction stored = platform.Recorded[0];
        AnswerRecord record = new() { RequestId = stored.RequestId, SessionId = stored.SessionId, At = stored.At, Query = stored.Query, RecordJson = stored.RecordJson };
        change?.Invoke(record);
        platform.GetAnswerRecord = request => request.RequestId == stored.RequestId
            ? Task.FromResult(record)
            : throw new RpcException(new Status(StatusCode.NotFound, "none"));
    }

    private async Task<(HttpStatusCode, JsonElement)> JudgeAsync(JsonElement answer, string body)
    {
        await using GatewayHost gateway = new(platform);
        using HttpClient http = gateway.CreateClient();
        using HttpResponseMessage response = await http.PostAsync(
            $"/api/answers/{answer.GetProperty("requestId").GetString()}/feedback", new StringContent(body, null, "application/json"), TestContext.Current.CancellationToken);
        return (response.StatusCode, await response.Content.ReadFromJsonAsync<JsonElement>(TestContext.Current.CancellationToken));
    }

    private async Task<JsonElement> ReplayAsync(JsonElement answer)
    {
        await using GatewayHost gateway = new(platform);
        using HttpClient http = gateway.CreateClient();
        using HttpResponseMessage response = await http.PostAsync($"/api/answers/{answer.GetProperty("requestId").GetString()}/replay", null, TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        return await response.Content.ReadFromJsonAsync<JsonElement>(TestContext.Current.CancellationToken);
    }

    private static async Task<JsonElement> GetAsync(GatewayHost gateway, string path)
    {
        using HttpClient http = gateway.CreateClient();
        return await http.GetFromJsonAsync<JsonElement>(path, TestContext.Current.CancellationToken);
    }
}
