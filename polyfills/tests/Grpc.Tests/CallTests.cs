using Google.Protobuf;
using Grpc.Core;
using Grpc.Net.Client;
using Status = Grpc.Core.Status;

namespace Grpc.Tests;

public sealed class CallTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(20);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task One_Message_ComesBack()
    {
        await using var host = await ProbeHost.StartAsync();

        var reply = await host.Client.OneAsync(new Ask { Text = "hello", Count = 7, Payload = ByteString.CopyFrom(1, 2, 3) }, cancellationToken: Token);

        Assert.Equal(new Reply { Text = "hello", Count = 7, Payload = ByteString.CopyFrom(1, 2, 3) }, reply);
        Assert.Equal("/grpc.tests.Probe/One", host.Seen.Method);
        Assert.StartsWith("ipv4:127.0.0.1:", host.Seen.Peer, StringComparison.Ordinal);
    }

    [Fact]
    public async Task One_EmptyMessage_ComesBack()
    {
        await using var host = await ProbeHost.StartAsync();

        Assert.Equal(new Reply(), await host.Client.OneAsync(new Ask(), cancellationToken: Token));
        Assert.Equal(new Reply(), host.Client.One(new Ask(), cancellationToken: Token));
    }

    [Fact]
    public async Task Down_ManyMessages_ArriveInOrderWithTrailers()
    {
        await using var host = await ProbeHost.StartAsync();
        using var call = host.Client.Down(new Ask { Text = "x", Count = 1000 }, cancellationToken: Token);

        var counts = new List<int>();
        await foreach (var reply in call.ResponseStream.ReadAllAsync(Token))
        {
            counts.Add(reply.Count);
        }

        Assert.Equal(Enumerable.Range(0, 1000), counts);
        Assert.Equal(StatusCode.OK, call.GetStatus().StatusCode);
        Assert.Equal("reached", call.GetTrailers().GetValue("end"));
    }

    [Fact]
    public async Task Down_FailsAfterMessages_MessagesArriveThenStatus()
    {
        await using var host = await ProbeHost.StartAsync();
        using var call = host.Client.Down(new Ask { Text = "fail", Count = 2 }, cancellationToken: Token);

        Assert.True(await call.ResponseStream.MoveNext(Token));
        Assert.True(await call.ResponseStream.MoveNext(Token));
        var failure = await Assert.ThrowsAsync<RpcException>(() => call.ResponseStream.MoveNext(Token));

        Assert.Equal(new Status(StatusCode.DataLoss, "after the messages"), failure.Status);
        Assert.Equal("reached", failure.Trailers.GetValue("end"));
    }

    [Fact]
    public async Task Down_NoMessages_EndsWell()
    {
        await using var host = await ProbeHost.StartAsync();
        using var call = host.Client.Down(new Ask(), cancellationToken: Token);

        Assert.False(await call.ResponseStream.MoveNext(Token));
        Assert.Equal("reached", call.GetTrailers().GetValue("end"));
    }

    [Fact]
    public async Task Up_ManyMessages_AreSummed()
    {
        await using var host = await ProbeHost.StartAsync();
        using var call = host.Client.Up(cancellationToken: Token);
        for (var i = 0; i < 500; i++)
        {
            await call.RequestStream.WriteAsync(new Ask { Text = "a", Count = i }, Token);
        }

        await call.RequestStream.CompleteAsync();
        var reply = await call;

        Assert.Equal(500, reply.Text.Length);
        Assert.Equal(124_750, reply.Count);
    }

    [Fact]
    public async Task Up_ServerRefusesEarly_WriteOrResponseFailsWithStatus()
    {
        await using var host = await ProbeHost.StartAsync();
        using var call = host.Client.Up(cancellationToken: Token);
        try
        {
            await call.RequestStream.WriteAsync(new Ask { Text = "refuse" }, Token);
        }
        catch (RpcException early)
        {
            // The refusal can arrive while the message that it answers is still being flushed.
            Assert.Equal(StatusCode.FailedPrecondition, early.StatusCode);
        }

        var failure = await Assert.ThrowsAsync<RpcException>(async () => await call.ResponseAsync.WaitAsync(Limit, Token));

        Assert.Equal(StatusCode.FailedPrecondition, failure.StatusCode);
        var late = await Assert.ThrowsAsync<RpcException>(() => call.RequestStream.WriteAsync(new Ask(), Token));
        Assert.Equal(StatusCode.FailedPrecondition, late.StatusCode);
    }

    [Fact]
    public async Task Both_PingPong_AlternatesOverOneCall()
    {
        await using var host = await ProbeHost.StartAsync();
        using var call = host.Client.Both(cancellationToken: Token);
        for (var i = 0; i < 100; i++)
        {
            await call.RequestStream.WriteAsync(new Ask { Count = i }, Token);
            Assert.True(await call.ResponseStream.MoveNext(Token));
            Assert.Equal(i + 1, call.ResponseStream.Current.Count);
        }

        await call.RequestStream.CompleteAsync();
        Assert.False(await call.ResponseStream.MoveNext(Token));
        Assert.Equal(StatusCode.OK, call.GetStatus().StatusCode);
    }

    [Theory]
    [InlineData(10)]
    [InlineData(70_000)]
    [InlineData(3_000_000)]
    public async Task Both_LargeMessages_ArriveWhole(int size)
    {
        await using var host = await ProbeHost.StartAsync();
        var payload = new byte[size];
        new Random(7).NextBytes(payload);
        using var call = host.Client.Both(cancellationToken: Token);
        for (var i = 0; i < 3; i++)
        {
            await call.RequestStream.WriteAsync(new Ask { Payload = ByteString.CopyFrom(payload) }, Token);
            Assert.True(await call.ResponseStream.MoveNext(Token));
            Assert.True(payload.AsSpan().SequenceEqual(call.ResponseStream.Current.Payload.Span));
        }
    }

    [Fact]
    public async Task One_Refused_StatusMessageAndTrailersArrive()
    {
        await using var host = await ProbeHost.StartAsync();

        var failure = await Assert.ThrowsAsync<RpcException>(async () => await host.Client.OneAsync(new Ask { Text = "fail" }, cancellationToken: Token));

        Assert.Equal(StatusCode.NotFound, failure.StatusCode);
        Assert.Equal("no «such» thing 100 %\n€", failure.Status.Detail);
        Assert.Equal("missing", failure.Trailers.GetValue("why"));
        Assert.Equal([0, 1, 254, 255], failure.Trailers.GetValueBytes("raw-bin")!);
    }

    [Fact]
    public async Task One_RichError_DetailsArrive()
    {
        await using var host = await ProbeHost.StartAsync();

        var failure = await Assert.ThrowsAsync<RpcException>(async () => await host.Client.OneAsync(new Ask { Text = "rich" }, cancellationToken: Token));

        var status = failure.GetRpcStatus();
        Assert.NotNull(status);
        Assert.Equal((int)StatusCode.InvalidArgument, status.Code);
        Assert.Equal("text", Assert.Single(status.Details).Unpack<Google.Rpc.BadRequest>().FieldViolations.Single().Field);
        Assert.Equal(StatusCode.InvalidArgument, failure.StatusCode);
    }

    [Theory]
    [InlineData(null, "Exception was thrown by handler.")]
    [InlineData(true, "Exception was thrown by handler. InvalidOperationException: secret inside")]
    public async Task One_HandlerCrashes_DetailOnlyWhenEnabled(bool? detailed, string expected)
    {
        await using var host = await ProbeHost.StartAsync(options => options.EnableDetailedErrors = detailed);

        var failure = await Assert.ThrowsAsync<RpcException>(async () => await host.Client.OneAsync(new Ask { Text = "crash" }, cancellationToken: Token));

        Assert.Equal(new Status(StatusCode.Unknown, expected), failure.Status);
    }

    [Fact]
    public async Task One_HandlerSetsStatus_IsThrown()
    {
        await using var host = await ProbeHost.StartAsync();

        var failure = await Assert.ThrowsAsync<RpcException>(async () => await host.Client.OneAsync(new Ask { Text = "status" }, cancellationToken: Token));

        Assert.Equal(new Status(StatusCode.Aborted, "by status"), failure.Status);
    }

    [Fact]
    public async Task One_HandlerReturnsNull_IsCancelled()
    {
        await using var host = await ProbeHost.StartAsync();

        var failure = await Assert.ThrowsAsync<RpcException>(async () => await host.Client.OneAsync(new Ask { Text = "null" }, cancellationToken: Token));

        Assert.Equal(StatusCode.Cancelled, failure.StatusCode);
    }

    [Fact]
    public async Task Missing_NotOverridden_IsUnimplemented()
    {
        await using var host = await ProbeHost.StartAsync();

        var failure = await Assert.ThrowsAsync<RpcException>(async () => await host.Client.MissingAsync(new Ask(), cancellationToken: Token));

        Assert.Equal(StatusCode.Unimplemented, failure.StatusCode);
    }

    [Theory]
    [InlineData("grpc.tests.Probe", "Nothing", "Method is unimplemented.")]
    [InlineData("grpc.tests.Nobody", "One", "Service is unimplemented.")]
    public async Task Call_OfUnknownName_IsUnimplemented(string service, string name, string detail)
    {
        await using var host = await ProbeHost.StartAsync();
        var method = new Method<string, string>(MethodType.Unary, service, name, Marshallers.StringMarshaller, Marshallers.StringMarshaller);

        var failure = await Assert.ThrowsAsync<RpcException>(async () => await host.Channel.CreateCallInvoker().AsyncUnaryCall(method, null, default, "x").ResponseAsync.WaitAsync(Limit, Token));

        Assert.Equal(new Status(StatusCode.Unimplemented, detail), failure.Status);
    }

    [Fact]
    public async Task Metadata_TextAndBinary_TravelBothWays()
    {
        await using var host = await ProbeHost.StartAsync();
        var headers = new Metadata { { "X-Text", "value" }, { "x-twice", "1" }, { "x-twice", "2" }, { "x-raw-bin", [0, 200, 255, 10] }, { "x-empty-bin", [] } };
        using var call = host.Client.OneAsync(new Ask { Text = "metadata" }, headers, cancellationToken: Token);

        var received = await call.ResponseHeadersAsync;
        await call;

        foreach (var (entries, prefix) in new[] { (received, ""), (call.GetTrailers(), "t-") })
        {
            Assert.Equal("value", entries.GetValue(prefix + "x-text"));
            // HTTP clients may join the values of a repeated header.
            Assert.Equal(["1", "2"], entries.GetAll(prefix + "x-twice").SelectMany(entry => entry.Value.Split(", ")));
            Assert.Equal([0, 200, 255, 10], entries.GetValueBytes(prefix + "x-raw-bin")!);
            Assert.Equal([], entries.GetValueBytes(prefix + "x-empty-bin")!);
        }
    }

    [Fact]
    public async Task Call_NobodyListens_IsUnavailable()
    {
        using var channel = GrpcChannel.ForAddress("http://127.0.0.1:1");

        var failure = await Assert.ThrowsAsync<RpcException>(async () => await new Probe.ProbeClient(channel).OneAsync(new Ask(), cancellationToken: Token));

        Assert.Equal(StatusCode.Unavailable, failure.StatusCode);
    }
}
