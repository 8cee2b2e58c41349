using System.Net.Sockets;
using Grpc.Core;
using Grpc.Core.Interceptors;

namespace Platform.ServiceDefaults.Tests.Resilience;

public sealed class RetryInterceptorTests
{
    private static readonly Marshaller<string> Text = Marshallers.Create(
        text => System.Text.Encoding.UTF8.GetBytes(text), bytes => System.Text.Encoding.UTF8.GetString(bytes));

    private static readonly Status Unanswered = new(StatusCode.Unavailable, "", new HttpRequestException("refused", new SocketException((int)SocketError.ConnectionRefused)));

    [Fact]
    public async Task Call_ReadUnanswered_IsRepeatedOnce()
    {
        var server = new Script(Unanswered, Status.DefaultSuccess);

        Assert.Equal("answer", await server.CallAsync("Read"));
        Assert.Equal(2, server.Attempts);
    }

    [Fact]
    public async Task Call_ReadUnansweredTwice_GivesUp()
    {
        var server = new Script(Unanswered, Unanswered, Status.DefaultSuccess);

        Assert.Equal(StatusCode.Unavailable, (await Assert.ThrowsAsync<RpcException>(() => server.CallAsync("Read"))).StatusCode);
        Assert.Equal(2, server.Attempts);
    }

    [Fact]
    public async Task Call_WriteUnanswered_IsNotRepeated()
    {
        var server = new Script(Unanswered, Status.DefaultSuccess);

        await Assert.ThrowsAsync<RpcException>(() => server.CallAsync("Write"));
        Assert.Equal(1, server.Attempts);
    }

    [Theory]
    [InlineData(StatusCode.Unavailable)]
    [InlineData(StatusCode.DeadlineExceeded)]
    [InlineData(StatusCode.Internal)]
    public async Task Call_StatusThatTheServiceSent_IsFinal(StatusCode code)
    {
        var server = new Script(new Status(code, "sent"), Status.DefaultSuccess);

        await Assert.ThrowsAsync<RpcException>(() => server.CallAsync("Read"));
        Assert.Equal(1, server.Attempts);
    }

    [Fact]
    public async Task Call_Outage_AttemptsPerCallStayUnderOnePointTwo()
    {
        var server = new Script([.. Enumerable.Repeat(Unanswered, 400)]);

        for (var call = 0; call < 100; call++)
        {
            await Assert.ThrowsAsync<RpcException>(() => server.CallAsync("Read"));
        }

        Assert.InRange(server.Attempts, 100, 120);
    }

    private sealed class Script(params Status[] outcomes)
    {
        private readonly RetryInterceptor _interceptor =
            new(GrpcRetry.Reads("Read") with { Delay = TimeSpan.FromMilliseconds(1) }, new RetryBudget(), TimeProvider.System);

        internal int Attempts { get; private set; }

        internal async Task<string> CallAsync(string method)
        {
            var context = new ClientInterceptorContext<string, string>(
                new Method<string, string>(MethodType.Unary, "Sample", method, Text, Text), null, new CallOptions());
            using var call = _interceptor.AsyncUnaryCall("question", context, (_, _) => Answer());
            return await call.ResponseAsync;
        }

        private AsyncUnaryCall<string> Answer()
        {
            var status = outcomes[Attempts++];
            var response = status.StatusCode == StatusCode.OK ? Task.FromResult("answer") : Task.FromException<string>(new RpcException(status));
            return new AsyncUnaryCall<string>(response, Task.FromResult(new Metadata()), () => status, () => [], () => { });
        }
    }
}
