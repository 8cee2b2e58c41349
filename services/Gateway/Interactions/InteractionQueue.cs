using System.Diagnostics;
using System.Threading.Channels;
using Google.Protobuf;
using Grpc.Core;
using Platform.Contracts.Memory.V1;
using Platform.Gateway.Degradation;
using Platform.Gateway.Telemetry;
using Platform.ServiceDefaults;
using StackExchange.Redis;

namespace Platform.Gateway.Interactions;

/// <summary>
/// Hands answered questions on to Memory (A5): over the Redis stream, which outlives this process; while Redis is away,
/// by direct calls that are repeated until they succeed. Memory handles repeats, so each has one effect.
/// </summary>
internal sealed partial class InteractionQueue(
    IConnectionMultiplexer redis,
    MemoryService.MemoryServiceClient memory,
    IRequestContextAccessor accessor,
    TimeProvider time,
    GatewayMetrics metrics,
    ILogger<InteractionQueue> logger) : BackgroundService
{
    /// <summary>The stream that Memory reads.</summary>
    public const string Stream = "platform:interactions";

    private const int StreamLength = 100_000;

    /// <summary>How long a follow-up can tell that the turn before it is still to be recorded.</summary>
    private static readonly TimeSpan Unrecorded = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan PublishTimeout = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan PublishPause = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan CallTimeout = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(5);

    private static readonly KeyValuePair<string, object?>[] Messaging =
    [
        new("messaging.system", "redis"),
        new("messaging.operation.type", "send"),
        new("messaging.operation.name", "send"),
        new("messaging.destination.name", Stream),
    ];

    // Bounded: an hour of both Redis and Memory away must not exhaust the gateway.
    private readonly Channel<(Interaction Interaction, ActivityContext Request)> waiting = Channel.CreateBounded<(Interaction, ActivityContext)>(
        new BoundedChannelOptions(10_000) { FullMode = BoundedChannelFullMode.DropOldest, SingleReader = true });

    private readonly CoolDown coolDown = new(time);

    /// <summary>Request id of the turn that a session has last queued; Memory's LastTurns reads it.</summary>
    public static RedisKey LastTurnKey(string organization, string session) => $"{Stream}:last:{organization}:{session}";

    /// <summary>Never fails and never takes longer than the publish limit.</summary>
    public async ValueTask EnqueueAsync(Interaction interaction, CancellationToken cancellationToken)
    {
        if (await PublishAsync(interaction, cancellationToken))
        {
            metrics.InteractionQueued("stream");
            return;
        }

        metrics.InteractionQueued("memory");
        waiting.Writer.TryWrite((interaction, Activity.Current?.Context ?? default));
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await foreach ((Interaction interaction, ActivityContext request) in waiting.Reader.ReadAllAsync(stoppingToken))
        {
            using Activity? activity = GatewayTelemetry.Source.StartActivity("hand on interaction", ActivityKind.Internal, request);
            TimeSpan pause = TimeSpan.FromMilliseconds(100);
            while (!await PublishAsync(interaction, stoppingToken) && !await RecordAsync(interaction, stoppingToken))
            {
                await Task.Delay(pause, time, stoppingToken);
                pause = pause * 2 < LongestPause ? pause * 2 : LongestPause;
            }
        }
    }

    private async Task<bool> PublishAsync(Interaction interaction, CancellationToken cancellationToken)
    {
        if (!redis.IsConnected || !coolDown.IsOver)
        {
            return false;
        }

        using Activity? activity = GatewayTelemetry.Source.StartActivity($"send {Stream}", ActivityKind.Producer, default(ActivityContext), Messaging);
        try
        {
            IDatabase database = redis.GetDatabase();

            // Sent one behind the other: whoever reads the turn can already know of it.
            Task known = interaction.SessionId.Length > 0
                ? database.StringSetAsync(LastTurnKey(interaction.OrganizationId, interaction.SessionId), interaction.RequestId, Unrecorded)
                : Task.CompletedTask;
            Task queued = database.ExecuteAsync(
                "XADD", (RedisKey)Stream, "MAXLEN", "~", StreamLength, "*",
                "organization", interaction.OrganizationId, "data", interaction.ToByteArray(), "traceparent", Activity.Current?.Id ?? "");
            await Task.WhenAll(known, queued).WaitAsync(PublishTimeout, time, cancellationToken);
            return true;
        }
        catch (Exception failure) when (failure is RedisException or TimeoutException)
        {
            activity?.SetStatus(ActivityStatusCode.Error, failure.GetType().Name);
            coolDown.Start(PublishPause);
            Log.StreamAway(logger, failure.GetType().Name);
            return false;
        }
    }

    private async Task<bool> RecordAsync(Interaction interaction, CancellationToken cancellationToken)
    {
        // As the request that was answered: this work belongs to its organization and user, not to the gateway.
        using IDisposable scope = accessor.Enter(
            new RequestContext(interaction.RequestId, interaction.OrganizationId, interaction.UserId, interaction.SessionId, null), logger);
        try
        {
            await memory.RecordInteractionAsync(
                interaction, deadline: time.GetUtcNow().UtcDateTime + CallTimeout, cancellationToken: cancellationToken);
            return true;
        }
        catch (RpcException refusal) when (refusal.StatusCode is StatusCode.InvalidArgument)
        {
            Log.Refused(logger, interaction.RequestId, refusal.Status.Detail);
            return true;
        }
        catch (RpcException failure) when (!cancellationToken.IsCancellationRequested)
        {
            Log.MemoryAway(logger, failure.StatusCode);
            return false;
        }
        catch (RpcException failure)
        {
            // The gateway stops. As an RpcException it would be reported as a crash.
            throw new OperationCanceledException("The gateway stops.", failure, cancellationToken);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Warning, "The interaction stream cannot be reached ({Error}); interactions go to Memory directly", EventName = "InteractionStreamAway")]
        public static partial void StreamAway(ILogger logger, string error);

        [LoggerMessage(2, LogLevel.Warning, "Memory cannot take an interaction yet ({Status}); it is tried again", EventName = "MemoryAway")]
        public static partial void MemoryAway(ILogger logger, StatusCode status);

        [LoggerMessage(3, LogLevel.Error, "Memory refuses the interaction of request {RequestId}: {Reason}", EventName = "InteractionRefused")]
        public static partial void Refused(ILogger logger, string requestId, string reason);
    }
}
