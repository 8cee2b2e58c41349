using Grpc.Core;
using Microsoft.Extensions.DependencyInjection;
using Platform.Contracts.ModelGateway.V1;
using Platform.ModelGateway.Completions;
using Platform.ServiceDefaults;
using Platform.Testing;

namespace Platform.ModelGateway.Tests.Completions;

public sealed class FailoverTests(PlatformServers servers)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Stream_BreaksAndMayRestart_WithdrawsTheTextAndBeginsAnew()
    {
        await using var first = await FakeProvider.StartAsync(Token);
        await using var second = await FakeProvider.StartAsync(Token);
        first.Otherwise = Answers.Stream(Answers.Chunks[..2]);
        second.Otherwise = Answers.Stream(Answers.Chunks);
        await using var gateway = await StartAsync(first, second, ("modelGateway:failover:brokenStream", "restart"));

        var (events, error) = await gateway.StreamAsync(RunningGateway.Question, Token);

        Assert.Null(error);
        Assert.Equal(["Delta", "Reset", "Delta", "Delta", "Completed"], events.Select(part => part.EventCase.ToString()));
        Assert.Equal("second", events[1].Reset);
        Assert.Equal(("Delta owes 12.50 EUR.", "second", 2), (events[^1].Completed.Text, events[^1].Completed.Report.Provider, events[^1].Completed.Report.Attempts));
    }

    [Fact]
    public async Task Stream_BreaksOnEveryProvider_EndsWithTheErrorAndTheLastText()
    {
        await using var first = await FakeProvider.StartAsync(Token);
        await using var second = await FakeProvider.StartAsync(Token);
        first.Otherwise = Answers.Stream(Answers.Chunks[..2]);
        second.Otherwise = Answers.Stream(Answers.Chunks[..3]);
        await using var gateway = await StartAsync(first, second, ("modelGateway:failover:brokenStream", "restart"));

        var (events, error) = await gateway.StreamAsync(RunningGateway.Question, Token);

        Assert.Equal("CONNECTION_ERROR", RpcErrors.Reason(error!));
        Assert.Equal(["Delta", "Reset", "Delta", "Delta", "Interrupted"], events.Select(part => part.EventCase.ToString()));
        Assert.Equal("Delta owes 12.50 EUR.", events[^1].Interrupted.Text);
        Assert.Equal((1, 1), (first.Requests.Count, second.Requests.Count));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Call_CallerLeaves_ProviderIsLeftAtOnceAndItsBreakerUntouched(bool streamed)
    {
        await using var provider = await FakeProvider.StartAsync(Token);
        var arrived = new TaskCompletionSource();
        var left = new TaskCompletionSource();
        provider.Otherwise = async http =>
        {
            http.RequestAborted.Register(left.SetResult);
            if (streamed)
            {
                await Answers.Stream(Answers.Chunks[..2])(http);
            }

            arrived.SetResult();
            await Answers.Hang(http);
        };
        await using var gateway = await RunningGateway.StartAsync(servers, [.. RunningGateway.Provider(provider.BaseUrl), ("modelGateway:breaker:failures", "1")], Token);
        using var leaving = CancellationTokenSource.CreateLinkedTokenSource(Token);
        Task call = streamed ? gateway.StreamAsync(RunningGateway.Question, leaving.Token) : gateway.Models.CompleteAsync(RunningGateway.Question, cancellationToken: leaving.Token).ResponseAsync;
        await arrived.Task.WaitAsync(Token);

        await leaving.CancelAsync();

        await left.Task.WaitAsync(TimeSpan.FromSeconds(10), Token);
        await Assert.ThrowsAnyAsync<Exception>(async () =>
        {
            await call;
            throw new OperationCanceledException("a stream is read to its end, with the error");
        });
        Assert.Single(provider.Requests);
        Assert.DoesNotContain((await gateway.Models.ListBreakersAsync(new ListBreakersRequest(), cancellationToken: Token)).Breakers, breaker => breaker.State != BreakerState.Closed);
    }

    [Fact]
    public async Task Call_CallerLeavesBeforeARepetition_TakesNothingOfTheRetryBudget()
    {
        await using var provider = await FakeProvider.StartAsync(Token);
        provider.Otherwise = Answers.Status(503);
        await using var gateway = await RunningGateway.StartAsync(
            servers, [.. RunningGateway.Provider(provider.BaseUrl), ("modelGateway:retry:baseDelay", "00:00:10"), ("modelGateway:retry:budgetReserve", "1")], Token);
        using var leaving = CancellationTokenSource.CreateLinkedTokenSource(Token);
        var call = gateway.Models.CompleteAsync(RunningGateway.Question, cancellationToken: leaving.Token).ResponseAsync;
        await Eventually.HoldsAsync(async () => (await gateway.Models.ListBreakersAsync(new ListBreakersRequest(), cancellationToken: Token)).Breakers is [{ Failures: 1 }], "it waits to repeat");

        await leaving.CancelAsync();

        await Assert.ThrowsAnyAsync<Exception>(() => call);
        await Eventually.HoldsAsync(gateway.Services.GetRequiredService<RetryBudget>().TrySpend, "what was not used is back");
        Assert.Single(provider.Requests);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Call_CallerLeavesDuringAProbe_TheNextCallMayProbe(bool streamed)
    {
        await using var provider = await FakeProvider.StartAsync(Token);
        provider.Then(Answers.Status(503));
        provider.Then(async http =>
        {
            if (streamed)
            {
                await Answers.Stream(Answers.Chunks[..2])(http);
            }

            await Answers.Hang(http);
        });
        provider.Otherwise = Answers.Ok;
        await using var gateway = await RunningGateway.StartAsync(
            servers,
            [
                .. RunningGateway.Provider(provider.BaseUrl), ("modelGateway:breaker:failures", "1"), ("modelGateway:breaker:openFor", "00:00:00.2"),
                ("modelGateway:retry:maximumAttempts", "1"), ("modelGateway:breaker:successesToClose", "1"),
            ],
            Token);
        await gateway.RefusedAsync(RunningGateway.Question, Token);
        await Eventually.HoldsAsync(async () => (await gateway.Models.ListBreakersAsync(new ListBreakersRequest(), cancellationToken: Token)).Breakers is [{ State: BreakerState.HalfOpen }], "it may be probed");
        using var leaving = CancellationTokenSource.CreateLinkedTokenSource(Token);
        Task probe = streamed ? gateway.StreamAsync(RunningGateway.Question, leaving.Token) : gateway.Models.CompleteAsync(RunningGateway.Question, cancellationToken: leaving.Token).ResponseAsync;
        await Eventually.HoldsAsync(() => provider.Requests.Count == 2, "it is probed");
        await gateway.RefusedAsync(RunningGateway.Question, Token);

        await leaving.CancelAsync();

        await Eventually.HoldsAsync(
            async () =>
            {
                try
                {
                    return (await gateway.Models.CompleteAsync(RunningGateway.Question, cancellationToken: Token)).Report.Provider.Length > 0;
                }
                catch (RpcException error) when (error.StatusCode == StatusCode.Unavailable)
                {
                    return false;
                }
            },
            "the next call is a probe");
        await Assert.ThrowsAnyAsync<Exception>(async () =>
        {
            await probe;
            throw new OperationCanceledException("a stream is read to its end, with the error");
        });
    }

    [Fact]
    public async Task Complete_FirstHangsAndTheDeadlineIsShort_LeavesTimeForTheSecond()
    {
        await using var first = await FakeProvider.StartAsync(Token);
        await using var second = await FakeProvider.StartAsync(Token);
        first.Otherwise = Answers.Hang;
        second.Otherwise = Answers.Ok;
        await using var gateway = await StartAsync(first, second);

        var response = await gateway.Models.CompleteAsync(RunningGateway.Question, deadline: TimeProvider.System.GetUtcNow().UtcDateTime.AddSeconds(2), cancellationToken: Token);

        Assert.Equal("second", response.Report.Provider);
    }

    [Fact]
    public async Task Complete_TotalTimeout_EndsTheCallWithItsReason()
    {
        await using var provider = await FakeProvider.StartAsync(Token);
        provider.Otherwise = Answers.Hang;
        await using var gateway = await RunningGateway.StartAsync(servers, [.. RunningGateway.Provider(provider.BaseUrl), ("modelGateway:models:primary:totalTimeout", "00:00:00.3")], Token);

        var error = await gateway.RefusedAsync(RunningGateway.Question, Token);

        Assert.Equal((StatusCode.DeadlineExceeded, "TIMEOUT"), (error.StatusCode, RpcErrors.Reason(error)));
        Assert.Single(provider.Requests);
    }

    [Fact]
    public async Task Complete_RateLimitedProvider_RestsWhileAnotherCanBeAsked()
    {
        await using var first = await FakeProvider.StartAsync(Token);
        await using var second = await FakeProvider.StartAsync(Token);
        first.Then(Answers.Status(429, "30"));
        second.Otherwise = Answers.Ok;
        await using var gateway = await StartAsync(first, second);

        for (var call = 0; call < 5; call++)
        {
            Assert.Equal("second", (await gateway.Models.CompleteAsync(RunningGateway.Question, cancellationToken: Token)).Report.Provider);
        }

        Assert.Single(first.Requests);
    }

    [Fact]
    public async Task Complete_EverythingFails_AttemptsStayWithinTheBudget()
    {
        await using var provider = await FakeProvider.StartAsync(Token);
        provider.Otherwise = Answers.Status(500);
        await using var gateway = await RunningGateway.StartAsync(
            servers,
            [.. RunningGateway.Provider(provider.BaseUrl), ("modelGateway:breaker:failures", "1000"), ("modelGateway:retry:budgetReserve", "4"), ("modelGateway:retry:baseDelay", "00:00:00.001")],
            Token);

        for (var call = 0; call < 50; call++)
        {
            await gateway.RefusedAsync(RunningGateway.Question, Token);
        }

        // 50 calls, a fifth on top, and what was saved up.
        Assert.InRange(provider.Requests.Count, 60, 64);
    }

    [Fact]
    public async Task Complete_WeightsAmongEquals_ShareTheCalls()
    {
        await using var heavy = await FakeProvider.StartAsync(Token);
        await using var light = await FakeProvider.StartAsync(Token);
        heavy.Otherwise = light.Otherwise = Answers.Ok;
        await using var gateway = await RunningGateway.StartAsync(
            servers,
            [
                .. RunningGateway.Provider(heavy.BaseUrl, 0, 1, "heavy"), .. RunningGateway.Provider(light.BaseUrl, 1, 1, "light"),
                ("modelGateway:providers:0:weight", "3"), ("modelGateway:models:primary:requestsPerMinute", "100000"),
            ],
            Token);

        for (var call = 0; call < 200; call++)
        {
            await gateway.Models.CompleteAsync(RunningGateway.Question, cancellationToken: Token);
        }

        // 150 expected; five standard deviations.
        Assert.InRange(heavy.Requests.Count, 119, 181);
        Assert.Equal(200, heavy.Requests.Count + light.Requests.Count);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Call_FirstIsSlowAndHedged_TheSecondAnswersAndTheFirstIsLeft(bool streamed)
    {
        await using var first = await FakeProvider.StartAsync(Token);
        await using var second = await FakeProvider.StartAsync(Token);
        var left = new TaskCompletionSource();
        first.Otherwise = http =>
        {
            http.RequestAborted.Register(left.SetResult);
            return Answers.Hang(http);
        };
        second.Otherwise = streamed ? Answers.Stream(Answers.Chunks) : Answers.Ok;
        await using var gateway = await StartAsync(first, second, ("modelGateway:failover:hedgeAfter", "00:00:00.05"), ("modelGateway:breaker:failures", "1"));

        var response = streamed
            ? (await gateway.StreamAsync(RunningGateway.Question, Token)).Events[^1].Completed
            : await gateway.Models.CompleteAsync(RunningGateway.Question, cancellationToken: Token);

        Assert.Equal(("Delta owes 12.50 EUR.", "second", 2), (response.Text, response.Report.Provider, response.Report.Attempts));
        await left.Task.WaitAsync(TimeSpan.FromSeconds(10), Token);
        Assert.DoesNotContain((await gateway.Models.ListBreakersAsync(new ListBreakersRequest(), cancellationToken: Token)).Breakers, breaker => breaker.State != BreakerState.Closed);
    }

    [Fact]
    public async Task Complete_HedgedAndBothFail_TellsTheFailure()
    {
        await using var first = await FakeProvider.StartAsync(Token);
        await using var second = await FakeProvider.StartAsync(Token);
        first.Otherwise = second.Otherwise = Answers.Status(401);
        await using var gateway = await StartAsync(first, second, ("modelGateway:failover:hedgeAfter", "00:00:00.01"));

        var error = await gateway.RefusedAsync(RunningGateway.Question, Token);

        Assert.Equal("AUTHENTICATION_ERROR", RpcErrors.Reason(error));
        Assert.Equal((1, 1), (first.Requests.Count, second.Requests.Count));
    }

    private Task<RunningGateway> StartAsync(FakeProvider first, FakeProvider second, params (string, string?)[] more) => RunningGateway.StartAsync(
        servers, [.. RunningGateway.Provider(first.BaseUrl, 0, 1, "first"), .. RunningGateway.Provider(second.BaseUrl, 1, 2, "second"), .. more], Token);
}
