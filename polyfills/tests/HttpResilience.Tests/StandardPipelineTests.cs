using System.Net;
using System.Net.Http.Headers;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Http.Resilience;
using Polly.CircuitBreaker;
using Polly.RateLimiting;
using Polly.Timeout;
using Xunit;

namespace HttpResilience.Tests;

public sealed class StandardPipelineTests
{
    private static readonly Uri Service = new("http://service/");

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(HttpStatusCode.InternalServerError, 4)]
    [InlineData(HttpStatusCode.BadGateway, 4)]
    [InlineData(HttpStatusCode.ServiceUnavailable, 4)]
    [InlineData(HttpStatusCode.RequestTimeout, 4)]
    [InlineData(HttpStatusCode.TooManyRequests, 4)]
    [InlineData(HttpStatusCode.OK, 1)]
    [InlineData(HttpStatusCode.BadRequest, 1)]
    [InlineData(HttpStatusCode.NotFound, 1)]
    [InlineData(HttpStatusCode.Conflict, 1)]
    public async Task SendAsync_Status_IsRetriedWhenTransient(HttpStatusCode status, int attempts)
    {
        var server = FakeServer.With(status);
        await using var host = new Host(server, http => http.AddStandardResilienceHandler(options => options.Retry.Delay = TimeSpan.Zero));

        using var response = await host.Client.GetAsync(Service, Cancellation);

        Assert.Equal(status, response.StatusCode);
        Assert.Equal(attempts, server.Attempts);
    }

    [Fact]
    public async Task SendAsync_ConnectionFails_IsRetriedAndThenThrown()
    {
        var server = FakeServer.Failing(new HttpRequestException("refused"));
        await using var host = new Host(server, http => http.AddStandardResilienceHandler(options => options.Retry.Delay = TimeSpan.Zero));

        await Assert.ThrowsAsync<HttpRequestException>(() => host.Client.GetAsync(Service, Cancellation));

        Assert.Equal(4, server.Attempts);
    }

    [Fact]
    public async Task SendAsync_OtherException_IsNotRetried()
    {
        var server = FakeServer.Failing(new InvalidOperationException("a bug"));
        await using var host = new Host(server, http => http.AddStandardResilienceHandler());

        await Assert.ThrowsAsync<InvalidOperationException>(() => host.Client.GetAsync(Service, Cancellation));

        Assert.Equal(1, server.Attempts);
    }

    [Fact]
    public async Task SendAsync_Retries_AreDelayedExponentially()
    {
        var server = FakeServer.With(HttpStatusCode.InternalServerError, HttpStatusCode.InternalServerError, HttpStatusCode.InternalServerError, HttpStatusCode.OK);
        await using var host = new Host(server, http => http.AddStandardResilienceHandler(options => options.Retry.UseJitter = false));

        var sending = host.Client.GetAsync(Service, Cancellation);
        foreach (var seconds in (int[])[2, 4, 8])
        {
            var exact = TimeSpan.FromSeconds(seconds);
            await host.Time.AdvanceToTimerAsync(exact, exact, Cancellation);
        }

        using var response = await sending;
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(4, server.Attempts);
    }

    [Fact]
    public async Task SendAsync_RetryAfter_IsObeyed()
    {
        var server = new FakeServer((attempt, _) =>
        {
            var response = new FakeServer.TrackedResponse(attempt == 1 ? HttpStatusCode.TooManyRequests : HttpStatusCode.OK);
            response.Headers.RetryAfter = new RetryConditionHeaderValue(TimeSpan.FromSeconds(7));
            return Task.FromResult<HttpResponseMessage>(response);
        });
        await using var host = new Host(server, http => http.AddStandardResilienceHandler());

        var sending = host.Client.GetAsync(Service, Cancellation);
        await host.Time.AdvanceToTimerAsync(TimeSpan.FromSeconds(7), TimeSpan.FromSeconds(7), Cancellation);

        using var response = await sending;
        Assert.Equal(2, server.Attempts);
    }

    [Fact]
    public async Task SendAsync_RetryAfterInThePast_RetriesAtOnce()
    {
        var server = new FakeServer((attempt, _) =>
        {
            var response = new FakeServer.TrackedResponse(attempt == 1 ? HttpStatusCode.ServiceUnavailable : HttpStatusCode.OK);
            response.Headers.RetryAfter = new RetryConditionHeaderValue(DateTimeOffset.UnixEpoch);
            return Task.FromResult<HttpResponseMessage>(response);
        });
        await using var host = new Host(server, http => http.AddStandardResilienceHandler());

        using var response = await host.Client.GetAsync(Service, Cancellation);

        Assert.Equal(2, server.Attempts);
    }

    [Fact]
    public async Task SendAsync_FailedResponses_AreDisposedAndTheLastOneIsNot()
    {
        var server = FakeServer.With(HttpStatusCode.InternalServerError, HttpStatusCode.BadGateway, HttpStatusCode.OK);
        await using var host = new Host(server, http => http.AddStandardResilienceHandler(options => options.Retry.Delay = TimeSpan.Zero));

        using var response = await host.Client.GetAsync(Service, HttpCompletionOption.ResponseHeadersRead, Cancellation);

        Assert.Equal([true, true, false], server.Responses.Select(answer => answer.Disposed));
    }

    [Fact]
    public async Task SendAsync_AttemptHangs_IsCutOffAndRetried()
    {
        var hanging = FakeServer.Hanging();
        await using var host = new Host(hanging, http => http.AddStandardResilienceHandler(options =>
        {
            options.Retry.MaxRetryAttempts = 1;
            options.Retry.UseJitter = false;
        }));

        var sending = host.Client.GetAsync(Service, Cancellation);
        await host.Time.AdvanceToTimerAsync(TimeSpan.FromSeconds(10), TimeSpan.FromSeconds(10), Cancellation);
        await host.Time.AdvanceToTimerAsync(TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(2), Cancellation);
        await host.Time.AdvanceToTimerAsync(TimeSpan.FromSeconds(10), TimeSpan.FromSeconds(10), Cancellation);

        var error = await Assert.ThrowsAsync<TimeoutRejectedException>(() => sending);
        Assert.Equal(TimeSpan.FromSeconds(10), error.Timeout);
        Assert.Equal(2, hanging.Attempts);
    }

    [Fact]
    public async Task SendAsync_TotalTimeout_EndsTheRetries()
    {
        var server = FakeServer.With(HttpStatusCode.InternalServerError);
        await using var host = new Host(server, http => http.AddStandardResilienceHandler(options =>
        {
            options.Retry.UseJitter = false;
            options.Retry.Delay = TimeSpan.FromSeconds(25);
        }));

        var sending = host.Client.GetAsync(Service, Cancellation);
        await host.Time.AdvanceToTimerAsync(TimeSpan.FromSeconds(25), TimeSpan.FromSeconds(25), Cancellation);
        await host.Time.AdvanceToTimerAsync(TimeSpan.FromSeconds(50), TimeSpan.FromSeconds(50), Cancellation);

        var error = await Assert.ThrowsAsync<TimeoutRejectedException>(() => sending);
        Assert.Equal(TimeSpan.FromSeconds(30), error.Timeout);
        Assert.Equal(2, server.Attempts);
    }

    [Fact]
    public async Task SendAsync_CallerGivesUp_IsNotRetried()
    {
        var server = FakeServer.Hanging();
        await using var host = new Host(server, http => http.AddStandardResilienceHandler());
        using var caller = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);

        var sending = host.Client.GetAsync(Service, caller.Token);
        await caller.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => sending);
        Assert.Equal(1, server.Attempts);
    }

    [Fact]
    public async Task SendAsync_BreakerOpens_RefusesWithoutRetryUntilTheBreakIsOver()
    {
        var server = FakeServer.With(HttpStatusCode.InternalServerError, HttpStatusCode.InternalServerError, HttpStatusCode.OK);
        await using var host = new Host(server, http => http.AddStandardResilienceHandler(options =>
        {
            options.Retry.Delay = TimeSpan.Zero;
            options.CircuitBreaker.MinimumThroughput = 2;
        }));

        await Assert.ThrowsAsync<BrokenCircuitException>(() => host.Client.GetAsync(Service, Cancellation));
        var attemptsOfFirst = server.Attempts;
        await Assert.ThrowsAsync<BrokenCircuitException>(() => host.Client.GetAsync(Service, Cancellation));
        var attemptsOfSecond = server.Attempts;
        host.Time.Advance(TimeSpan.FromSeconds(5));
        using var response = await host.Client.GetAsync(Service, Cancellation);

        Assert.Equal((2, 2), (attemptsOfFirst, attemptsOfSecond));
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }

    [Fact]
    public async Task SendAsync_LimitReached_IsRefusedWhileTheFirstStillWaitsForItsRetry()
    {
        var server = FakeServer.With(HttpStatusCode.InternalServerError, HttpStatusCode.OK);
        await using var host = new Host(server, http => http.AddStandardResilienceHandler(options =>
        {
            options.RateLimiter.DefaultRateLimiterOptions.PermitLimit = 1;
            options.Retry.UseJitter = false;
        }));

        var first = host.Client.GetAsync(Service, Cancellation);
        await Assert.ThrowsAsync<RateLimiterRejectedException>(() => host.Client.GetAsync(Service, Cancellation));
        await host.Time.AdvanceToTimerAsync(TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(2), Cancellation);
        using var response = await first;
        using var third = await host.Client.GetAsync(Service, Cancellation);

        Assert.Equal(3, server.Attempts);
    }

    [Fact]
    public async Task CreateClient_StandardHandler_SwitchesTheClientsOwnLimitOff()
    {
        await using var host = new Host(FakeServer.With(HttpStatusCode.OK), http => http.AddStandardResilienceHandler());

        Assert.Equal(Timeout.InfiniteTimeSpan, host.Client.Timeout);
    }

    [Fact]
    public async Task SelectPipelineByAuthority_OneServiceBroken_OthersAreServed()
    {
        var server = FakeServer.With(HttpStatusCode.InternalServerError, HttpStatusCode.InternalServerError, HttpStatusCode.OK);
        await using var host = new Host(server, http => http
            .AddStandardResilienceHandler(options =>
            {
                options.Retry.Delay = TimeSpan.Zero;
                options.CircuitBreaker.MinimumThroughput = 2;
            })
            .SelectPipelineByAuthority());

        await Assert.ThrowsAsync<BrokenCircuitException>(() => host.Client.GetAsync(Service, Cancellation));
        using var response = await host.Client.GetAsync(new Uri("http://other/"), Cancellation);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }

    [Theory]
    [InlineData("POST", 1)]
    [InlineData("PUT", 1)]
    [InlineData("PATCH", 1)]
    [InlineData("DELETE", 1)]
    [InlineData("CONNECT", 1)]
    [InlineData("GET", 4)]
    [InlineData("HEAD", 4)]
    [InlineData("OPTIONS", 4)]
    public async Task DisableForUnsafeHttpMethods_Method_IsRetriedWhenSafe(string method, int attempts)
    {
        var server = FakeServer.With(HttpStatusCode.ServiceUnavailable);
        var failing = FakeServer.Failing(new HttpRequestException("refused"));
        foreach (var target in (FakeServer[])[server, failing])
        {
            await using var host = new Host(target, http => http.AddStandardResilienceHandler(options =>
            {
                options.Retry.Delay = TimeSpan.Zero;
                options.Retry.DisableForUnsafeHttpMethods();
            }));
            using var request = new HttpRequestMessage(new HttpMethod(method), Service);

            await Record.ExceptionAsync(() => host.Client.SendAsync(request, Cancellation));
        }

        Assert.Equal((attempts, attempts), (server.Attempts, failing.Attempts));
    }

    [Fact]
    public void DisableFor_NoMethod_IsRefused()
        => Assert.Throws<ArgumentException>(() => new HttpRetryStrategyOptions().DisableFor());

    [Fact]
    public async Task DisableFor_NamedMethod_IsTheOnlyOneLeftOut()
    {
        var server = FakeServer.With(HttpStatusCode.ServiceUnavailable);
        await using var host = new Host(server, http => http.AddStandardResilienceHandler(options =>
        {
            options.Retry.Delay = TimeSpan.Zero;
            options.Retry.DisableFor(HttpMethod.Get);
        }));

        using var get = await host.Client.GetAsync(Service, Cancellation);
        var gets = server.Attempts;
        using var post = await host.Client.PostAsync(Service, content: null, Cancellation);

        Assert.Equal((1, 4), (gets, server.Attempts - gets));
    }

    [Fact]
    public async Task SendAsync_Retry_SendsTheWholeBodyAgain()
    {
        var server = FakeServer.With(HttpStatusCode.ServiceUnavailable, HttpStatusCode.ServiceUnavailable, HttpStatusCode.OK);
        await using var host = new Host(server, http => http.AddStandardResilienceHandler(options => options.Retry.Delay = TimeSpan.Zero));
        using var text = new StringContent("{\"a\":1}");
        using var stream = new StreamContent(new MemoryStream("streamed"u8.ToArray()));

        using var first = await host.Client.PostAsync(Service, text, Cancellation);
        Assert.Equal(["{\"a\":1}", "{\"a\":1}", "{\"a\":1}"], server.Bodies);

        var again = FakeServer.With(HttpStatusCode.ServiceUnavailable, HttpStatusCode.OK);
        await using var other = new Host(again, http => http.AddStandardResilienceHandler(options => options.Retry.Delay = TimeSpan.Zero));
        using var second = await other.Client.PostAsync(Service, stream, Cancellation);
        Assert.Equal(["streamed", "streamed"], again.Bodies);
    }

    [Fact]
    public async Task SendAsync_BodyThatCannotBeReadAgain_FailsInsteadOfSendingAnEmptyOne()
    {
        var server = FakeServer.With(HttpStatusCode.ServiceUnavailable, HttpStatusCode.OK);
        await using var host = new Host(server, http => http.AddStandardResilienceHandler(options => options.Retry.Delay = TimeSpan.Zero));
        using var once = new StreamContent(new OnceOnly("streamed"u8.ToArray()));

        await Assert.ThrowsAsync<InvalidOperationException>(() => host.Client.PostAsync(Service, once, Cancellation));

        Assert.Equal(["streamed"], server.Bodies);
    }

    private sealed class OnceOnly(byte[] content) : MemoryStream(content)
    {
        public override bool CanSeek => false;
    }
}
