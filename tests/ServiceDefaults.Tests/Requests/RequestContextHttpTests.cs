using System.Net.Http.Json;
using Microsoft.AspNetCore.Builder;
using Platform.Testing;

namespace Platform.ServiceDefaults.Tests.Requests;

public sealed class RequestContextHttpTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Request_ValidHeaders_BecomeTheContextAndTheIdReturns()
    {
        var (context, returned) = await AskAsync(("x-request-id", "abc-1"), ("x-organization-id", "acme"), ("x-user-id", "ann@acme.test"), ("x-session-id", "s.1"));

        Assert.Equal(new RequestContext("abc-1", "acme", "ann@acme.test", "s.1", null), context);
        Assert.Equal("abc-1", returned);
    }

    [Fact]
    public async Task Request_NoHeaders_GetsANewIdAndTheDefaults()
    {
        var (first, returned) = await AskAsync();
        var (second, _) = await AskAsync();

        Assert.Equal(new RequestContext(first.RequestId, "default", "anonymous", "", null), first);
        Assert.Equal(first.RequestId, returned);
        Assert.NotEqual(first.RequestId, second.RequestId);
    }

    [Theory]
    [InlineData("has space")]
    [InlineData("{\"x\":1}")]
    [InlineData("0123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890123456789")]
    public async Task Request_InvalidValues_AreReplaced(string value)
    {
        var (context, _) = await AskAsync(("x-request-id", value), ("x-organization-id", value), ("x-user-id", value), ("x-session-id", value));

        Assert.Equal(new RequestContext(context.RequestId, "default", "anonymous", "", null), context);
        Assert.Matches("^[0-9a-f]{32}$", context.RequestId);
    }

    [Fact]
    public void Current_OutsideARequest_IsTheBackground()
    {
        var accessor = new RequestContextAccessor();
        Assert.Same(RequestContext.Background, accessor.Current);

        var queued = new RequestContext("queued", "acme", "ann", "", null);
        using (accessor.Use(queued))
        {
            Assert.Same(queued, accessor.Current);
        }

        Assert.Same(RequestContext.Background, accessor.Current);
    }

    [Fact]
    public void Remaining_Deadline_NeverNegative()
    {
        var time = new ManualTime();
        var context = RequestContext.Background with { Deadline = time.GetUtcNow() + TimeSpan.FromSeconds(2) };

        Assert.Equal(TimeSpan.FromSeconds(2), context.Remaining(time));
        time.Advance(TimeSpan.FromSeconds(3));
        Assert.Equal(TimeSpan.Zero, context.Remaining(time));
        Assert.Null(RequestContext.Background.Remaining(time));
    }

    private static async Task<(RequestContext Context, string Returned)> AskAsync(params (string Name, string Value)[] headers)
    {
        using var folder = new ConfigurationFolder();
        await using var service = await RunningService.StartAsync(
            RunningService.Builder(folder),
            app => app.MapGet("/context", (IRequestContextAccessor accessor) => accessor.Current),
            Token);
        using var request = new HttpRequestMessage(HttpMethod.Get, "/context");
        foreach (var (name, value) in headers)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        using var response = await service.Http.SendAsync(request, Token);
        return ((await response.Content.ReadFromJsonAsync<RequestContext>(Token))!, response.Headers.GetValues("x-request-id").Single());
    }
}
