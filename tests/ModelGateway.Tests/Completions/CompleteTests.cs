using System.Diagnostics;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using Platform.Contracts.ModelGateway.V1;
using Platform.ServiceDefaults;
using Platform.Testing;

namespace Platform.ModelGateway.Tests.Completions;

public sealed class CompleteTests(PlatformServers servers, SharedGateway shared) : IClassFixture<SharedGateway>
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Complete_NothingConfigured_SaysNoProvider()
    {
        await using var gateway = await RunningGateway.StartAsync(servers, [("OPENAI_API_KEY", "")], Token);

        var error = await gateway.RefusedAsync(RunningGateway.Question, Token);

        Assert.Equal((StatusCode.FailedPrecondition, "NO_PROVIDER"), (error.StatusCode, RpcErrors.Reason(error)));
        Assert.Empty((await gateway.Models.ListProvidersAsync(new ListProvidersRequest(), cancellationToken: Token)).Providers);
    }

    [Fact]
    public async Task Complete_KeyAlone_IsEnough()
    {
        await using var provider = await FakeProvider.StartAsync(Token);
        provider.Then(Answers.Ok);
        await using var gateway = await RunningGateway.StartAsync(servers, [("OPENAI_API_KEY", "sk-alone"), ("OPENAI_BASE_URL", provider.BaseUrl)], Token);

        await gateway.Models.CompleteAsync(RunningGateway.Question, cancellationToken: Token);

        Assert.Equal("Bearer sk-alone", Assert.Single(provider.Requests).Authorization);
    }

    [Fact]
    public async Task Complete_ProviderWithoutItsKey_IsListedAsUnavailable()
    {
        await using var gateway = await RunningGateway.StartAsync(servers, [.. RunningGateway.Provider("http://127.0.0.1:9/v1"), ("FAKE_KEY", "")], Token);

        var described = Assert.Single((await gateway.Models.ListProvidersAsync(new ListProvidersRequest(), cancellationToken: Token)).Providers);

        Assert.Equal((false, "the key fake-key is not set"), (described.Available, described.Reason));
        Assert.Equal("NO_PROVIDER", RpcErrors.Reason(await gateway.RefusedAsync(RunningGateway.Question, Token)));
    }

    [Fact]
    public async Task Complete_Success_HasTextTokensAndCost()
    {
        var provider = shared.Fresh();
        provider.Then(Answers.Ok);
        var gateway = shared.Gateway;

        var response = await gateway.Models.CompleteAsync(RunningGateway.Question, cancellationToken: Token);

        Assert.Equal(("Delta owes 12.50 EUR.", FinishReason.Stop), (response.Text, response.FinishReason));
        var report = response.Report;
        Assert.Equal(("fake", "model-x", 1, false), (report.Provider, report.Model, report.Attempts, report.TokensEstimated));
        Assert.Equal(new TokenUsage { Input = 1000, Output = 200, CachedInput = 10, Reasoning = 5 }, report.Tokens);
        Assert.Equal(("0.0036", "USD", "2026-01"), (report.Cost.Amount, report.Cost.Currency, report.PriceVersion));
        var request = Assert.Single(provider.Requests);
        Assert.Equal(("/v1/chat/completions", $"Bearer {RunningGateway.Key}"), (request.Path, request.Authorization));
        Assert.Equal("model-x", request.Body.GetProperty("model").GetString());
        Assert.Equal(0.3, request.Body.GetProperty("temperature").GetDouble(), 3);
        Assert.Equal(1024, request.Body.GetProperty("max_tokens").GetInt32());
        Assert.Equal(["system", "user"], request.Body.GetProperty("messages").EnumerateArray().Select(message => message.GetProperty("role").GetString()));
    }

    [Fact]
    public async Task Complete_ToolsAndSchema_TravelBothWays()
    {
        var provider = shared.Fresh();
        provider.Then(Answers.Json("""
            {"choices":[{"message":{"content":null,"tool_calls":[{"id":"t1","type":"function","function":{"name":"balance","arguments":"{\"customer\":\"Delta\"}"}}]},"finish_reason":"tool_calls"}]}
            """));
        var gateway = shared.Gateway;
        var request = RunningGateway.Question;
        request.Tools.Add(new Tool { Name = "balance", Description = "Open balance", Parameters = Struct.Parser.ParseJson("""{"type":"object"}""") });
        request.ResponseSchema = Struct.Parser.ParseJson("""{"type":"object","properties":{"a":{"type":"string"}}}""");
        request.Messages.Add(new Message { Role = Role.Assistant, ToolCalls = { new ToolCall { Id = "t0", Name = "balance", ArgumentsJson = "{}" } } });
        request.Messages.Add(new Message { Role = Role.Tool, ToolCallId = "t0", Text = "12.50" });

        var response = await gateway.Models.CompleteAsync(request, cancellationToken: Token);

        var call = Assert.Single(response.ToolCalls);
        Assert.Equal(("t1", "balance", """{"customer":"Delta"}""", FinishReason.ToolCalls), (call.Id, call.Name, call.ArgumentsJson, response.FinishReason));
        Assert.True(response.Report.TokensEstimated);
        var body = Assert.Single(provider.Requests).Body;
        Assert.Equal("balance", body.GetProperty("tools")[0].GetProperty("function").GetProperty("name").GetString());
        Assert.Equal("json_schema", body.GetProperty("response_format").GetProperty("type").GetString());
        Assert.Equal("t0", body.GetProperty("messages")[2].GetProperty("tool_calls")[0].GetProperty("id").GetString());
        Assert.Equal(("tool", "t0"), (body.GetProperty("messages")[3].GetProperty("role").GetString(), body.GetProperty("messages")[3].GetProperty("tool_call_id").GetString()));
    }

    public static TheoryData<string, string, int, StatusCode> Faults => new()
    {
        { "401", "AUTHENTICATION_ERROR", 1, StatusCode.FailedPrecondition },
        { "403", "PERMISSION_DENIED", 1, StatusCode.FailedPrecondition },
        { "404", "NOT_FOUND", 1, StatusCode.FailedPrecondition },
        { "400", "BAD_REQUEST", 1, StatusCode.InvalidArgument },
        { "429", "RATE_LIMIT", 3, StatusCode.ResourceExhausted },
        { "500", "SERVER_ERROR", 3, StatusCode.Unavailable },
        { "503", "SERVER_ERROR", 3, StatusCode.Unavailable },
        { "reset", "CONNECTION_ERROR", 3, StatusCode.Unavailable },
        { "garbage", "SERVER_ERROR", 3, StatusCode.Unavailable },
        { "html", "SERVER_ERROR", 3, StatusCode.Unavailable },
        { "error inside", "RATE_LIMIT", 3, StatusCode.ResourceExhausted },
        { "empty", "SERVER_ERROR", 3, StatusCode.Unavailable },
        { "no choices", "SERVER_ERROR", 3, StatusCode.Unavailable },
        { "unfinished", "SERVER_ERROR", 3, StatusCode.Unavailable },
    };

    [Theory]
    [MemberData(nameof(Faults))]
    public async Task Complete_Fault_IsOfItsClassAndRepeatedOnlyWhenThatMayHelp(string fault, string reason, int attempts, StatusCode code)
    {
        var provider = shared.Fresh();
        provider.Otherwise = fault switch
        {
            "reset" => Answers.Reset,
            "garbage" => Answers.Json("{\"choices\": ["),
            "html" => Answers.Json("<html>busy</html>", "text/html"),
            "error inside" => Answers.Json("""{"error":{"type":"rate_limit_exceeded","message":"slow down"}}"""),
            "empty" => Answers.Json("""{"choices":[{"message":{"content":""},"finish_reason":"stop"}]}"""),
            "no choices" => Answers.Json("""{"choices":[]}"""),
            "unfinished" => Answers.Json("""{"choices":[{"message":{"content":"Delta owes"},"finish_reason":null}]}"""),
            _ => Answers.Status(int.Parse(fault, System.Globalization.CultureInfo.InvariantCulture)),
        };
        var gateway = shared.Gateway;

        var error = await gateway.RefusedAsync(RunningGateway.Question, Token);

        Assert.Equal((code, reason), (error.StatusCode, RpcErrors.Reason(error)));
        Assert.Equal(attempts, provider.Requests.Count);
        Assert.DoesNotContain("secret question", error.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain(RunningGateway.Key, error.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Complete_ProviderHangs_IsATimeout(bool afterHeaders)
    {
        await using var provider = await FakeProvider.StartAsync(Token);
        provider.Otherwise = afterHeaders ? Answers.HangAfterHeaders : Answers.Hang;
        await using var gateway = await RunningGateway.StartAsync(
            servers,
            [.. RunningGateway.Provider(provider.BaseUrl), ("modelGateway:models:primary:timeout", "00:00:00.2"), ("modelGateway:retry:maximumAttempts", "2")],
            Token);

        var error = await gateway.RefusedAsync(RunningGateway.Question, Token);

        Assert.Equal((StatusCode.DeadlineExceeded, "TIMEOUT"), (error.StatusCode, RpcErrors.Reason(error)));
        Assert.Equal(2, provider.Requests.Count);
    }

    [Fact]
    public async Task Complete_FaultThatPasses_IsRepeatedAndCounted()
    {
        var provider = shared.Fresh();
        provider.Then(Answers.Status(503));
        provider.Then(Answers.Reset);
        provider.Then(Answers.Ok);
        var gateway = shared.Gateway;

        var response = await gateway.Models.CompleteAsync(RunningGateway.Question, cancellationToken: Token);

        Assert.Equal(("Delta owes 12.50 EUR.", 3), (response.Text, response.Report.Attempts));
    }

    [Fact]
    public async Task Complete_RetryAfterBeyondTheDeadline_FailsAtOnceAndPassesItOn()
    {
        var provider = shared.Fresh();
        provider.Otherwise = Answers.Status(429, "20");
        var gateway = shared.Gateway;
        var began = Stopwatch.GetTimestamp();

        var error = await Assert.ThrowsAsync<RpcException>(async () =>
            await gateway.Models.CompleteAsync(RunningGateway.Question, deadline: TimeProvider.System.GetUtcNow().UtcDateTime.AddSeconds(10), cancellationToken: Token));

        Assert.Equal(StatusCode.ResourceExhausted, error.StatusCode);
        Assert.Equal(20, error.ToProblemDetails("r").Extensions["retryAfterSeconds"]);
        Assert.Single(provider.Requests);
        Assert.True(Stopwatch.GetElapsedTime(began) < TimeSpan.FromSeconds(10));
    }

    [Fact]
    public async Task Complete_FirstProviderFails_TheNextAnswers()
    {
        await using var first = await FakeProvider.StartAsync(Token);
        await using var second = await FakeProvider.StartAsync(Token);
        first.Otherwise = Answers.Status(401);
        second.Otherwise = Answers.Ok;
        await using var gateway = await RunningGateway.StartAsync(
            servers,
            [.. RunningGateway.Provider(second.BaseUrl, 1, 2, "second"), .. RunningGateway.Provider(first.BaseUrl, 0, 1, "first")],
            Token);

        var response = await gateway.Models.CompleteAsync(RunningGateway.Question, cancellationToken: Token);

        Assert.Equal(("second", 2), (response.Report.Provider, response.Report.Attempts));
        Assert.Single(first.Requests);
    }

    [Fact]
    public async Task Complete_ProviderKeepsFailing_ItsBreakerOpensAndItIsNotAsked()
    {
        await using var provider = await FakeProvider.StartAsync(Token);
        provider.Otherwise = Answers.Status(500);
        await using var gateway = await RunningGateway.StartAsync(servers, [.. RunningGateway.Provider(provider.BaseUrl), ("modelGateway:breaker:failures", "4")], Token);
        await gateway.RefusedAsync(RunningGateway.Question, Token);
        await gateway.RefusedAsync(RunningGateway.Question, Token);
        Assert.Equal(4, provider.Requests.Count);

        var error = await gateway.RefusedAsync(RunningGateway.Question, Token);

        Assert.Equal((StatusCode.Unavailable, "CONNECTION_ERROR"), (error.StatusCode, RpcErrors.Reason(error)));
        Assert.Equal(4, provider.Requests.Count);
        var breaker = Assert.Single((await gateway.Models.ListBreakersAsync(new ListBreakersRequest(), cancellationToken: Token)).Breakers);
        Assert.Equal(("fake", "chat", BreakerState.Open), (breaker.Provider, breaker.Endpoint, breaker.State));
        Assert.NotNull(breaker.HalfOpenAt);

        var closed = await gateway.Models.SetBreakerAsync(new SetBreakerRequest { Provider = "fake", Endpoint = "chat", State = BreakerState.Closed }, cancellationToken: Token);
        Assert.Equal(BreakerState.Closed, closed.State);
        provider.Otherwise = Answers.Ok;
        Assert.Equal("Delta owes 12.50 EUR.", (await gateway.Models.CompleteAsync(RunningGateway.Question, cancellationToken: Token)).Text);
    }

    [Fact]
    public async Task Complete_CallsOfTheMinuteUsedUp_WaitsNoLongerThanTheDeadline()
    {
        await using var provider = await FakeProvider.StartAsync(Token);
        provider.Otherwise = Answers.Ok;
        await using var gateway = await RunningGateway.StartAsync(servers, [.. RunningGateway.Provider(provider.BaseUrl), ("modelGateway:models:primary:requestsPerMinute", "2")], Token);
        await gateway.Models.CompleteAsync(RunningGateway.Question, cancellationToken: Token);
        await gateway.Models.CompleteAsync(RunningGateway.Question, cancellationToken: Token);

        var error = await Assert.ThrowsAsync<RpcException>(async () =>
            await gateway.Models.CompleteAsync(RunningGateway.Question, deadline: TimeProvider.System.GetUtcNow().UtcDateTime.AddSeconds(1), cancellationToken: Token));

        Assert.True(error.StatusCode is StatusCode.ResourceExhausted or StatusCode.DeadlineExceeded, error.ToString());
        Assert.Equal(2, provider.Requests.Count);
    }

    [Fact]
    public async Task Complete_BadRequest_NamesEveryField()
    {
        await using var gateway = await RunningGateway.StartAsync(servers, [("OPENAI_API_KEY", "")], Token);

        var error = await gateway.RefusedAsync(new CompletionRequest { Messages = { new Message { Text = "x" } }, Temperature = 3, MaxOutputTokens = -1 }, Token);

        var errors = Assert.IsType<Dictionary<string, string[]>>(error.ToProblemDetails("r").Extensions["errors"]);
        Assert.Equal(["max_output_tokens", "messages[0].role", "temperature"], errors.Keys.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Embed_Texts_GetVectorsInTheirOrder()
    {
        var provider = shared.Fresh();
        provider.Then(Answers.Json("""{"data":[{"index":1,"embedding":[0.5,1]},{"index":0,"embedding":[0.25,0]}],"usage":{"prompt_tokens":7}}"""));
        provider.Otherwise = Answers.Json("""{"data":[]}""");
        var gateway = shared.Gateway;

        var response = await gateway.Models.EmbedAsync(new EmbedRequest { Texts = { "a", "b" } }, cancellationToken: Token);

        Assert.Equal([[0.25f, 0f], [0.5f, 1f]], response.Embeddings.Select(embedding => embedding.Values.ToArray()));
        Assert.Equal(7, response.Report.Tokens.Input);
        var missing = await Assert.ThrowsAsync<RpcException>(async () => await gateway.Models.EmbedAsync(new EmbedRequest { Texts = { "a" } }, cancellationToken: Token));
        Assert.Equal("SERVER_ERROR", RpcErrors.Reason(missing));
        var none = await Assert.ThrowsAsync<RpcException>(async () => await gateway.Models.EmbedAsync(new EmbedRequest(), cancellationToken: Token));
        Assert.Equal(StatusCode.InvalidArgument, none.StatusCode);
    }

    [Fact]
    public async Task Moderate_Text_HasCategories()
    {
        var provider = shared.Fresh();
        provider.Then(Answers.Json("""{"results":[{"flagged":true,"category_scores":{"violence":0.9,"hate":0.01}}]}"""));
        var gateway = shared.Gateway;

        var response = await gateway.Models.ModerateAsync(new ModerateRequest { Text = "x" }, cancellationToken: Token);

        Assert.True(response.Flagged);
        Assert.Equal(0.9, response.Categories["violence"]);
    }
}
