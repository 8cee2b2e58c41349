using System.Text.Json;
using Platform.PatternAnalysis.Patterns;
using Platform.PatternAnalysis.Tiers;
using StackExchange.Redis;

namespace Platform.PatternAnalysis.Invalidation;

/// <summary>Drops patterns from every tier, and tells the other instances to drop theirs.</summary>
internal sealed partial class PatternInvalidation(
    MemoryTier memory, RedisTier redisTier, DatabaseTier database, PatternReader reader, IConnectionMultiplexer redis, TimeProvider clock, PatternMetrics metrics, ILogger<PatternInvalidation> logger)
{
    private static readonly TimeSpan PublishLimit = TimeSpan.FromMilliseconds(500);

    public static RedisChannel Channel { get; } = new("platform:patterns:invalidate", RedisChannel.PatternMode.Literal);

    /// <param name="customerIds">None: every customer of the organization.</param>
    /// <returns>Number of customers whose patterns were dropped.</returns>
    public async Task<long> InvalidateAsync(string organizationId, IReadOnlyCollection<string> customerIds, CancellationToken cancellationToken)
    {
        var since = clock.GetUtcNow();
        long dropped = DropLocal(organizationId, customerIds);
        if (customerIds.Count == 0)
        {
            await redisTier.InvalidateAsync(organizationId, null, since, cancellationToken);
            dropped = Math.Max(dropped, await database.DeleteAsync(organizationId, null, cancellationToken));
        }
        else
        {
            dropped = customerIds.Count;
            foreach (var customerId in customerIds)
            {
                await redisTier.InvalidateAsync(organizationId, customerId, since, cancellationToken);
                await database.DeleteAsync(organizationId, customerId, cancellationToken);
            }
        }

        await PublishAsync(new Message(organizationId, [.. customerIds]), cancellationToken);
        return dropped;
    }

    /// <summary>Drops what this instance holds.</summary>
    public int DropLocal(string organizationId, IReadOnlyCollection<string> customerIds)
    {
        if (customerIds.Count == 0)
        {
            reader.Outdate(key => key.OrganizationId == organizationId);
            return memory.Invalidate(organizationId, null);
        }

        reader.Outdate(key => key.OrganizationId == organizationId && customerIds.Contains(key.CustomerId));
        return customerIds.Sum(customerId => memory.Invalidate(organizationId, customerId));
    }

    /// <summary>Drops everything that this instance holds: after it may have missed messages.</summary>
    public void DropAllLocal()
    {
        reader.Outdate(_ => true);
        memory.Invalidate(null, null);
    }

    /// <summary>Handles the message of another instance, or its own.</summary>
    public void Receive(RedisValue value)
    {
        try
        {
            if (JsonSerializer.Deserialize<Message>((string)value!) is { OrganizationId: { } organization, CustomerIds: { } customers })
            {
                DropLocal(organization, customers);
                return;
            }
        }
        catch (JsonException exception)
        {
            Log.UnreadableMessage(logger, exception);
        }

        DropAllLocal();
    }

    private async Task PublishAsync(Message message, CancellationToken cancellationToken)
    {
        if (!redis.IsConnected)
        {
            metrics.Cache("memory", "publish", "skipped");
            return;
        }

        try
        {
            await redis.GetSubscriber().PublishAsync(Channel, JsonSerializer.Serialize(message)).WaitAsync(PublishLimit, clock, cancellationToken);
            metrics.Cache("memory", "publish", "ok");
        }
        catch (Exception exception) when (exception is RedisException or TimeoutException or ObjectDisposedException)
        {
            metrics.Cache("memory", "publish", "error");
            Log.PublishFailed(logger, exception);
        }
    }

    private sealed record Message(string? OrganizationId, string[]? CustomerIds);

    private static partial class Log
    {
        [LoggerMessage(EventId = 51, EventName = "InvalidationUnreadable", Level = LogLevel.Warning, Message = "An invalidation message could not be read; everything in memory is dropped")]
        public static partial void UnreadableMessage(ILogger logger, Exception exception);

        [LoggerMessage(EventId = 52, EventName = "InvalidationNotPublished", Level = LogLevel.Warning, Message = "The other instances could not be told of an invalidation over Redis")]
        public static partial void PublishFailed(ILogger logger, Exception exception);
    }
}
