using System.Diagnostics;
using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using OpenTelemetry.Instrumentation.AspNetCore;
using OpenTelemetry.Instrumentation.Http;
using OpenTelemetry.Trace;
using Xunit;

namespace OpenTelemetry.Tests;

public sealed class RequestSpanTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task IncomingRequest_Span_HasTheAttributesOfTheConventions()
    {
        var recording = new Recording();
        await using var app = await StartAsync(recording);
        using var client = new HttpClient();
        client.DefaultRequestHeaders.UserAgent.ParseAdd("tests/1.0");

        using var response = await client.GetAsync(new Uri(app.Urls.First() + "/orders/17?customer=Delta&debug"), Cancellation);

        var span = await recording.SpanAsync(IsServer, Cancellation);
        Assert.Equal("GET /orders/{id}", span.DisplayName);
        Assert.Equal("GET", span.GetTagItem("http.request.method"));
        Assert.Equal("http", span.GetTagItem("url.scheme"));
        Assert.Equal("/orders/17", span.GetTagItem("url.path"));
        Assert.Equal("?customer=Redacted&debug", span.GetTagItem("url.query"));
        Assert.Equal("127.0.0.1", span.GetTagItem("server.address"));
        Assert.Equal(new Uri(app.Urls.First()).Port, span.GetTagItem("server.port"));
        Assert.Equal("1.1", span.GetTagItem("network.protocol.version"));
        Assert.Equal("tests/1.0", span.GetTagItem("user_agent.original"));
        Assert.Equal("/orders/{id}", span.GetTagItem("http.route"));
        Assert.Equal(200, span.GetTagItem("http.response.status_code"));
        Assert.Equal(ActivityStatusCode.Unset, span.Status);
    }

    [Theory]
    [InlineData("/missing", 404, ActivityStatusCode.Unset)]
    [InlineData("/unavailable", 503, ActivityStatusCode.Error)]
    public async Task IncomingRequest_Status_IsAnErrorFrom500(string path, int status, ActivityStatusCode expected)
    {
        var recording = new Recording();
        await using var app = await StartAsync(recording);
        using var client = new HttpClient();

        using var response = await client.GetAsync(new Uri(app.Urls.First() + path), Cancellation);

        var span = await recording.SpanAsync(IsServer, Cancellation);
        Assert.Equal(status, span.GetTagItem("http.response.status_code"));
        Assert.Equal(expected, span.Status);
    }

    [Fact]
    public async Task IncomingRequest_UnhandledException_IsRecorded()
    {
        var recording = new Recording();
        Exception? seen = null;
        await using var app = await StartAsync(recording, options =>
        {
            options.RecordException = true;
            options.EnrichWithException = (_, exception) => seen = exception;
        });
        using var client = new HttpClient();

        using var response = await client.GetAsync(new Uri(app.Urls.First() + "/crash"), Cancellation);

        var span = await recording.SpanAsync(IsServer, Cancellation);
        Assert.Equal(HttpStatusCode.InternalServerError, response.StatusCode);
        Assert.Equal(ActivityStatusCode.Error, span.Status);
        Assert.Equal("System.InvalidOperationException", span.GetTagItem("error.type"));
        Assert.Equal("exception", Assert.Single(span.Events).Name);
        Assert.Equal("out of stock", seen?.Message);
    }

    [Fact]
    public async Task IncomingRequest_UnknownMethod_IsOther()
    {
        var recording = new Recording();
        await using var app = await StartAsync(recording);
        using var client = new HttpClient();
        using var request = new HttpRequestMessage(new HttpMethod("BREW"), new Uri(app.Urls.First() + "/nowhere"));

        using var response = await client.SendAsync(request, Cancellation);

        var span = await recording.SpanAsync(IsServer, Cancellation);
        Assert.Equal(("_OTHER", "BREW", "HTTP"), (span.GetTagItem("http.request.method"), span.GetTagItem("http.request.method_original"), span.DisplayName));
    }

    [Fact]
    public async Task IncomingRequest_FilterRefusesOrFails_IsNotRecorded()
    {
        var recording = new Recording();
        await using var app = await StartAsync(recording, options => options.Filter = context => context.Request.Path.Value switch
        {
            "/orders/1" => false,
            "/orders/2" => throw new InvalidOperationException("a bug of the filter"),
            _ => true,
        });
        using var client = new HttpClient();

        foreach (var order in (int[])[1, 2, 3])
        {
            using var response = await client.GetAsync(new Uri($"{app.Urls.First()}/orders/{order}"), Cancellation);
            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        }

        await recording.SpanAsync(span => span.GetTagItem("url.path") is "/orders/3", Cancellation);
        Assert.DoesNotContain(recording.Ended, span => IsServer(span) && span.GetTagItem("url.path") is not "/orders/3");
    }

    [Fact]
    public async Task IncomingRequest_Enrichment_IsAppliedAndItsFailureHarmless()
    {
        var recording = new Recording();
        await using var app = await StartAsync(recording, options =>
        {
            options.EnrichWithHttpRequest = (span, request) => span.SetTag("host", request.Host.Host);
            options.EnrichWithHttpResponse = (_, _) => throw new InvalidOperationException("a bug of the application");
        });
        using var client = new HttpClient();

        using var response = await client.GetAsync(new Uri(app.Urls.First() + "/orders/1"), Cancellation);

        var span = await recording.SpanAsync(IsServer, Cancellation);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal("127.0.0.1", span.GetTagItem("host"));
        Assert.Equal("enrich failed", Assert.Single(span.Events).Name);
    }

    [Fact]
    public async Task OutgoingRequest_Span_IsTheParentOfTheServers()
    {
        var recording = new Recording();
        await using var app = await StartAsync(recording);
        using var client = new HttpClient();

        using var response = await client.GetAsync(new Uri(app.Urls.First() + "/orders/1"), Cancellation);

        var server = await recording.SpanAsync(IsServer, Cancellation);
        var outgoing = await recording.SpanAsync(IsClient, Cancellation);
        Assert.Equal((outgoing.TraceId, outgoing.SpanId), (server.TraceId, server.ParentSpanId));
        Assert.Equal("GET", outgoing.GetTagItem("http.request.method"));
        Assert.Equal(200, outgoing.GetTagItem("http.response.status_code"));
    }

    [Fact]
    public async Task OutgoingRequest_Options_FilterAndEnrich()
    {
        var recording = new Recording();
        await using var app = await StartAsync(recording, http: options =>
        {
            options.FilterHttpRequestMessage = request => request.RequestUri!.AbsolutePath != "/orders/1";
            options.EnrichWithHttpRequestMessage = (span, request) => span.SetTag("request", request.Method.Method);
            options.EnrichWithHttpResponseMessage = (span, response) => span.SetTag("response", (int)response.StatusCode);
        });
        using var client = new HttpClient();

        using var first = await client.GetAsync(new Uri(app.Urls.First() + "/orders/1"), Cancellation);
        using var second = await client.GetAsync(new Uri(app.Urls.First() + "/orders/2"), Cancellation);

        var span = Assert.Single(recording.Ended, IsClient);
        Assert.Equal(("GET", 200), (span.GetTagItem("request"), span.GetTagItem("response")));
    }

    [Fact]
    public async Task OutgoingRequest_Failure_IsRecorded()
    {
        var recording = new Recording();
        Exception? seen = null;
        using var provider = Sdk.CreateTracerProviderBuilder()
            .AddHttpClientInstrumentation(options =>
            {
                options.RecordException = true;
                options.EnrichWithException = (_, exception) => seen = exception;
            })
            .AddRecording(recording)
            .Build();
        using var client = new HttpClient();

        var error = await Assert.ThrowsAsync<HttpRequestException>(() => client.GetAsync(new Uri("http://127.0.0.1:1/"), Cancellation));

        var span = Assert.Single(recording.Ended, IsClient);
        Assert.Same(error, seen);
        Assert.Equal(ActivityStatusCode.Error, span.Status);
        Assert.Contains(span.Events, entry => entry.Name == "exception");
    }

    [Fact]
    public async Task Dispose_Provider_EndsTheRecording()
    {
        var recording = new Recording();
        await using var app = await StartAsync(recording);
        app.Services.GetRequiredService<TracerProvider>().Dispose();
        using var client = new HttpClient();

        using var response = await client.GetAsync(new Uri(app.Urls.First() + "/orders/1"), Cancellation);

        Assert.Empty(recording.Ended);
    }

    private static bool IsServer(Activity span) => span.Kind == ActivityKind.Server;

    private static bool IsClient(Activity span) => span.Kind == ActivityKind.Client;

    private static async Task<WebApplication> StartAsync(
        Recording recording,
        Action<AspNetCoreTraceInstrumentationOptions>? incoming = null,
        Action<HttpClientTraceInstrumentationOptions>? http = null)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Services.AddOpenTelemetry()
            .WithTracing(tracing => tracing.AddAspNetCoreInstrumentation(incoming).AddHttpClientInstrumentation(http).AddRecording(recording));
        var app = builder.Build();
        app.MapGet("/orders/{id}", (int id) => id);
        app.MapGet("/unavailable", () => Results.StatusCode(503));
        app.MapGet("/crash", string () => throw new InvalidOperationException("out of stock"));
        await app.StartAsync(Cancellation);
        return app;
    }
}
