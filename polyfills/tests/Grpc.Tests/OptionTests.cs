using System.Net;
using Google.Protobuf;
using Grpc.Core;
using Grpc.Core.Interceptors;
using Grpc.Health.V1;
using Grpc.Net.Client;
using Grpc.Net.ClientFactory;
using Grpc.Net.Wire;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Grpc.Tests;

/// <summary>Sizes, compression, interceptors, the client factory, health, and answers that are no gRPC.</summary>
public sealed class OptionTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private static ByteString Zeros(int count) => ByteString.CopyFrom(new byte[count]);

    [Fact]
    public async Task Sizes_OverAnyLimit_AreResourceExhausted()
    {
        await using var host = await ProbeHost.StartAsync(options => options.MaxSendMessageSize = 5_000_000);
        using var small = GrpcChannel.ForAddress(host.Address, new GrpcChannelOptions { MaxSendMessageSize = 1000, MaxReceiveMessageSize = 6_000_000 });
        var picky = new Probe.ProbeClient(small);

        // Default of the client's receiving, default of the server's receiving, the client's sending, the server's sending.
        foreach (var call in new Func<Task>[]
        {
            async () => await host.Client.OneAsync(new Ask { Text = "large", Count = 4_200_000 }, cancellationToken: Token),
            async () => await host.Client.OneAsync(new Ask { Payload = Zeros(4_200_000) }, cancellationToken: Token),
            async () => await picky.OneAsync(new Ask { Payload = Zeros(1000) }, cancellationToken: Token),
            async () => await picky.OneAsync(new Ask { Text = "large", Count = 5_000_000 }, cancellationToken: Token),
        })
        {
            Assert.Equal(StatusCode.ResourceExhausted, (await Assert.ThrowsAsync<RpcException>(call)).StatusCode);
        }

        Assert.Equal(4_900_000, (await picky.OneAsync(new Ask { Text = "large", Count = 4_900_000 }, cancellationToken: Token)).Payload.Length);
    }

    [Fact]
    public async Task Gzip_BothWays_MessagesAreSmallOnTheWire()
    {
        await using var host = await ProbeHost.StartAsync(options => options.ResponseCompressionAlgorithm = "gzip");
        var wire = new Counting(new SocketsHttpHandler());
        using var channel = GrpcChannel.ForAddress(host.Address, new GrpcChannelOptions { HttpHandler = wire });
        var client = new Probe.ProbeClient(channel);
        var ask = new Ask { Payload = Zeros(500_000) };

        var reply = await client.OneAsync(ask, new Metadata { { "grpc-internal-encoding-request", "gzip" } }, cancellationToken: Token);

        Assert.Equal(500_000, reply.Payload.Length);
        Assert.Equal("gzip", wire.RequestEncoding);
        Assert.Equal("gzip", wire.ResponseEncoding);
        Assert.InRange(wire.RequestBody.Length, 6, 10_000);

        using var stream = client.Both(new Metadata { { "grpc-internal-encoding-request", "gzip" } }, cancellationToken: Token);
        stream.RequestStream.WriteOptions = new WriteOptions(WriteFlags.NoCompress);
        await stream.RequestStream.WriteAsync(ask, Token);
        Assert.True(await stream.ResponseStream.MoveNext(Token));
        stream.RequestStream.WriteOptions = null;
        await stream.RequestStream.WriteAsync(ask, Token);
        Assert.True(await stream.ResponseStream.MoveNext(Token));
        Assert.Equal(500_000, stream.ResponseStream.Current.Payload.Length);
    }

    [Fact]
    public async Task Gzip_EmptyMessages_AreSentUncompressed()
    {
        // An empty message that is marked as compressed cannot be decompressed; grpc-js fails with Z_BUF_ERROR.
        byte[] emptyFrame = [0, 0, 0, 0, 0];
        await using var host = await ProbeHost.StartAsync(options => options.ResponseCompressionAlgorithm = "gzip");
        using var http = new HttpClient();
        using var request = Raw(host.Address, emptyFrame);
        request.Headers.Add("grpc-accept-encoding", "identity,gzip");
        using var response = await http.SendAsync(request, Token);
        Assert.Equal("gzip", response.Headers.GetValues("grpc-encoding").Single());
        Assert.Equal(emptyFrame, await response.Content.ReadAsByteArrayAsync(Token));

        var wire = new Counting(new SocketsHttpHandler());
        using var channel = GrpcChannel.ForAddress(host.Address, new GrpcChannelOptions { HttpHandler = wire });
        var client = new Probe.ProbeClient(channel);
        Assert.Equal(new Reply(), await client.OneAsync(new Ask(), new Metadata { { "grpc-internal-encoding-request", "gzip" } }, cancellationToken: Token));
        Assert.Equal("gzip", wire.RequestEncoding);
        Assert.Equal(emptyFrame, wire.RequestBody);

        using var stream = client.Both(new Metadata { { "grpc-internal-encoding-request", "gzip" } }, cancellationToken: Token);
        await stream.RequestStream.WriteAsync(new Ask { Count = -1 }, Token);
        await stream.RequestStream.WriteAsync(new Ask(), Token);
        Assert.True(await stream.ResponseStream.MoveNext(Token));
        Assert.Equal(new Reply(), stream.ResponseStream.Current);
        Assert.True(await stream.ResponseStream.MoveNext(Token));
        Assert.Equal(new Reply { Count = 1 }, stream.ResponseStream.Current);
    }

    [Fact]
    public async Task Gzip_BombOverReceiveLimit_IsResourceExhausted()
    {
        await using var host = await ProbeHost.StartAsync();

        var failure = await Assert.ThrowsAsync<RpcException>(async () => await host.Client.OneAsync(
            new Ask { Payload = Zeros(5_000_000) }, new Metadata { { "grpc-internal-encoding-request", "gzip" } }, cancellationToken: Token));

        Assert.Equal(StatusCode.ResourceExhausted, failure.StatusCode);
    }

    [Fact]
    public async Task Encoding_UnknownToTheServer_IsUnimplementedAndNamesWhatItAccepts()
    {
        await using var host = await ProbeHost.StartAsync();
        using var http = new HttpClient();
        using var request = Raw(host.Address, [0, 0, 0, 0, 0]);
        request.Headers.Add("grpc-encoding", "snappy");

        using var response = await http.SendAsync(request, Token);

        Assert.Equal("12", response.Headers.GetValues("grpc-status").Single());
        Assert.Equal("identity,gzip,deflate", response.Headers.GetValues("grpc-accept-encoding").Single());
    }

    [Theory]
    [InlineData(new byte[] { 0, 0, 0, 0 }, "13")]
    [InlineData(new byte[] { }, "13")]
    [InlineData(new byte[] { 0, 0, 0, 0, 9, 1 }, "13")]
    [InlineData(new byte[] { 7, 0, 0, 0, 0 }, "13")]
    [InlineData(new byte[] { 1, 0, 0, 0, 0 }, "13")]
    [InlineData(new byte[] { 0, 255, 255, 255, 255 }, "8")]
    [InlineData(new byte[] { 0, 0, 0, 0, 0, 0 }, "13")]
    public async Task Request_OfBrokenFrames_IsRefused(byte[] body, string status)
    {
        await using var host = await ProbeHost.StartAsync();
        using var http = new HttpClient();
        using var request = Raw(host.Address, body);

        using var response = await http.SendAsync(request, Token);

        Assert.Equal(status, response.Headers.GetValues("grpc-status").Single());
    }

    [Fact]
    public async Task Request_NotGrpc_GetsHttpStatus()
    {
        await using var host = await ProbeHost.StartAsync(protocols: HttpProtocols.Http1);
        using var http = new HttpClient();

        using var json = await http.PostAsync(new Uri(host.Address + "/grpc.tests.Probe/One"), new StringContent("{}"), Token);
        using var unknown = await http.PostAsync(new Uri(host.Address + "/some/path"), new StringContent("{}"), Token);
        using var old = Raw(host.Address, []);
        old.Version = HttpVersion.Version11;
        using var tooOld = await http.SendAsync(old, Token);

        Assert.Equal(HttpStatusCode.UnsupportedMediaType, json.StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, unknown.StatusCode);
        Assert.Equal(HttpStatusCode.UpgradeRequired, tooOld.StatusCode);
    }

    [Fact]
    public async Task Call_OfNoMethodServedThere_IsUnimplemented()
    {
        await using var host = await ProbeHost.StartAsync(map: app => app.MapGrpcService<HealthCheck.HealthServiceImpl>().RequireHost("elsewhere.test"), services: services => services.AddSingleton<HealthCheck.HealthServiceImpl>());
        var ofOtherHost = await Assert.ThrowsAsync<RpcException>(async () => await new Health.V1.Health.HealthClient(host.Channel).CheckAsync(new HealthCheckRequest(), cancellationToken: Token));
        Assert.Equal(new Status(StatusCode.Unimplemented, "Method is unimplemented."), ofOtherHost.Status);

        foreach (var (path, detail) in new[] { ("/grpc.tests.Probe/Nothing", "Method is unimplemented."), ("/no.Service/One", "Service is unimplemented.") })
        {
            using var http = new HttpClient();
            using var request = Raw(host.Address, [0, 0, 0, 0, 0]);
            request.RequestUri = new Uri(host.Address + path);
            using var response = await http.SendAsync(request, Token);

            Assert.Equal("12", response.Headers.GetValues("grpc-status").Single());
            Assert.Equal(detail, response.Headers.GetValues("grpc-message").Single());
        }
    }

    [Theory]
    [InlineData(400, StatusCode.Internal)]
    [InlineData(401, StatusCode.Unauthenticated)]
    [InlineData(403, StatusCode.PermissionDenied)]
    [InlineData(404, StatusCode.Unimplemented)]
    [InlineData(429, StatusCode.Unavailable)]
    [InlineData(500, StatusCode.Unknown)]
    [InlineData(502, StatusCode.Unavailable)]
    [InlineData(503, StatusCode.Unavailable)]
    [InlineData(200, StatusCode.Cancelled)]
    public async Task Response_NotGrpc_IsMappedFromHttpStatus(int http, StatusCode expected)
    {
        await using var host = await ProbeHost.StartAsync(map: app => app.Use(next => context =>
        {
            context.Response.StatusCode = http;
            return context.Response.WriteAsync("<html>", context.RequestAborted);
        }));

        var failure = await Assert.ThrowsAsync<RpcException>(async () => await host.Client.OneAsync(new Ask(), cancellationToken: Token));

        Assert.Equal(expected, failure.StatusCode);
    }

    [Theory]
    [InlineData(0x7, StatusCode.Unavailable)]
    [InlineData(0x8, StatusCode.Cancelled)]
    [InlineData(0xb, StatusCode.ResourceExhausted)]
    [InlineData(0xc, StatusCode.PermissionDenied)]
    [InlineData(0x2, StatusCode.Internal)]
    public async Task Response_Reset_IsMappedFromErrorCode(int code, StatusCode expected)
    {
        await using var host = await ProbeHost.StartAsync(map: app => app.Use(next => async context =>
        {
            context.Response.ContentType = "application/grpc";
            await context.Response.StartAsync(context.RequestAborted);
            context.Features.Get<Microsoft.AspNetCore.Http.Features.IHttpResetFeature>()!.Reset(code);
        }));

        var failure = await Assert.ThrowsAsync<RpcException>(async () => await host.Client.OneAsync(new Ask(), cancellationToken: Token));

        Assert.Equal(expected, failure.StatusCode);
    }

    [Fact]
    public async Task Interceptors_OfServerAndService_RunInOrderAndMayRefuse()
    {
        await using var host = await ProbeHost.StartAsync(
            options => options.Interceptors.Add<Noting>("all"),
            services => services.AddGrpc().AddServiceOptions<ProbeService>(options => options.Interceptors.Add<Noting>("service")));

        await host.Client.OneAsync(new Ask { Text = "a" }, cancellationToken: Token);
        using var stream = host.Client.Down(new Ask { Count = 1 }, cancellationToken: Token);
        while (await stream.ResponseStream.MoveNext(Token))
        {
        }

        Assert.Equal(["all unary", "service unary", "service done", "all done", "all down", "service down"], host.Seen.Order);
        var refused = await Assert.ThrowsAsync<RpcException>(async () => await host.Client.OneAsync(new Ask(), new Metadata { { "x-refuse", "1" } }, cancellationToken: Token));
        Assert.Equal(new Status(StatusCode.PermissionDenied, "by all"), refused.Status);
    }

    [Fact]
    public async Task Intercept_ClientInterceptors_RunOutsideInAndMetadataOneAddsHeaders()
    {
        await using var host = await ProbeHost.StartAsync();
        var order = new List<string>();
        var invoker = host.Channel
            .Intercept(headers => [.. headers, new Metadata.Entry("x-added", "yes")])
            .Intercept(new Tracing("outer", order), new Tracing("inner", order));

        await new Probe.ProbeClient(invoker).OneAsync(new Ask(), cancellationToken: Token);

        Assert.Equal(["outer", "inner"], order);
        Assert.Equal("yes", host.Seen.RequestHeaders?.GetValue("x-added"));
    }

    [Fact]
    public async Task AddGrpcClient_NameOfAService_PassesHandlersInterceptorsAndCredentials()
    {
        await using var host = await ProbeHost.StartAsync();
        var order = new List<string>();
        var services = new ServiceCollection();
        services.AddGrpcClient<Probe.ProbeClient>(options => options.Address = new Uri("http://_grpc.entity-resolution"))
            .AddHttpMessageHandler(() => new Redirect(new Uri(host.Address), order))
            .AddInterceptor(() => new Tracing("channel", order))
            .AddInterceptor(InterceptorScope.Client, () => new Tracing("client", order))
            .AddCallCredentials((context, metadata) =>
            {
                metadata.Add("authorization", $"Bearer {context.MethodName}");
                return Task.CompletedTask;
            })
            .ConfigureChannel(channel => channel.UnsafeUseInsecureChannelCallCredentials = true);
        services.AddGrpcClient<Probe.ProbeClient>("other", options => options.Address = new Uri(host.Address));
        await using var provider = services.BuildServiceProvider();

        var client = provider.GetRequiredService<GrpcClientFactory>().CreateClient<Probe.ProbeClient>("ProbeClient");
        await client.OneAsync(new Ask(), cancellationToken: Token);

        Assert.Equal(["client", "channel", "http://_grpc.entity-resolution/grpc.tests.Probe/One"], order);
        Assert.Equal("Bearer One", host.Seen.RequestHeaders?.GetValue("authorization"));
        await provider.GetRequiredService<GrpcClientFactory>().CreateClient<Probe.ProbeClient>("other").OneAsync(new Ask(), cancellationToken: Token);
        Assert.Equal(3, order.Count);
        Assert.Throws<InvalidOperationException>(() => provider.GetRequiredService<GrpcClientFactory>().CreateClient<Probe.ProbeClient>("nobody"));
    }

    [Fact]
    public async Task AddGrpcClient_HandlerRetries_TheMessageIsSentAgain()
    {
        await using var host = await ProbeHost.StartAsync();
        var services = new ServiceCollection();
        var retry = new RetryOnce();
        services.AddGrpcClient<Probe.ProbeClient>(options => options.Address = new Uri(host.Address)).AddHttpMessageHandler(() => retry);
        await using var provider = services.BuildServiceProvider();

        var reply = await provider.GetRequiredService<Probe.ProbeClient>().OneAsync(new Ask { Text = "again" }, cancellationToken: Token);

        Assert.Equal("again", reply.Text);
        Assert.Equal(2, retry.Attempts);
    }

    [Fact]
    public async Task EnableCallContextPropagation_InsideACall_PassesDeadlineOn()
    {
        await using var inner = await ProbeHost.StartAsync();
        await using var outer = await ProbeHost.StartAsync(
            services: services =>
            {
                services.AddGrpc(options => options.Interceptors.Add<Forward>());
                services.AddGrpcClient<Probe.ProbeClient>(options => options.Address = new Uri(inner.Address)).EnableCallContextPropagation();
            });
        var deadline = TimeProvider.System.GetUtcNow().UtcDateTime.AddSeconds(30);

        await outer.Client.OneAsync(new Ask(), deadline: deadline, cancellationToken: Token);

        Assert.InRange((inner.Seen.Deadline - deadline).Duration(), TimeSpan.Zero, TimeSpan.FromSeconds(5));
    }

    [Theory]
    [InlineData(HealthStatus.Healthy, HealthCheckResponse.Types.ServingStatus.Serving)]
    [InlineData(HealthStatus.Degraded, HealthCheckResponse.Types.ServingStatus.Serving)]
    [InlineData(HealthStatus.Unhealthy, HealthCheckResponse.Types.ServingStatus.NotServing)]
    public async Task Health_Check_FollowsTheChecks(HealthStatus status, HealthCheckResponse.Types.ServingStatus expected)
    {
        await using var host = await ProbeHost.StartAsync(
            services: services => services.AddGrpcHealthChecks(options => options.Services.Map("only", context => context.Tags.Contains("fine")))
                .AddCheck("probe", () => new HealthCheckResult(status))
                .AddCheck("fine", () => HealthCheckResult.Healthy(), ["fine"]),
            map: app => app.MapGrpcHealthChecksService());
        var client = new Health.V1.Health.HealthClient(host.Channel);

        Assert.Equal(expected, (await client.CheckAsync(new HealthCheckRequest(), cancellationToken: Token)).Status);
        Assert.Equal(HealthCheckResponse.Types.ServingStatus.Serving, (await client.CheckAsync(new HealthCheckRequest { Service = "only" }, cancellationToken: Token)).Status);
        var unknown = await Assert.ThrowsAsync<RpcException>(async () => await client.CheckAsync(new HealthCheckRequest { Service = "nobody" }, cancellationToken: Token));
        Assert.Equal(StatusCode.NotFound, unknown.StatusCode);
    }

    [Fact]
    public async Task Health_Watch_TellsEachChange()
    {
        var service = new HealthCheck.HealthServiceImpl();
        await using var host = await ProbeHost.StartAsync(services: services => services.AddSingleton(service), map: app => app.MapGrpcService<HealthCheck.HealthServiceImpl>());
        using var watch = new Health.V1.Health.HealthClient(host.Channel).Watch(new HealthCheckRequest { Service = "a" }, cancellationToken: Token);

        Assert.True(await watch.ResponseStream.MoveNext(Token));
        Assert.Equal(HealthCheckResponse.Types.ServingStatus.ServiceUnknown, watch.ResponseStream.Current.Status);
        service.SetStatus("a", HealthCheckResponse.Types.ServingStatus.Serving);
        Assert.True(await watch.ResponseStream.MoveNext(Token));
        Assert.Equal(HealthCheckResponse.Types.ServingStatus.Serving, watch.ResponseStream.Current.Status);
    }

    [Theory]
    [InlineData(0, "1n")]
    [InlineData(1, "1u")]
    [InlineData(10_000_000, "1000000u")]
    [InlineData(3_000_000_000, "300000m")]
    [InlineData(36_000_000_000_000, "3600000S")]
    public void EncodeTimeout_Ticks_AtMostEightDigitsAndNeverEarly(long ticks, string expected)
    {
        var text = HeaderCoding.EncodeTimeout(new TimeSpan(ticks));

        Assert.Equal(expected, text);
        Assert.True(HeaderCoding.TryDecodeTimeout(text, out var back));
        Assert.True(back.Ticks >= ticks);
    }

    [Theory]
    [InlineData("")]
    [InlineData("5")]
    [InlineData("m")]
    [InlineData("-1m")]
    [InlineData("1x")]
    [InlineData("123456789m")]
    public void TryDecodeTimeout_Malformed_IsFalse(string text) => Assert.False(HeaderCoding.TryDecodeTimeout(text, out _));

    [Theory]
    [InlineData("plain text", "plain text")]
    [InlineData("100 %", "100 %25")]
    [InlineData("a\nb", "a%0Ab")]
    [InlineData("é€😀", "%C3%A9%E2%82%AC%F0%9F%98%80")]
    public void EncodeMessage_Text_IsPercentCodedAndComesBack(string message, string coded)
    {
        Assert.Equal(coded, HeaderCoding.EncodeMessage(message));
        Assert.Equal(message, HeaderCoding.DecodeMessage(coded));
    }

    [Theory]
    [InlineData("%zz ok %4", "%zz ok %4")]
    [InlineData("%", "%")]
    public void DecodeMessage_NotACode_StaysAsItIs(string coded, string message) => Assert.Equal(message, HeaderCoding.DecodeMessage(coded));

    private static HttpRequestMessage Raw(string address, byte[] body)
    {
        var content = new ByteArrayContent(body);
        content.Headers.TryAddWithoutValidation("content-type", "application/grpc");
        return new HttpRequestMessage(HttpMethod.Post, address + "/grpc.tests.Probe/One")
        {
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            Content = content,
        };
    }

    private sealed class Counting(HttpMessageHandler inner) : DelegatingHandler(inner)
    {
        public byte[] RequestBody { get; private set; } = [];

        public string? RequestEncoding { get; private set; }

        public string? ResponseEncoding { get; private set; }

        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            RequestEncoding = request.Headers.TryGetValues("grpc-encoding", out var sent) ? sent.Single() : null;
            if (request.RequestUri!.AbsolutePath.EndsWith("/One", StringComparison.Ordinal))
            {
                using var copy = new MemoryStream();
                await request.Content!.CopyToAsync(copy, cancellationToken);
                RequestBody = copy.ToArray();
            }

            var response = await base.SendAsync(request, cancellationToken);
            ResponseEncoding = response.Headers.TryGetValues("grpc-encoding", out var received) ? received.Single() : null;
            return response;
        }
    }

    private sealed class Redirect(Uri target, List<string> order) : DelegatingHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            order.Add(request.RequestUri!.ToString());
            request.RequestUri = new Uri(target, request.RequestUri.PathAndQuery);
            return base.SendAsync(request, cancellationToken);
        }
    }

    private sealed class RetryOnce : DelegatingHandler
    {
        public int Attempts { get; private set; }

        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            Attempts++;
            using (await base.SendAsync(request, cancellationToken))
            {
                Attempts++;
            }

            return await base.SendAsync(request, cancellationToken);
        }
    }

    private sealed class Noting(Seen seen, string name) : Interceptor
    {
        public override async Task<TResponse> UnaryServerHandler<TRequest, TResponse>(TRequest request, ServerCallContext context, UnaryServerMethod<TRequest, TResponse> continuation)
        {
            if (context.RequestHeaders.GetValue("x-refuse") is not null)
            {
                throw new RpcException(new Status(StatusCode.PermissionDenied, $"by {name}"));
            }

            seen.Order.Add($"{name} unary");
            var response = await base.UnaryServerHandler(request, context, continuation);
            seen.Order.Add($"{name} done");
            return response;
        }

        public override Task ServerStreamingServerHandler<TRequest, TResponse>(TRequest request, IServerStreamWriter<TResponse> responseStream, ServerCallContext context, ServerStreamingServerMethod<TRequest, TResponse> continuation)
        {
            seen.Order.Add($"{name} down");
            return base.ServerStreamingServerHandler(request, responseStream, context, continuation);
        }
    }

    private sealed class Tracing(string name, List<string> order) : Interceptor
    {
        public override AsyncUnaryCall<TResponse> AsyncUnaryCall<TRequest, TResponse>(TRequest request, ClientInterceptorContext<TRequest, TResponse> context, AsyncUnaryCallContinuation<TRequest, TResponse> continuation)
        {
            order.Add(name);
            return continuation(request, context);
        }
    }

    private sealed class Forward(Probe.ProbeClient next) : Interceptor
    {
        public override async Task<TResponse> UnaryServerHandler<TRequest, TResponse>(TRequest request, ServerCallContext context, UnaryServerMethod<TRequest, TResponse> continuation)
        {
            await next.OneAsync(new Ask(), cancellationToken: context.CancellationToken);
            return await continuation(request, context);
        }
    }
}
