using System.Net;
using System.Text;
using Grpc.Core;
using Grpc.Net.Client;
using OpenTelemetry.Trace;
using Xunit;

namespace OpenTelemetry.Tests;

/// <summary>The instrumentation with the client that is compiled beside it.</summary>
public sealed class GrpcClientSpanTests
{
    private static readonly Marshaller<string> Text = Marshallers.Create(Encoding.UTF8.GetBytes, Encoding.UTF8.GetString);

    private static readonly Method<string, string> Get = new(MethodType.Unary, "shop.Orders", "Get", Text, Text);

    [Fact]
    public async Task Call_Refused_IsASpanWithTheStatus()
    {
        var recording = new Recording();
        using var provider = Sdk.CreateTracerProviderBuilder().AddGrpcClientInstrumentation().AddRecording(recording).Build();
        using var channel = GrpcChannel.ForAddress("http://orders:8080", new GrpcChannelOptions { HttpHandler = new Refusing() });

        var error = await Assert.ThrowsAsync<RpcException>(async () => await channel.CreateCallInvoker()
            .AsyncUnaryCall(Get, host: null, new CallOptions(cancellationToken: TestContext.Current.CancellationToken), "17"));

        Assert.Equal(Grpc.Core.StatusCode.NotFound, error.StatusCode);
        var span = await recording.SpanAsync(span => span.Source.Name == "Grpc.Net.Client", TestContext.Current.CancellationToken);
        Assert.Equal("shop.Orders/Get", span.DisplayName);
        Assert.Equal("NOT_FOUND", span.GetTagItem("rpc.response.status_code"));
        Assert.Equal(("orders", 8080), (span.GetTagItem("server.address"), span.GetTagItem("server.port")));
        Assert.Equal(System.Diagnostics.ActivityStatusCode.Error, span.Status);
    }

    private sealed class Refusing : HttpMessageHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            var response = new HttpResponseMessage(HttpStatusCode.OK) { Version = HttpVersion.Version20, RequestMessage = request, Content = new ByteArrayContent([]) };
            response.Content.Headers.ContentType = new("application/grpc");
            response.Headers.Add("grpc-status", "5");
            response.Headers.Add("grpc-message", "no such order");
            return Task.FromResult(response);
        }
    }
}
