using System.Diagnostics;
using Google.Protobuf;
using Microsoft.Extensions.Options;
using Npgsql;
using Platform.Contracts.Memory.V1;
using Platform.ServiceDefaults;
using StackExchange.Redis;

namespace Platform.Memory.Interactions;

/// <summary>
/// Records queued interactions. An entry is acknowledged only after it is stored; what a stopped consumer left is taken over;
/// what cannot be stored is set aside after a few deliveries. Neither Redis nor the database being away loses anything.
/// </summary>
internal sealed partial class InteractionConsumer(
    Lazy<InteractionStream> stream, InteractionRecorder recorder, IRequestContextAccessor context, IOptionsMonitor<StreamOptions> options,
    ConsumerState state, MemoryMetrics metrics, TimeProvider time, ILogger<InteractionConsumer> log) : BackgroundService
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan RecordLimit = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan StopLimit = TimeSpan.FromSeconds(2);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        // Creating the connection may wait for Redis; the host's start must not.
        await Task.Yield();
        var pause = FirstPause;
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await stream.Value.EnsureGroupAsync(stoppingToken);
                if (state.Trouble is not null)
                {
                    Log.Reading(log, options.CurrentValue.Name);
                }

                state.Reading();
                pause = FirstPause;
                await ConsumeAsync(stoppingToken);
            }
            catch (Exception exception) when (exception is RedisException or TimeoutException or ObjectDisposedException && !stoppingToken.IsCancellationRequested)
            {
                if (pause == FirstPause)
                {
                    Log.RedisAway(log, exception);
                }

                state.Stopped("Redis is away: interactions arrive by direct calls only.");
                await Task.Delay(pause, time, stoppingToken);
                pause = Longer(pause);
            }
        }
    }

    private async Task ConsumeAsync(CancellationToken stoppingToken)
    {
        long? lastClaim = null;
        while (!stoppingToken.IsCancellationRequested)
        {
            var settings = options.CurrentValue;
            if (lastClaim is null || time.GetElapsedTime(lastClaim.Value) >= settings.ClaimInterval)
            {
                var claimed = await stream.Value.ClaimAbandonedAsync(stoppingToken);
                metrics.Claimed(claimed.Count);
                foreach (var entry in claimed)
                {
                    await HandleAsync(entry, stoppingToken);
                }

                lastClaim = time.GetTimestamp();
            }

            await HandleAllAsync(await stream.Value.ReadNewAsync(stoppingToken), settings, stoppingToken);
        }
    }

    /// <summary>Handles what was read, after a moment while there is little. A service that stops ends what it has begun: another would take it over only after a while.</summary>
    private async Task HandleAllAsync(IReadOnlyList<QueuedInteraction> entries, StreamOptions settings, CancellationToken stoppingToken)
    {
        if (entries.Count == 0)
        {
            return;
        }

        if (entries.Count < settings.BatchSize)
        {
            await Task.Delay(settings.Linger, time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        using var limit = new CancellationTokenSource(Timeout.InfiniteTimeSpan, time);
        await using var stopping = stoppingToken.UnsafeRegister(_ => limit.CancelAfter(StopLimit), null);
        foreach (var entry in entries)
        {
            await HandleAsync(entry, limit.Token);
        }
    }

    private async Task HandleAsync(QueuedInteraction entry, CancellationToken stoppingToken)
    {
        var settings = options.CurrentValue;
        if (entry.Deliveries > settings.MaxCrashes)
        {
            await QuarantineAsync(entry, "delivered too often", stoppingToken);
            return;
        }

        var trouble = await RecordAsync(entry, stoppingToken);
        if (trouble is null)
        {
            await stream.Value.AcknowledgeAsync(entry.Id, stoppingToken);
        }
        else if (entry.Deliveries >= settings.MaxDeliveries)
        {
            await QuarantineAsync(entry, trouble, stoppingToken);
        }
        else
        {
            metrics.Failed("stream");
            Log.NotRecorded(log, entry.Id, trouble, entry.Deliveries);
        }
    }

    /// <summary>Stores the entry, waiting for the database as long as it takes; what is wrong with the entry when it cannot be stored.</summary>
    private async Task<string?> RecordAsync(QueuedInteraction entry, CancellationToken stoppingToken)
    {
        if (entry.Data is not { Length: > 0 } data)
        {
            return "no data";
        }

        Interaction interaction;
        try
        {
            interaction = Interaction.Parser.ParseFrom(data);
        }
        catch (InvalidProtocolBufferException)
        {
            return "no readable interaction";
        }

        var organization = entry.Organization.Length > 0 ? entry.Organization
            : interaction.OrganizationId.Length > 0 ? interaction.OrganizationId
            : RequestContext.DefaultOrganization;
        using var activity = StartActivity(entry);
        using var scope = context.Enter(new RequestContext(interaction.RequestId, organization, interaction.UserId, interaction.SessionId, null), log);

        for (var pause = FirstPause; ; pause = Longer(pause))
        {
            using var limit = CancellationTokenSource.CreateLinkedTokenSource(stoppingToken);
            limit.CancelAfter(RecordLimit);
            try
            {
                await recorder.RecordAsync(organization, interaction, "stream", limit.Token);
                state.Reading();
                return null;
            }
            catch (InvalidInteractionException exception)
            {
                return string.Join(", ", exception.Problems.Select(p => p.Field));
            }
            // 22: data exception, 23: constraint: the same row will never be taken.
            catch (PostgresException exception) when (exception.SqlState.StartsWith("22", StringComparison.Ordinal) || exception.SqlState.StartsWith("23", StringComparison.Ordinal))
            {
                return $"refused by the database: {exception.SqlState}";
            }
            catch (Exception exception) when (exception is NpgsqlException or TimeoutException or OperationCanceledException && !stoppingToken.IsCancellationRequested)
            {
                if (pause == FirstPause)
                {
                    Log.DatabaseAway(log, exception);
                }

                state.Stopped("The database is away: queued interactions wait.");
                await Task.Delay(pause, time, stoppingToken);
            }
        }
    }

    // In the trace of the request, because one interaction belongs to one request; the link is what the conventions ask for.
    private Activity? StartActivity(QueuedInteraction entry)
    {
        ActivityContext.TryParse(entry.TraceParent, null, isRemote: true, out var sent);
        return metrics.Activities.StartActivity(
            $"process {options.CurrentValue.Name}", ActivityKind.Consumer, sent,
            [
                new("messaging.system", "redis"),
                new("messaging.operation.type", "process"),
                new("messaging.operation.name", "process"),
                new("messaging.destination.name", options.CurrentValue.Name),
                new("messaging.consumer.group.name", options.CurrentValue.Group),
                new("messaging.message.id", entry.Id),
                new("messaging.redis.deliveries", entry.Deliveries),
            ],
            sent == default ? [] : [new ActivityLink(sent)]);
    }

    private async Task QuarantineAsync(QueuedInteraction entry, string reason, CancellationToken stoppingToken)
    {
        await stream.Value.QuarantineAsync(entry, reason, stoppingToken);
        metrics.Quarantined();
        Log.Quarantined(log, entry.Id, reason, entry.Deliveries);
    }

    private TimeSpan Longer(TimeSpan pause) => pause * 2 < options.CurrentValue.MaxPause ? pause * 2 : options.CurrentValue.MaxPause;

    private static partial class Log
    {
        [LoggerMessage(EventName = "InteractionsReading", Level = LogLevel.Information, Message = "Reading interactions from stream {Stream}")]
        public static partial void Reading(ILogger logger, string stream);

        [LoggerMessage(EventName = "InteractionsRedisAway", Level = LogLevel.Warning, Message = "Redis is away; queued interactions are read when it returns")]
        public static partial void RedisAway(ILogger logger, Exception exception);

        [LoggerMessage(EventName = "InteractionsDatabaseAway", Level = LogLevel.Warning, Message = "The database is away; queued interactions wait for it")]
        public static partial void DatabaseAway(ILogger logger, Exception exception);

        [LoggerMessage(EventName = "InteractionNotRecorded", Level = LogLevel.Warning, Message = "Interaction {EntryId} cannot be recorded ({Trouble}), delivery {Deliveries}")]
        public static partial void NotRecorded(ILogger logger, string entryId, string trouble, long deliveries);

        [LoggerMessage(EventName = "InteractionQuarantined", Level = LogLevel.Error, Message = "Interaction {EntryId} was set aside ({Trouble}) after {Deliveries} deliveries")]
        public static partial void Quarantined(ILogger logger, string entryId, string trouble, long deliveries);
    }
}
