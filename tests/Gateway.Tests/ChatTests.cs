using System.Net;
using System.Text.Json;
using Grpc.Core;
using Platform.Contracts.ContextSynthesis.V1;
using Platform.Contracts.DataQuestions.V1;
using Platform.Contracts.EntityResolution.V1;
using Platform.Contracts.Memory.V1;
using Platform.Contracts.PatternAnalysis.V1;
using Platform.Contracts.ResponseGeneration.V1;
using Platform.Testing;
using Xunit;

namespace Platform.Gateway.Tests;

public sealed class ChatTests : IAsyncLifetime
{
    private readonly FakePlatform platform = new();

    public ValueTask InitializeAsync() => platform.InitializeAsync();

    public ValueTask DisposeAsync() => platform.DisposeAsync();

    [Fact]
    public async Task Chat_EverythingAvailable_AnswersWithEveryPart()
    {
        await using GatewayHost gateway = new(platform);

        (HttpResponseMessage response, JsonElement body) = await gateway.AskAsync(new { query = "status of Delta Industries?", sessionId = "s-1" });

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal("Delta Industries owes **120.00 EUR**.", body.GetProperty("answer").GetString());
        Assert.Equal("full", body.GetProperty("degradation").GetProperty("level").GetString());
        Assert.Equal("s-1", body.GetProperty("sessionId").GetString());
        Assert.Equal("C1", body.GetProperty("entities")[0].GetProperty("id").GetString());
        Assert.Equal(response.Headers.GetValues("x-request-id").Single(), body.GetProperty("requestId").GetString());
        foreach (string stage in (string[])["entity_resolution", "understanding", "retrieval", "facts", "patterns", "memories", "synthesis", "generation", "total"])
        {
            Assert.True(body.GetProperty("timings").GetProperty(stage).GetDouble() >= 0, stage);
        }
    }

    [Fact]
    public async Task Chat_AsksToRemember_StoresANoteBeforeItIsConfirmed()
    {
        AsksToRemember();
        int storedBefore = -1;
        Func<GenerateRequest, CancellationToken, Task<GenerateResponse>> write = platform.Generate;
        platform.Generate = (request, stop) =>
        {
            storedBefore = platform.Stored.Count;
            return write(request, stop);
        };
        await using GatewayHost gateway = new(platform);

        (_, JsonElement body) = await gateway.AskAsync(new { query = "Remember that Delta Industries wants invoices by e-mail" });

        StoreRequest stored = Assert.Single(platform.Stored);
        Assert.Equal(1, storedBefore);
        Assert.Equal(MemoryKind.Note, stored.Memory.Kind);
        Assert.Equal("Remember that Delta Industries wants invoices by e-mail", stored.Memory.Text);
        Assert.Equal("C1", Assert.Single(stored.Memory.Entities).Id);
        Assert.Equal(body.GetProperty("requestId").GetString(), stored.IdempotencyKey);
        Assert.DoesNotContain(body.GetProperty("notes").EnumerateArray(), n => n.GetProperty("code").GetString() == "not_remembered");
    }

    [Theory]
    [InlineData(StatusCode.Unavailable)]
    [InlineData(StatusCode.InvalidArgument)]
    public async Task Chat_NoteCannotBeStored_SaysSo(StatusCode refusal)
    {
        AsksToRemember();
        platform.Store = (_, _) => throw new RpcException(new Status(refusal, "no"));
        await using GatewayHost gateway = new(platform);

        (HttpResponseMessage response, JsonElement body) = await gateway.AskAsync(new { query = "Remember that Delta Industries wants invoices by e-mail" });

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Contains(body.GetProperty("notes").EnumerateArray(), n => n.GetProperty("code").GetString() == "not_remembered");
        Assert.Contains(body.GetProperty("degradation").GetProperty("missing").EnumerateArray(), m => m.GetString() == "remember");
    }

    [Fact]
    public async Task Chat_OtherQuestion_StoresNoNote()
    {
        await using GatewayHost gateway = new(platform);

        await gateway.AskAsync(new { query = "status of Delta Industries?" });

        Assert.Empty(platform.Stored);
    }

    private void AsksToRemember() => platform.Understand = (request, _) => Task.FromResult(new Understanding
    {
        Intent = Intent.Remember,
        IntentConfidence = 1,
        StandaloneQuery = request.Query,
    });

    [Fact]
    public async Task Chat_WithoutSession_StartsOne()
    {
        await using GatewayHost gateway = new(platform);

        (_, JsonElement body) = await gateway.AskAsync(new { query = "hello" });

        Assert.Equal(32, body.GetProperty("sessionId").GetString()!.Length);
    }

    [Fact]
    public async Task Chat_CarriesTheRequestContextToServices()
    {
        await using GatewayHost gateway = new(platform);

        (_, JsonElement body) = await gateway.AskAsync(new { query = "status", sessionId = "s-7" }, user: "ann");

        Metadata headers = Assert.Single(platform.Headers);
        Assert.Equal(body.GetProperty("requestId").GetString(), headers.GetValue("x-request-id"));
        Assert.Equal("ann", headers.GetValue("x-user-id"));
        Assert.Equal("s-7", headers.GetValue("x-session-id"));
        Assert.Equal("default", headers.GetValue("x-organization-id"));
    }

    [Theory]
    [InlineData("patterns")]
    [InlineData("memories")]
    [InlineData("facts")]
    public async Task Chat_OneRetrievalLate_AnswersFromTheRestAndNamesIt(string part)
    {
        TaskCompletionSource never = new();
        switch (part)
        {
            case "patterns":
                platform.GetPatterns = async (_, stop) => { await never.Task.WaitAsync(stop); return new GetPatternsResponse(); };
                break;
            case "memories":
                platform.RetrieveMemories = async (_, stop) => { await never.Task.WaitAsync(stop); return new RetrieveResponse(); };
                break;
            default:
                platform.GetFacts = async (_, stop) => { await never.Task.WaitAsync(stop); return new GetFactsResponse(); };
                break;
        }

        await using GatewayHost gateway = new(platform, ("gateway:chat:retrieval", "00:00:00.300"));

        (HttpResponseMessage response, JsonElement body) = await gateway.AskAsync(new { query = "status" });

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Contains(part, Missing(body));
        Assert.Contains(body.GetProperty("notes").EnumerateArray(), n => n.GetProperty("code").GetString() == part + "_unavailable");
    }

    [Fact]
    public async Task Chat_RetrievalsRunSideBySide()
    {
        // Each waits until all three have begun, which never happens one after the other.
        CountdownEvent begun = new(3);
        TaskCompletionSource all = new(TaskCreationOptions.RunContinuationsAsynchronously);
        async Task BeginAsync(CancellationToken stop)
        {
            if (begun.Signal())
            {
                all.SetResult();
            }

            await all.Task.WaitAsync(stop);
        }

        platform.GetPatterns = async (_, stop) => { await BeginAsync(stop); return new GetPatternsResponse(); };
        platform.GetFacts = async (_, stop) => { await BeginAsync(stop); return new GetFactsResponse(); };
        platform.RetrieveMemories = async (_, stop) => { await BeginAsync(stop); return new RetrieveResponse(); };
        await using GatewayHost gateway = new(platform);

        (_, JsonElement body) = await gateway.AskAsync(new { query = "status" });

        Assert.Empty(Missing(body));
    }

    [Theory]
    [InlineData("entity-resolution", "minimal")]
    [InlineData("memory", "limited")]
    [InlineData("pattern-analysis", "limited")]
    [InlineData("data-questions", "minimal")]
    [InlineData("context-synthesis", "limited")]
    [InlineData("response-generation", "limited")]
    public async Task Chat_OneServiceAway_StillAnswersAndSaysSo(string service, string level)
    {
        await using GatewayHost gateway = new(platform, GatewayHost.Away(service));

        (HttpResponseMessage response, JsonElement body) = await gateway.AskAsync(new { query = "status of Delta Industries?", sessionId = "s-1" });

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.NotEqual("", body.GetProperty("answer").GetString());
        Assert.Equal(level, body.GetProperty("degradation").GetProperty("level").GetString());
        Assert.NotEmpty(Missing(body));
    }

    [Fact]
    public async Task Chat_EveryServiceAway_SaysWhatIsMissingInsteadOfFailing()
    {
        await using GatewayHost gateway = new(
            platform, [.. ((string[])["entity-resolution", "memory", "pattern-analysis", "data-questions", "context-synthesis", "response-generation"]).Select(GatewayHost.Away)]);

        (HttpResponseMessage response, JsonElement body) = await gateway.AskAsync(new { query = "status of Delta Industries?" });

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Contains("cannot be read just now", body.GetProperty("answer").GetString(), StringComparison.Ordinal);
        Assert.Equal("minimal", body.GetProperty("degradation").GetProperty("level").GetString());
    }

    [Fact]
    public async Task Chat_WriterAwayAfterFacts_ShowsTheFacts()
    {
        await using GatewayHost gateway = new(platform, GatewayHost.Away("response-generation"), GatewayHost.Away("context-synthesis"));

        (_, JsonElement body) = await gateway.AskAsync(new { query = "status of Delta Industries?" });

        Assert.Contains("120.00 EUR", body.GetProperty("answer").GetString(), StringComparison.Ordinal);
        Assert.Equal("context", body.GetProperty("method").GetString());
    }

    [Fact]
    public async Task Chat_FactsFailAfterOneSuccess_ServesTheLastOnesAsStale()
    {
        await using GatewayHost gateway = new(platform);
        await gateway.AskAsync(new { query = "status" });
        platform.GetFacts = (_, _) => throw new RpcException(new Status(StatusCode.Unavailable, "gone"));
        bool? stale = null;
        Func<SynthesizeRequest, CancellationToken, Task<SynthesizedContext>> synthesize = platform.Synthesize;
        platform.Synthesize = (request, stop) =>
        {
            stale = request.Facts.Single().Stale;
            return synthesize(request, stop);
        };

        (_, JsonElement body) = await gateway.AskAsync(new { query = "status" });

        Assert.True(stale);
        Assert.Contains("facts", Missing(body));
    }

    [Fact]
    public async Task Chat_RememberedPart_IsNotServedToAnotherOrganization()
    {
        await using GatewayHost gateway = new(platform);
        await gateway.AskAsync(new { query = "status" });
        platform.GetFacts = (_, _) => throw new RpcException(new Status(StatusCode.Unavailable, "gone"));
        int? facts = null;
        Func<SynthesizeRequest, CancellationToken, Task<SynthesizedContext>> synthesize = platform.Synthesize;
        platform.Synthesize = (request, stop) =>
        {
            facts = request.Facts.Count;
            return synthesize(request, stop);
        };

        using HttpClient http = gateway.CreateClient();
        http.DefaultRequestHeaders.Add("x-organization-id", "other");
        using HttpResponseMessage response = await http.PostAsync(
            "/api/chat", new StringContent("""{"query":"status"}""", null, "application/json"), TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(0, facts);
    }

    [Fact]
    public async Task Chat_AmbiguousName_AsksBackAndKeepsTheQuestionOpen()
    {
        platform.Resolve = (_, _) => Task.FromResult(FakePlatform.Ambiguous());
        await using GatewayHost gateway = new(platform);

        (_, JsonElement body) = await gateway.AskAsync(new { query = "status of Delta", sessionId = "s-2" });

        JsonElement candidates = body.GetProperty("disambiguation").GetProperty("candidates");
        Assert.Equal(["Delta Industries", "Delta Logistics"], candidates.EnumerateArray().Select(c => c.GetProperty("name").GetString()));
        SetPendingQuestionRequest pending = Assert.Single(platform.Pending);
        Assert.Equal("status of Delta", pending.Pending.Query);
        Assert.Equal(["C1", "C2"], pending.Pending.Offered.Select(o => o.Id));
    }

    [Fact]
    public async Task Chat_ChoiceOfAnOpenQuestion_AnswersThatQuestion()
    {
        platform.GetConversation = (request, _) => Task.FromResult(new Conversation
        {
            SessionId = request.SessionId,
            UserId = "tester",
            Pending = new PendingQuestion { Query = "status of Delta", Mention = "Delta", Offered = { FakePlatform.Delta, FakePlatform.DeltaLogistics } },
        });
        platform.Resolve = (request, _) => Task.FromResult(request.Pending is null
            ? FakePlatform.Ambiguous()
            : new ResolveResponse { Chosen = FakePlatform.DeltaLogistics, PendingText = request.Pending.Text });
        GetFactsRequest? asked = null;
        platform.GetFacts = (request, _) =>
        {
            asked = request;
            return Task.FromResult(FakePlatform.Facts());
        };
        await using GatewayHost gateway = new(platform);

        (_, JsonElement body) = await gateway.AskAsync(new { query = "the second one", sessionId = "s-2" });

        Assert.Equal("status", body.GetProperty("intent").GetString());
        Assert.Equal("C2", Assert.Single(asked!.Entities).Id);
        Assert.Null(Assert.Single(platform.Pending).Pending);
    }

    [Fact]
    public async Task Chat_SessionOfAnotherUser_IsUnknown()
    {
        platform.GetConversation = (request, _) => Task.FromResult(new Conversation { SessionId = request.SessionId, UserId = "somebody" });
        await using GatewayHost gateway = new(platform);

        (HttpResponseMessage response, JsonElement body) = await gateway.AskAsync(new { query = "status", sessionId = "s-3" });

        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
        Assert.True(body.GetProperty("errors").TryGetProperty("sessionId", out _));
    }

    [Fact]
    public async Task Chat_Answered_IsRecordedOnceEvenWithoutRedis()
    {
        await using GatewayHost gateway = new(platform);

        (_, JsonElement body) = await gateway.AskAsync(new { query = "status", sessionId = "s-4" });

        await Eventually.HoldsAsync(() => platform.Recorded.Count == 1, "the interaction reaches Memory");
        Assert.Equal(body.GetProperty("requestId").GetString(), platform.Recorded[0].RequestId);
        Assert.Equal("status", platform.Recorded[0].Query);
    }

    [Fact]
    public async Task Chat_CallerLeaves_StopsTheWork()
    {
        TaskCompletionSource begun = new(TaskCreationOptions.RunContinuationsAsynchronously);
        TaskCompletionSource stopped = new(TaskCreationOptions.RunContinuationsAsynchronously);
        platform.GetFacts = async (_, stop) =>
        {
            begun.SetResult();
            using CancellationTokenRegistration registration = stop.Register(() => stopped.SetResult());
            await stopped.Task;
            throw new OperationCanceledException(stop);
        };
        await using GatewayHost gateway = new(platform);
        using HttpClient http = gateway.CreateClient();
        using CancellationTokenSource leave = new();

        Task<HttpResponseMessage> asking = http.PostAsync("/api/chat", new StringContent("""{"query":"status"}""", null, "application/json"), leave.Token);
        await begun.Task.WaitAsync(TimeSpan.FromSeconds(10), TestContext.Current.CancellationToken);
        await leave.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => asking);
        await stopped.Task.WaitAsync(TimeSpan.FromSeconds(10), TestContext.Current.CancellationToken);
    }

    private static string?[] Missing(JsonElement body) =>
        [.. body.GetProperty("degradation").GetProperty("missing").EnumerateArray().Select(m => m.GetString())];
}
