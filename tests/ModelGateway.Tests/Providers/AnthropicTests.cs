using System.Text.Json;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using Platform.Contracts.ModelGateway.V1;
using Platform.ServiceDefaults;
using Platform.Testing;

namespace Platform.ModelGateway.Tests.Providers;

public sealed class AnthropicTests(PlatformServers servers, SharedAnthropicGateway shared) : IClassFixture<SharedAnthropicGateway>
{
    private const string Usage = """{"input_tokens":900,"cache_creation_input_tokens":40,"cache_read_input_tokens":60,"output_tokens":200}""";

    private static readonly string[] Events =
    [
        """{"type":"message_start","message":{"id":"m1","model":"claude-x","usage":{"input_tokens":900,"cache_creation_input_tokens":40,"cache_read_input_tokens":60,"output_tokens":1}}}""",
        """{"type":"content_block_start","index":0,"content_block":{"type":"text","text":""}}""",
        """{"type":"ping"}""",
        """{"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"Delta "}}""",
        """{"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"owes 12.50 EUR."}}""",
        """{"type":"content_block_stop","index":0}""",
        """{"type":"message_delta","delta":{"stop_reason":"end_turn","stop_sequence":null},"usage":{"output_tokens":200}}""",
        """{"type":"message_stop"}""",
    ];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Complete_Answer_SpeaksTheProtocolAndCountsTheCacheAsInput()
    {
        var provider = shared.Fresh();
        provider.Then(Answers.Json($$"""{"id":"m1","type":"message","role":"assistant","model":"claude-x","content":[{"type":"text","text":"Delta owes 12.50 EUR."}],"stop_reason":"end_turn","usage":{{Usage}}}"""));
        var gateway = shared.Gateway;
        var question = RunningGateway.Question;
        question.Temperature = 1.5;
        question.Stop.Add("END");

        var response = await gateway.Models.CompleteAsync(question, cancellationToken: Token);

        Assert.Equal(("Delta owes 12.50 EUR.", FinishReason.Stop), (response.Text, response.FinishReason));
        Assert.Equal(new TokenUsage { Input = 1000, Output = 200, CachedInput = 60 }, response.Report.Tokens);
        var request = Assert.Single(provider.Requests);
        Assert.Equal(("/v1/messages", RunningGateway.Key, "2023-06-01", ""), (request.Path, request.Headers["x-api-key"], request.Headers["anthropic-version"], request.Authorization));
        var body = request.Body;
        Assert.Equal(("model-x", 1024, "Be brief.", 1.0), (body.GetProperty("model").GetString(), body.GetProperty("max_tokens").GetInt32(), body.GetProperty("system").GetString(), body.GetProperty("temperature").GetDouble()));
        Assert.Equal("END", body.GetProperty("stop_sequences")[0].GetString());
        var message = Assert.Single(body.GetProperty("messages").EnumerateArray());
        Assert.Equal(("user", "What does Delta owe?"), (message.GetProperty("role").GetString(), message.GetProperty("content")[0].GetProperty("text").GetString()));
    }

    [Fact]
    public async Task Complete_Tools_TravelBothWays()
    {
        var provider = shared.Fresh();
        provider.Then(Answers.Json($$$"""{"content":[{"type":"thinking","thinking":"hm"},{"type":"tool_use","id":"t1","name":"balance","input":{"customer":"Delta"}}],"stop_reason":"tool_use","usage":{{{Usage}}}}"""));
        var gateway = shared.Gateway;
        var question = RunningGateway.Question;
        question.Tools.Add(new Tool { Name = "balance", Description = "Open balance", Parameters = Struct.Parser.ParseJson("""{"properties":{"customer":{"type":"string"}}}""") });
        question.Messages.Add(new Message { Role = Role.Assistant, Text = "I look.", ToolCalls = { new ToolCall { Id = "t0", Name = "balance", ArgumentsJson = """{"customer":"Acme"}""" } } });
        question.Messages.Add(new Message { Role = Role.Tool, ToolCallId = "t0", Text = "12.50" });
        question.Messages.Add(new Message { Role = Role.User, Text = "And Delta?" });

        var response = await gateway.Models.CompleteAsync(question, cancellationToken: Token);

        var call = Assert.Single(response.ToolCalls);
        Assert.Equal(("t1", "balance", """{"customer":"Delta"}""", FinishReason.ToolCalls), (call.Id, call.Name, call.ArgumentsJson, response.FinishReason));
        var body = Assert.Single(provider.Requests).Body;
        Assert.Equal(("balance", "object"), (body.GetProperty("tools")[0].GetProperty("name").GetString(), body.GetProperty("tools")[0].GetProperty("input_schema").GetProperty("type").GetString()));
        var messages = body.GetProperty("messages").EnumerateArray().ToArray();
        Assert.Equal(["user", "assistant", "user"], messages.Select(message => message.GetProperty("role").GetString()));
        Assert.Equal(["text", "tool_use"], Types(messages[1]));
        Assert.Equal("Acme", messages[1].GetProperty("content")[1].GetProperty("input").GetProperty("customer").GetString());
        Assert.Equal(["tool_result", "text"], Types(messages[2]));
        Assert.Equal("t0", messages[2].GetProperty("content")[0].GetProperty("tool_use_id").GetString());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Complete_Schema_IsAToolThatMustBeCalledAndItsInputTheAnswer(bool streamed)
    {
        var provider = shared.Fresh();
        provider.Then(streamed
            ? Answers.Stream([
                Events[0],
                """{"type":"content_block_start","index":0,"content_block":{"type":"tool_use","id":"t1","name":"answer_in_schema","input":{}}}""",
                """{"type":"content_block_delta","index":0,"delta":{"type":"input_json_delta","partial_json":""}}""",
                """{"type":"content_block_delta","index":0,"delta":{"type":"input_json_delta","partial_json":"{\"a\":"}}""",
                """{"type":"content_block_delta","index":0,"delta":{"type":"input_json_delta","partial_json":"\"b\"}"}}""",
                """{"type":"content_block_stop","index":0}""",
                """{"type":"message_delta","delta":{"stop_reason":"tool_use"},"usage":{"output_tokens":9}}""",
                """{"type":"message_stop"}"""])
            : Answers.Json($$$"""{"content":[{"type":"text","text":"Here:"},{"type":"tool_use","id":"t1","name":"answer_in_schema","input":{"a":"b"}}],"stop_reason":"tool_use","usage":{{{Usage}}}}"""));
        var gateway = shared.Gateway;
        var question = RunningGateway.Question;
        question.ResponseSchema = Struct.Parser.ParseJson("""{"type":"object","properties":{"a":{"type":"string"}}}""");

        var response = streamed ? (await StreamAsync(gateway, question)).Events[^1].Completed : await gateway.Models.CompleteAsync(question, cancellationToken: Token);

        Assert.Equal("""{"a":"b"}""", response.Text);
        Assert.Empty(response.ToolCalls);
        Assert.Equal(FinishReason.Stop, response.FinishReason);
        var body = Assert.Single(provider.Requests).Body;
        Assert.Equal(("tool", "answer_in_schema"), (body.GetProperty("tool_choice").GetProperty("type").GetString(), body.GetProperty("tool_choice").GetProperty("name").GetString()));
        Assert.True(body.GetProperty("tools")[0].GetProperty("input_schema").GetProperty("properties").TryGetProperty("a", out _));
    }

    [Theory]
    [InlineData("max_tokens", FinishReason.Length)]
    [InlineData("stop_sequence", FinishReason.Stop)]
    [InlineData("refusal", FinishReason.ContentFilter)]
    [InlineData("model_context_window_exceeded", FinishReason.Length)]
    public async Task Complete_StopReason_IsMapped(string reason, FinishReason expected)
    {
        var provider = shared.Fresh();
        provider.Then(Answers.Json($$"""{"content":[{"type":"text","text":"x"}],"stop_reason":"{{reason}}"}"""));
        var gateway = shared.Gateway;

        Assert.Equal(expected, (await gateway.Models.CompleteAsync(RunningGateway.Question, cancellationToken: Token)).FinishReason);
    }

    [Fact]
    public async Task Stream_Whole_SendsDeltasThenCompleted()
    {
        var (events, error) = await StreamAsync(Events);

        Assert.Null(error);
        Assert.Equal(["Delta ", "owes 12.50 EUR."], events.Where(part => part.EventCase == CompletionEvent.EventOneofCase.Delta).Select(part => part.Delta));
        Assert.Equal(("Delta owes 12.50 EUR.", FinishReason.Stop), (events[^1].Completed.Text, events[^1].Completed.FinishReason));
        Assert.Equal(new TokenUsage { Input = 1000, Output = 200, CachedInput = 60 }, events[^1].Completed.Report.Tokens);
    }

    [Fact]
    public async Task Stream_EventsWithoutContentTwice_IsWhole()
    {
        var (events, error) = await StreamAsync([Events[0], Events[0], Events[1], Events[1], .. Events[2..6], Events[5], Events[6], .. Events[6..]]);

        Assert.Null(error);
        Assert.Equal("Delta owes 12.50 EUR.", events[^1].Completed.Text);
        Assert.Equal(200, events[^1].Completed.Report.Tokens.Output);
    }

    [Fact]
    public async Task Stream_ToolCallInPieces_IsPutTogether()
    {
        var (events, error) = await StreamAsync([
            .. Events[..6],
            """{"type":"content_block_start","index":1,"content_block":{"type":"tool_use","id":"t1","name":"balance","input":{}}}""",
            """{"type":"content_block_delta","index":1,"delta":{"type":"input_json_delta","partial_json":"{\"cust"}}""",
            """{"type":"content_block_delta","index":1,"delta":{"type":"input_json_delta","partial_json":"omer\":\"Delta\"}"}}""",
            """{"type":"content_block_stop","index":1}""",
            """{"type":"message_delta","delta":{"stop_reason":"tool_use"},"usage":{"output_tokens":9}}""",
            Events[^1]]);

        Assert.Null(error);
        var call = Assert.Single(events[^1].Completed.ToolCalls);
        Assert.Equal(("t1", "balance", """{"customer":"Delta"}""", FinishReason.ToolCalls), (call.Id, call.Name, call.ArgumentsJson, events[^1].Completed.FinishReason));
    }

    [Theory]
    [InlineData("cut", "CONNECTION_ERROR")]
    [InlineData("twice", "SERVER_ERROR")]
    [InlineData("out of order", "SERVER_ERROR")]
    [InlineData("text after the end", "SERVER_ERROR")]
    [InlineData("overloaded", "SERVER_ERROR")]
    [InlineData("rate limit", "RATE_LIMIT")]
    public async Task Stream_BreaksAfterText_EndsWithAnErrorAndNeverAsComplete(string how, string reason)
    {
        var (events, error) = await StreamAsync(how switch
        {
            "cut" => Events[..5],
            "twice" => [.. Events[..6], .. Events[1..]],
            "out of order" => [.. Events[..4], Events[5], Events[4], .. Events[6..]],
            "text after the end" => [.. Events[..7], """{"type":"content_block_start","index":1,"content_block":{"type":"text","text":"more"}}"""],
            "overloaded" => [.. Events[..4], """{"type":"error","error":{"type":"overloaded_error","message":"secret question"}}"""],
            _ => [.. Events[..4], """{"type":"error","error":{"type":"rate_limit_error","message":"secret question"}}"""],
        });

        Assert.Equal(reason, RpcErrors.Reason(error!));
        Assert.Equal("Delta ", events[0].Delta);
        Assert.DoesNotContain(events, part => part.EventCase == CompletionEvent.EventOneofCase.Completed);
        Assert.StartsWith("Delta ", events[^1].Interrupted.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("secret question", error!.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(400, "invalid_request_error", "BAD_REQUEST", 1)]
    [InlineData(401, "authentication_error", "AUTHENTICATION_ERROR", 1)]
    [InlineData(402, "billing_error", "PERMISSION_DENIED", 1)]
    [InlineData(403, "permission_error", "PERMISSION_DENIED", 1)]
    [InlineData(404, "not_found_error", "NOT_FOUND", 1)]
    [InlineData(413, "request_too_large", "BAD_REQUEST", 1)]
    [InlineData(429, "rate_limit_error", "RATE_LIMIT", 3)]
    [InlineData(500, "api_error", "SERVER_ERROR", 3)]
    [InlineData(504, "timeout_error", "TIMEOUT", 3)]
    [InlineData(529, "overloaded_error", "SERVER_ERROR", 3)]
    public async Task Complete_Error_IsOfItsClass(int status, string type, string reason, int attempts)
    {
        var provider = shared.Fresh();
        provider.Otherwise = async http =>
        {
            http.Response.StatusCode = status;
            await Answers.Json($$$"""{"type":"error","error":{"type":"{{{type}}}","message":"secret question"}}""")(http);
        };
        var gateway = shared.Gateway;

        var error = await gateway.RefusedAsync(RunningGateway.Question, Token);

        Assert.Equal((reason, attempts), (RpcErrors.Reason(error), provider.Requests.Count));
        Assert.DoesNotContain("secret question", error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Start_EmbeddingsOfAnthropic_StopsTheHost()
    {
        var error = await Assert.ThrowsAsync<Microsoft.Extensions.Options.OptionsValidationException>(() =>
            RunningGateway.StartAsync(servers, [.. RunningGateway.Provider("http://127.0.0.1:9/v1"), ("modelGateway:providers:0:kind", "anthropic")], Token));

        Assert.Contains("serves embedding", string.Join('\n', error.Failures), StringComparison.Ordinal);
    }

    private async Task<(List<CompletionEvent> Events, RpcException? Error)> StreamAsync(IEnumerable<string> events)
    {
        var provider = shared.Fresh();
        provider.Then(Answers.Stream(events));
        var gateway = shared.Gateway;
        return await StreamAsync(gateway, RunningGateway.Question);
    }

    private static Task<(List<CompletionEvent> Events, RpcException? Error)> StreamAsync(RunningGateway gateway, CompletionRequest question) =>
        gateway.StreamAsync(question, Token);

    private static IEnumerable<string?> Types(JsonElement message) =>
        message.GetProperty("content").EnumerateArray().Select(block => block.GetProperty("type").GetString());
}
