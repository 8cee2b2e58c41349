using Grpc.Core;
using Platform.Contracts.ModelGateway.V1;
using Platform.ServiceDefaults;

namespace Platform.ModelGateway.Tests.Completions;

public sealed class CompleteStreamTests(SharedGateway shared) : IClassFixture<SharedGateway>
{
    private readonly TaskCompletionSource _received = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Stream_Whole_SendsDeltasThenCompleted()
    {
        var (events, error) = await RunAsync(Answers.Stream(Answers.Chunks));

        Assert.Null(error);
        Assert.Equal(["Delta ", "owes 12.50 EUR."], events.Where(part => part.EventCase == CompletionEvent.EventOneofCase.Delta).Select(part => part.Delta));
        var completed = events[^1].Completed;
        Assert.Equal(("Delta owes 12.50 EUR.", FinishReason.Stop), (completed.Text, completed.FinishReason));
        Assert.Equal((1000L, 200L, false), (completed.Report.Tokens.Input, completed.Report.Tokens.Output, completed.Report.TokensEstimated));
        Assert.True(completed.Report.TimeToFirstTokenMs > 0);
    }

    [Fact]
    public async Task Stream_WithoutUsage_EstimatesTokens()
    {
        var (events, error) = await RunAsync(Answers.Stream(Answers.Chunks.Where(chunk => !chunk.Contains("usage", StringComparison.Ordinal))));

        Assert.Null(error);
        Assert.True(events[^1].Completed.Report.TokensEstimated);
        Assert.True(events[^1].Completed.Report.Tokens.Output > 0);
    }

    [Fact]
    public async Task Stream_ToolCallInPieces_IsPutTogether()
    {
        var (events, error) = await RunAsync(Answers.Stream(
            """{"choices":[{"delta":{"tool_calls":[{"index":0,"id":"t1","function":{"name":"balance","arguments":"{\"cust"}}]}}]}""",
            """{"choices":[{"delta":{"tool_calls":[{"index":0,"function":{"arguments":"omer\":\"Delta\"}"}}]}}]}""",
            """{"choices":[{"delta":{},"finish_reason":"tool_calls"}]}""",
            "[DONE]"));

        Assert.Null(error);
        var call = Assert.Single(events, part => part.EventCase == CompletionEvent.EventOneofCase.ToolCall).ToolCall;
        Assert.Equal(("t1", "balance", """{"customer":"Delta"}"""), (call.Id, call.Name, call.ArgumentsJson));
    }

    public static TheoryData<string, string> Cuts => new()
    {
        { "reset", "CONNECTION_ERROR" },
        { "closed", "CONNECTION_ERROR" },
        { "done without an end", "CONNECTION_ERROR" },
        { "garbage", "SERVER_ERROR" },
        { "error", "SERVER_ERROR" },
    };

    [Theory]
    [MemberData(nameof(Cuts))]
    public async Task Stream_CutAfterText_EndsWithAnErrorAndNeverAsComplete(string cut, string reason)
    {
        var begun = Answers.Chunks[..2];
        var (events, error) = await RunAsync(cut switch
        {
            "reset" => Answers.CutStream(_received.Task, begun),
            "closed" => Answers.Stream(begun),
            "done without an end" => Answers.Stream([.. begun, "[DONE]"]),
            "garbage" => Answers.Stream([.. begun, "{\"choices\": ["]),
            _ => Answers.Stream([.. begun, """{"error":{"message":"overloaded"}}"""]),
        });

        Assert.NotNull(error);
        Assert.Equal((StatusCode.Unavailable, reason), (error.StatusCode, RpcErrors.Reason(error)));
        Assert.Equal("Delta ", events[0].Delta);
        var interrupted = Assert.Single(events.Skip(1)).Interrupted;
        Assert.Equal(("Delta ", reason), (interrupted.Text, interrupted.Reason));
        Assert.True(interrupted.Report is { TokensEstimated: true, Tokens.Output: > 0 });
    }

    [Fact]
    public async Task Stream_FailsBeforeText_IsRepeated()
    {
        var (events, error) = await RunAsync(Answers.Status(503), Answers.CutStream(Task.CompletedTask), Answers.Stream(Answers.Chunks));

        Assert.Null(error);
        Assert.Equal((3, "Delta owes 12.50 EUR."), (events[^1].Completed.Report.Attempts, events[^1].Completed.Text));
    }

    [Fact]
    public async Task Stream_WrongContentType_IsAServerError()
    {
        var (events, error) = await RunAsync(Answers.Ok, Answers.Ok, Answers.Ok);

        Assert.Empty(events);
        Assert.Equal("SERVER_ERROR", RpcErrors.Reason(error!));
    }

    private async Task<(List<CompletionEvent> Events, RpcException? Error)> RunAsync(params Func<Microsoft.AspNetCore.Http.HttpContext, Task>[] script)
    {
        var provider = shared.Fresh();
        foreach (var answer in script)
        {
            provider.Then(answer);
        }

        var gateway = shared.Gateway;
        var events = new List<CompletionEvent>();
        using var call = gateway.Models.CompleteStream(RunningGateway.Question, cancellationToken: Token);
        try
        {
            while (await call.ResponseStream.MoveNext(Token))
            {
                events.Add(call.ResponseStream.Current);
                _received.TrySetResult();
            }

            return (events, null);
        }
        catch (RpcException error)
        {
            return (events, error);
        }
    }
}
