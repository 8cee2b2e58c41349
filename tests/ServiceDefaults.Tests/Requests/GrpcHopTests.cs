using System.Diagnostics;
using Grpc.Core;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Npgsql;
using Platform.Contracts.ModelGateway.V1;

namespace Platform.ServiceDefaults.Tests.Requests;

/// <summary>Two real services: the near one calls the far one over gRPC, found by discovery.</summary>
public sealed class GrpcHopTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Call_InsideARequest_CarriesContextAndDeadline()
    {
        await using var pair = await Pair.StartAsync((_, _, accessor) => Task.FromResult(accessor.Current));
        var deadline = TimeProvider.System.GetUtcNow().AddSeconds(5);
        var sent = new RequestContext("r-1", "acme", "ann", "s-1", deadline);

        using var entered = pair.Accessor.Use(sent);
        await pair.Client.CompleteAsync(new CompletionRequest(), cancellationToken: Token);

        var received = Assert.Single(pair.Far.Seen);
        Assert.Equal(("r-1", "acme", "ann", "s-1"), (received.RequestId, received.OrganizationId, received.UserId, received.SessionId));
        Assert.NotNull(received.Deadline);
        // The wire carries the time that is left, so that the way there adds to it; by how much it is shortened, DeadlineTests tell.
        Assert.InRange(received.Deadline.Value, deadline.AddSeconds(-2), deadline.AddSeconds(2));
    }

    [Fact]
    public async Task Call_OutsideARequest_HasTheDefaultLimit()
    {
        await using var pair = await Pair.StartAsync((_, _, accessor) => Task.FromResult(accessor.Current));

        await pair.Client.CompleteAsync(new CompletionRequest(), cancellationToken: Token);

        Assert.NotNull(Assert.Single(pair.Far.Seen).Deadline);
    }

    [Fact]
    public async Task Call_DeadlinePassed_EndsAtTheDeadline()
    {
        await using var pair = await Pair.StartAsync(async (_, context, accessor) =>
        {
            await Task.Delay(Timeout.InfiniteTimeSpan, context.CancellationToken);
            return accessor.Current;
        });
        using var entered = pair.Accessor.Use(RequestContext.Background with { Deadline = TimeProvider.System.GetUtcNow().AddMilliseconds(300) });

        var error = await Assert.ThrowsAsync<RpcException>(async () => await pair.Client.CompleteAsync(new CompletionRequest(), cancellationToken: Token));

        Assert.Equal(StatusCode.DeadlineExceeded, error.StatusCode);
    }

    [Fact]
    public async Task Call_Served_IsTimedOnceByTheServiceThatServesIt()
    {
        await using var pair = await Pair.StartAsync((_, _, accessor) => Task.FromResult(accessor.Current));
        await pair.Client.CompleteAsync(new CompletionRequest(), cancellationToken: Token);
        using var plain = pair.Near.Services.GetRequiredService<IHttpClientFactory>().CreateClient();
        await plain.GetStringAsync(new Uri(pair.Service.HttpAddress, "/health/live"), Token);

        // Both services are in one process, so each shows what either of them recorded.
        var metrics = (await pair.Service.Http.GetStringAsync("/metrics", Token)).Split('\n');

        Assert.Contains(metrics, line => line.StartsWith("rpc_server_call_duration_seconds_count{", StringComparison.Ordinal) && line.Contains("ModelGatewayService/Complete", StringComparison.Ordinal));
        Assert.DoesNotContain(metrics, line => line.StartsWith("http_server_request_duration_", StringComparison.Ordinal) && line.Contains("ModelGatewayService/Complete", StringComparison.Ordinal));
        Assert.DoesNotContain(metrics, line => SentTo(line, pair.Service.GrpcAddress));
        Assert.Contains(metrics, line => SentTo(line, pair.Service.HttpAddress));
    }

    private static bool SentTo(string line, Uri address) =>
        line.StartsWith("http_client_request_duration_", StringComparison.Ordinal) && line.Contains($"server_port=\"{address.Port}\"", StringComparison.Ordinal);

    [Fact]
    public async Task Call_Served_IsOneLogLineWithTheRequestId()
    {
        await using var pair = await Pair.StartAsync((_, _, accessor) => accessor.Current.RequestId == "r-bad"
            ? throw RpcErrors.NotFound("thing", "1")
            : Task.FromResult(accessor.Current));
        using (pair.Accessor.Use(RequestContext.Background with { RequestId = "r-good" }))
        {
            await pair.Client.CompleteAsync(new CompletionRequest(), cancellationToken: Token);
        }

        using (pair.Accessor.Use(RequestContext.Background with { RequestId = "r-bad" }))
        {
            await FailAsync(pair);
        }

        Assert.Equal(
            [
                ("r-good", "/platform.modelgateway.v1.ModelGatewayService/Complete ended with OK"),
                ("r-bad", "/platform.modelgateway.v1.ModelGatewayService/Complete ended with NotFound"),
            ],
            pair.Service.Logs.InRequests.Where(l => l.Message.Contains(" ended with ", StringComparison.Ordinal)).Select(l => (l.RequestId, l.Message.Split(" after ")[0])));
    }

    [Fact]
    public async Task Call_HandlerInTrace_SharesTheCallersTrace()
    {
        await using var pair = await Pair.StartAsync((_, _, accessor) => Task.FromResult(accessor.Current));
        using var activity = new Activity("caller").Start();

        await pair.Client.CompleteAsync(new CompletionRequest(), cancellationToken: Token);

        Assert.Equal(activity.TraceId.ToHexString(), Assert.Single(pair.Far.Traces));
    }

    [Fact]
    public async Task Call_InASpan_HasOneOfItsOwnAndTheHandlersBelowIt()
    {
        var ended = new System.Collections.Concurrent.ConcurrentQueue<Activity>();
        using var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name is "Grpc.Net.Client" or "System.Net.Http",
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = ended.Enqueue,
        };
        ActivitySource.AddActivityListener(listener);
        await using var pair = await Pair.StartAsync((_, _, accessor) => Task.FromResult(accessor.Current));
        using var activity = new Activity("caller").Start();

        await pair.Client.CompleteAsync(new CompletionRequest(), cancellationToken: Token);

        var call = Assert.Single(ended, span => span.TraceId == activity.TraceId);
        Assert.Equal(("Grpc.Net.Client", activity.SpanId), (call.Source.Name, call.ParentSpanId));
        Assert.Equal(call.SpanId, Assert.Single(pair.Far.Parents));
    }

    [Fact]
    public async Task Call_Refusal_ArrivesWithItsDetails()
    {
        await using var pair = await Pair.StartAsync((_, _, _) => throw RpcErrors.InvalidArgument("messages", "must not be empty"));

        var error = await FailAsync(pair);

        Assert.Equal(StatusCode.InvalidArgument, error.StatusCode);
        var violation = Assert.Single(RichStatus.Of(error).Detail<Google.Rpc.BadRequest>()!.FieldViolations);
        Assert.Equal(("messages", "must not be empty"), (violation.Field, violation.Description));
    }

    [Fact]
    public async Task Call_Reason_GetsTheDomainOfTheService()
    {
        await using var pair = await Pair.StartAsync((_, _, _) => throw RpcErrors.FailedPrecondition("NO_PROVIDER", "No model is configured."));

        var error = await FailAsync(pair);

        Assert.Equal(("NO_PROVIDER", "servicedefaults.tests"), (RpcErrors.Reason(error), RichStatus.Of(error).Detail<Google.Rpc.ErrorInfo>()!.Domain));
    }

    [Fact]
    public async Task Call_UnexpectedException_ShowsOnlyTheRequestId()
    {
        await using var pair = await Pair.StartAsync((_, _, _) => throw new InvalidOperationException("secret internals"));
        using var entered = pair.Accessor.Use(RequestContext.Background with { RequestId = "r-9" });

        var error = await FailAsync(pair);

        Assert.Equal((StatusCode.Internal, "The request failed. Its id is r-9."), (error.StatusCode, error.Status.Detail));
        Assert.DoesNotContain("secret", error.ToString(), StringComparison.Ordinal);
        Assert.Contains(pair.Service.Logs.Lines, line => line.Level == LogLevel.Error && line.Category.EndsWith(nameof(ErrorMappingInterceptor), StringComparison.Ordinal));
    }

    [Fact]
    public async Task Call_DatabaseAway_IsUnavailable()
    {
        await using var pair = await Pair.StartAsync((_, _, _) => throw new NpgsqlException("10.0.0.7", new IOException("refused")));

        var error = await FailAsync(pair);

        Assert.Equal((StatusCode.Unavailable, "CONNECTION_ERROR"), (error.StatusCode, RpcErrors.Reason(error)));
        Assert.DoesNotContain("10.0.0.7", error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Call_DatabaseTooSlow_IsDeadlineExceeded()
    {
        await using var pair = await Pair.StartAsync((_, _, _) => throw new NpgsqlException("reading", new TimeoutException()));

        Assert.Equal(StatusCode.DeadlineExceeded, (await FailAsync(pair)).StatusCode);
    }

    [Fact]
    public async Task Call_CalleeOfTheCalleeFailed_KeepsTheClassWithoutItsWords()
    {
        await using var pair = await Pair.StartAsync((_, _, _) => throw new RpcException(new Status(StatusCode.Unavailable, "127.0.0.1:5999 refused")));

        var error = await FailAsync(pair);

        Assert.Equal((StatusCode.Unavailable, "A part of the platform is not available."), (error.StatusCode, error.Status.Detail));
    }

    [Fact]
    public async Task Call_ServiceGone_IsUnavailableForWritesAndReads()
    {
        await using var pair = await Pair.StartAsync((_, _, accessor) => Task.FromResult(accessor.Current), GrpcRetry.Reads("ListProviders"));
        await pair.Service.DisposeAsync();

        var write = await FailAsync(pair);
        var read = await Assert.ThrowsAsync<RpcException>(async () => await pair.Client.ListProvidersAsync(new ListProvidersRequest(), cancellationToken: Token));

        Assert.Equal((StatusCode.Unavailable, ExternalErrorClass.ConnectionError), (write.StatusCode, ExternalErrors.Classify(write)));
        Assert.Equal(StatusCode.Unavailable, read.StatusCode);
    }

    [Fact]
    public async Task Call_ServiceGoneForMany_BreakerAnswersAtOnceAsUnavailable()
    {
        await using var pair = await Pair.StartAsync((_, _, accessor) => Task.FromResult(accessor.Current));
        await pair.Service.DisposeAsync();

        for (var call = 0; call < 30; call++)
        {
            Assert.Equal(StatusCode.Unavailable, (await FailAsync(pair)).StatusCode);
        }

        Assert.Contains("failed repeatedly", (await FailAsync(pair)).Status.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Health_GrpcProtocol_SaysServing()
    {
        await using var pair = await Pair.StartAsync((_, _, accessor) => Task.FromResult(accessor.Current));
        using var channel = Grpc.Net.Client.GrpcChannel.ForAddress(pair.Service.GrpcAddress);

        var reply = await new Grpc.Health.V1.Health.HealthClient(channel).CheckAsync(new Grpc.Health.V1.HealthCheckRequest(), cancellationToken: Token);

        Assert.Equal(Grpc.Health.V1.HealthCheckResponse.Types.ServingStatus.Serving, reply.Status);
    }

    private static async Task<RpcException> FailAsync(Pair pair) =>
        await Assert.ThrowsAsync<RpcException>(async () => await pair.Client.CompleteAsync(new CompletionRequest(), cancellationToken: Token));

    private delegate Task<RequestContext> Handle(CompletionRequest request, ServerCallContext context, IRequestContextAccessor accessor);

    private sealed class Pair(RunningService service, RunningService near, FarService far, ConfigurationFolder folder) : IAsyncDisposable
    {
        internal RunningService Service => service;

        internal RunningService Near => near;

        internal FarService Far => far;

        internal IRequestContextAccessor Accessor => near.Services.GetRequiredService<IRequestContextAccessor>();

        internal ModelGatewayService.ModelGatewayServiceClient Client => near.Services.GetRequiredService<ModelGatewayService.ModelGatewayServiceClient>();

        internal static async Task<Pair> StartAsync(Handle handle, GrpcRetry? retry = null)
        {
            var folder = new ConfigurationFolder();
            var farBuilder = RunningService.Builder(folder);
            farBuilder.Services.AddSingleton(handle);
            farBuilder.Services.AddSingleton<FarService>();
            var service = await RunningService.StartAsync(farBuilder, app => app.MapGrpcService<FarService>(), Token);

            var nearBuilder = RunningService.Builder(folder, ("services:far:grpc:0", service.GrpcAddress.ToString()));
            nearBuilder.AddPlatformGrpcClient<ModelGatewayService.ModelGatewayServiceClient>("far", retry);
            var near = await RunningService.StartAsync(nearBuilder, cancellationToken: Token);
            return new Pair(service, near, service.Services.GetRequiredService<FarService>(), folder);
        }

        public async ValueTask DisposeAsync()
        {
            await near.DisposeAsync();
            await service.DisposeAsync();
            folder.Dispose();
        }
    }

    private sealed class FarService(Handle handle, IRequestContextAccessor accessor) : ModelGatewayService.ModelGatewayServiceBase
    {
        internal List<RequestContext> Seen { get; } = [];

        internal List<string> Traces { get; } = [];

        internal List<ActivitySpanId> Parents { get; } = [];

        public override async Task<CompletionResponse> Complete(CompletionRequest request, ServerCallContext context)
        {
            Seen.Add(await handle(request, context, accessor));
            Traces.Add(Activity.Current?.TraceId.ToHexString() ?? "");
            Parents.Add(Activity.Current?.ParentSpanId ?? default);
            return new CompletionResponse();
        }
    }
}
