using System.Diagnostics;
using System.Net;
using Google.Protobuf;
using Grpc.Core;
using Grpc.Net.Client;

namespace Grpc.Tests;

/// <summary>Deadlines and cancellation, from either side.</summary>
public sealed class EndingTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(20);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private static DateTime In(int milliseconds) => TimeProvider.System.GetUtcNow().UtcDateTime.AddMilliseconds(milliseconds);

    [Theory]
    [InlineData("wait")]
    [InlineData("ignore")]
    public async Task One_PastDeadline_CallerAndHandlerAreTold(string text)
    {
        await using var host = await ProbeHost.StartAsync();

        var failure = await Assert.ThrowsAsync<RpcException>(async () => await host.Client.OneAsync(new Ask { Text = text }, deadline: In(300), cancellationToken: Token).ResponseAsync.WaitAsync(Limit, Token));

        Assert.Equal(StatusCode.DeadlineExceeded, failure.StatusCode);
        await host.Seen.TokenFired.Task.WaitAsync(Limit, Token);
        Assert.InRange(host.Seen.Deadline, In(-60_000), In(60_000));
    }

    [Theory]
    [InlineData("wait")]
    [InlineData("ignore")]
    public async Task One_ServerAloneKnowsDeadline_ResponseIsEnded(string text)
    {
        await using var host = await ProbeHost.StartAsync();

        // The header without a deadline of the client's own: only the server can end the call.
        using var handler = new AddHeader(new SocketsHttpHandler(), "grpc-timeout", "200m");
        using var channel = GrpcChannel.ForAddress(host.Address, new GrpcChannelOptions { HttpHandler = handler });
        using var call = new Probe.ProbeClient(channel).OneAsync(new Ask { Text = text }, cancellationToken: Token);
        var failure = await Assert.ThrowsAsync<RpcException>(async () => await call.ResponseAsync.WaitAsync(Limit, Token));

        Assert.Equal(StatusCode.DeadlineExceeded, failure.StatusCode);
        await host.Seen.TokenFired.Task.WaitAsync(Limit, Token);
    }

    [Fact]
    public async Task Down_PastDeadline_StreamEndsWithDeadlineExceeded()
    {
        await using var host = await ProbeHost.StartAsync();
        using var call = host.Client.Down(new Ask { Text = "endless" }, deadline: In(300), cancellationToken: Token);

        var failure = await Assert.ThrowsAsync<RpcException>(async () =>
        {
            while (await call.ResponseStream.MoveNext(Token))
            {
                Assert.Equal("endless", call.ResponseStream.Current.Text);
            }
        });

        Assert.Equal(StatusCode.DeadlineExceeded, failure.StatusCode);
        await host.Seen.TokenFired.Task.WaitAsync(Limit, Token);
    }

    [Fact]
    public async Task Down_PeerReadsNothingUntilItsDeadline_StreamIsReset()
    {
        await using var host = await ProbeHost.StartAsync();

        // 10 MB for a window of 64 KB: the handler is stuck in a write when the deadline comes, and no trailer could pass.
        using var handler = new SocketsHttpHandler { InitialHttp2StreamWindowSize = 65_535, EnableMultipleHttp2Connections = false };
        using var http = new HttpMessageInvoker(handler);
        var ask = new Ask { Text = "much", Count = 1000, Payload = ByteString.CopyFrom(new byte[10_000]) }.ToByteArray();
        using var request = new HttpRequestMessage(HttpMethod.Post, host.Address + "/grpc.tests.Probe/Down")
        {
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            Content = new ByteArrayContent([0, 0, 0, (byte)(ask.Length >> 8), (byte)ask.Length, .. ask]),
        };
        request.Content.Headers.TryAddWithoutValidation("content-type", "application/grpc");
        request.Headers.TryAddWithoutValidation("grpc-timeout", "500m");
        using var response = await http.SendAsync(request, Token);
        var body = await response.Content.ReadAsStreamAsync(Token);

        await host.Seen.TokenFired.Task.WaitAsync(Limit, Token);
        var failure = await Assert.ThrowsAnyAsync<HttpIOException>(() => body.CopyToAsync(Stream.Null, Token).WaitAsync(Limit, Token));

        const long cancel = 0x8;
        Assert.Equal(cancel, Assert.IsType<HttpProtocolException>(failure.InnerException ?? failure).ErrorCode);
        using var channel = GrpcChannel.ForAddress(host.Address, new GrpcChannelOptions { HttpHandler = handler });
        Assert.Equal("after", (await new Probe.ProbeClient(channel).OneAsync(new Ask { Text = "after" }, cancellationToken: Token)).Text);
    }

    [Fact]
    public async Task One_DeadlineInThePast_NeverReachesTheServer()
    {
        await using var host = await ProbeHost.StartAsync();

        var failure = await Assert.ThrowsAsync<RpcException>(async () => await host.Client.OneAsync(new Ask(), deadline: In(-1), cancellationToken: Token));

        Assert.Equal(StatusCode.DeadlineExceeded, failure.StatusCode);
        Assert.Null(host.Seen.Method);
    }

    [Fact]
    public async Task One_CallerCancels_HandlersTokenFires()
    {
        await using var host = await ProbeHost.StartAsync();
        using var cancel = CancellationTokenSource.CreateLinkedTokenSource(Token);
        var call = host.Client.OneAsync(new Ask { Text = "wait" }, cancellationToken: cancel.Token);
        await host.Seen.Entered.Task.WaitAsync(Limit, Token);

        await cancel.CancelAsync();
        var failure = await Assert.ThrowsAsync<RpcException>(async () => await call);

        Assert.Equal(StatusCode.Cancelled, failure.StatusCode);
        Assert.Equal(StatusCode.Cancelled, call.GetStatus().StatusCode);
        await host.Seen.TokenFired.Task.WaitAsync(Limit, Token);
    }

    [Fact]
    public async Task One_CallIsDisposed_HandlersTokenFires()
    {
        await using var host = await ProbeHost.StartAsync();
        var call = host.Client.OneAsync(new Ask { Text = "wait" }, cancellationToken: Token);
        await host.Seen.Entered.Task.WaitAsync(Limit, Token);

        call.Dispose();

        await host.Seen.TokenFired.Task.WaitAsync(Limit, Token);
        Assert.Equal(StatusCode.Cancelled, (await Assert.ThrowsAsync<RpcException>(async () => await call)).StatusCode);
    }

    [Fact]
    public async Task Down_CallIsDisposedWhileStreaming_HandlersTokenFires()
    {
        await using var host = await ProbeHost.StartAsync();
        var call = host.Client.Down(new Ask { Text = "endless" }, cancellationToken: Token);
        Assert.True(await call.ResponseStream.MoveNext(Token));

        call.Dispose();

        await host.Seen.TokenFired.Task.WaitAsync(Limit, Token);
    }

    [Fact]
    public async Task Down_TokenOfMoveNextFires_CallIsCancelled()
    {
        await using var host = await ProbeHost.StartAsync();
        using var cancel = CancellationTokenSource.CreateLinkedTokenSource(Token);
        using var call = host.Client.Down(new Ask { Text = "endless" }, cancellationToken: Token);
        Assert.True(await call.ResponseStream.MoveNext(cancel.Token));
        await cancel.CancelAsync();

        var failure = await Assert.ThrowsAsync<RpcException>(async () =>
        {
            while (await call.ResponseStream.MoveNext(cancel.Token))
            {
            }
        });

        Assert.Equal(StatusCode.Cancelled, failure.StatusCode);
        await host.Seen.TokenFired.Task.WaitAsync(Limit, Token);
    }

    [Fact]
    public async Task Up_CallerCancelsMidStream_HandlersTokenFires()
    {
        await using var host = await ProbeHost.StartAsync();
        using var cancel = CancellationTokenSource.CreateLinkedTokenSource(Token);
        using var call = host.Client.Up(cancellationToken: cancel.Token);
        await call.RequestStream.WriteAsync(new Ask { Text = "a" }, Token);
        await host.Seen.Entered.Task.WaitAsync(Limit, Token);

        await cancel.CancelAsync();

        Assert.Equal(StatusCode.Cancelled, (await Assert.ThrowsAsync<RpcException>(async () => await call)).StatusCode);
        await host.Seen.TokenFired.Task.WaitAsync(Limit, Token);
    }

    [Fact]
    public async Task One_ChannelThrowsOperationCanceled_CancelAndDeadlineThrowIt()
    {
        await using var host = await ProbeHost.StartAsync();
        using var channel = GrpcChannel.ForAddress(host.Address, new GrpcChannelOptions { ThrowOperationCanceledOnCancellation = true });
        var client = new Probe.ProbeClient(channel);
        using var cancel = CancellationTokenSource.CreateLinkedTokenSource(Token);
        cancel.CancelAfter(100);

        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await client.OneAsync(new Ask { Text = "wait" }, cancellationToken: cancel.Token));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await client.OneAsync(new Ask { Text = "wait" }, deadline: In(100), cancellationToken: Token));
    }

    [Fact]
    public async Task One_ManyCutOffCalls_ConnectionStaysUsable()
    {
        await using var host = await ProbeHost.StartAsync();
        for (var i = 0; i < 20; i++)
        {
            await Assert.ThrowsAsync<RpcException>(async () => await host.Client.OneAsync(new Ask { Text = "ignore" }, deadline: In(30), cancellationToken: Token));
        }

        Assert.Equal("after", (await host.Client.OneAsync(new Ask { Text = "after" }, cancellationToken: Token)).Text);
    }

    [Fact]
    public async Task One_Observed_ActivitiesCarryMethodAndStatus()
    {
        var ended = new List<Activity>();
        using var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name is "Grpc.Net.Client" or "Microsoft.AspNetCore",
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllData,
            ActivityStopped = activity =>
            {
                lock (ended)
                {
                    ended.Add(activity);
                }
            },
        };
        ActivitySource.AddActivityListener(listener);
        await using (var host = await ProbeHost.StartAsync())
        {
            using var root = new Activity("root").Start();
            await Assert.ThrowsAsync<RpcException>(async () => await host.Client.OneAsync(new Ask { Text = "fail" }, cancellationToken: Token));
            root.Stop();

            Activity client;
            lock (ended)
            {
                client = Assert.Single(ended, activity => activity.OperationName == "Grpc.Net.Client.GrpcOut" && activity.TraceId == root.TraceId);
            }

            Assert.Equal("/grpc.tests.Probe/One", client.GetTagItem("grpc.method"));
            Assert.Equal("5", client.GetTagItem("grpc.status_code"));
            await host.DisposeAsync();
            lock (ended)
            {
                var server = Assert.Single(ended, activity => activity.OperationName == "Microsoft.AspNetCore.Hosting.HttpRequestIn" && activity.TraceId == root.TraceId);
                Assert.Equal("/grpc.tests.Probe/One", server.GetTagItem("grpc.method"));
                Assert.Equal("5", server.GetTagItem("grpc.status_code"));
            }
        }
    }

    private sealed class AddHeader(HttpMessageHandler inner, string name, string value) : DelegatingHandler(inner)
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            request.Headers.TryAddWithoutValidation(name, value);
            return base.SendAsync(request, cancellationToken);
        }
    }
}
