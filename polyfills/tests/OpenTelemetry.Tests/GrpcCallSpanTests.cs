using System.Diagnostics;
using System.Net;
using OpenTelemetry.Trace;
using Xunit;

namespace OpenTelemetry.Tests;

/// <summary>The client's side is played here, as the gRPC client announces its calls: start, tags, stop.</summary>
public sealed class GrpcCallSpanTests
{
    private const string Operation = "Grpc.Net.Client.GrpcOut";
    private static readonly ActivitySource Source = new("Grpc.Net.Client");
    private static readonly DiagnosticListener Listener = new("Grpc.Net.Client");

    [Theory]
    [InlineData("0", "OK", ActivityStatusCode.Unset, null)]
    [InlineData("5", "NOT_FOUND", ActivityStatusCode.Error, "NOT_FOUND")]
    [InlineData("14", "UNAVAILABLE", ActivityStatusCode.Error, "UNAVAILABLE")]
    [InlineData("99", "99", ActivityStatusCode.Error, "99")]
    public void Call_Status_BecomesTheAttributesOfTheConventions(string code, string name, ActivityStatusCode status, string? error)
    {
        var recording = new Recording();
        using var provider = Sdk.CreateTracerProviderBuilder().AddGrpcClientInstrumentation().AddRecording(recording).Build();

        Call(code);

        var span = Assert.Single(recording.Ended);
        Assert.Equal("shop.Orders/Get", span.DisplayName);
        Assert.Equal("grpc", span.GetTagItem("rpc.system.name"));
        Assert.Equal("shop.Orders/Get", span.GetTagItem("rpc.method"));
        Assert.Equal(name, span.GetTagItem("rpc.response.status_code"));
        Assert.Equal(("orders", 8080), (span.GetTagItem("server.address"), span.GetTagItem("server.port")));
        Assert.Equal((status, error), (span.Status, span.GetTagItem("error.type")));
        Assert.Null(span.GetTagItem("grpc.method"));
        Assert.Null(span.GetTagItem("grpc.status_code"));
    }

    [Fact]
    public void Call_Enrichment_SeesRequestAndResponse()
    {
        var recording = new Recording();
        using var provider = Sdk.CreateTracerProviderBuilder()
            .AddGrpcClientInstrumentation(options =>
            {
                options.EnrichWithHttpRequestMessage = (span, request) => span.SetTag("request", request.Method.Method);
                options.EnrichWithHttpResponseMessage = (span, response) => span.SetTag("response", (int)response.StatusCode);
            })
            .AddRecording(recording)
            .Build();

        Call("0");

        var span = Assert.Single(recording.Ended);
        Assert.Equal(("POST", 200), (span.GetTagItem("request"), span.GetTagItem("response")));
    }

    [Theory]
    [InlineData(true, 1)]
    [InlineData(false, 2)]
    public void SuppressDownstreamInstrumentation_InnerSpan_IsLeftOut(bool suppress, int spans)
    {
        var recording = new Recording();
        using var inner = new ActivitySource("System.Net.Http.test");
        using var provider = Sdk.CreateTracerProviderBuilder()
            .AddGrpcClientInstrumentation(options => options.SuppressDownstreamInstrumentation = suppress)
            .AddSource(inner.Name)
            .AddRecording(recording)
            .Build();

        var request = Call("0", () => inner.StartActivity("inner")?.Dispose());
        inner.StartActivity("after")?.Dispose();

        Assert.Equal(spans + 1, recording.Ended.Count);
        Assert.Equal(suppress, request.Headers.Contains("traceparent"));
    }

    private static HttpRequestMessage Call(string status, Action? inside = null)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, "http://orders:8080/shop.Orders/Get");
        using var response = new HttpResponseMessage(HttpStatusCode.OK);
        using var activity = Source.StartActivity(Operation);
        Assert.NotNull(activity);
        activity.SetTag("grpc.method", "/shop.Orders/Get");
        Listener.Write(Operation + ".Start", new { Request = request });
        inside?.Invoke();
        activity.SetTag("grpc.status_code", status);
        Listener.Write(Operation + ".Stop", new { Request = request, Response = response });
        return request;
    }
}
