using Npgsql;
using NpgsqlTypes;
using Platform.Caching;
using Platform.Contracts.PatternAnalysis.V1;

namespace Platform.PatternAnalysis.Invalidation;

/// <summary>Drops patterns by hand. It is a change like any other: written to the outbox, so that every replica hears of it even after it was away.</summary>
internal sealed partial class PatternInvalidation(TieredCache<CustomerPatterns> cache, NpgsqlDataSource database, TimeProvider clock, ILogger<PatternInvalidation> logger)
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(2);

    /// <param name="organizationId">Whose.</param>
    /// <param name="customerIds">None: every customer of the organization.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <returns>Number of customers whose patterns were dropped.</returns>
    public async Task<long> InvalidateAsync(string organizationId, IReadOnlyCollection<string> customerIds, CancellationToken cancellationToken)
    {
        var (position, kept) = await PublishAsync(organizationId, customerIds.Count == 0 ? ["*"] : [.. customerIds.Distinct(StringComparer.Ordinal)], cancellationToken);
        if (customerIds.Count > 0)
        {
            foreach (var customerId in customerIds)
            {
                await cache.InvalidateAsync(new CacheKey(organizationId, customerId), position, cancellationToken);
            }

            return customerIds.Count;
        }

        var whole = CacheKey.Whole(organizationId);
        var dropped = cache.DropLocal(whole, position);
        await cache.InvalidateAsync(whole, position, cancellationToken);
        return Math.Max(dropped, kept);
    }

    private async Task<(long? Position, long Kept)> PublishAsync(string organizationId, string[] customers, CancellationToken cancellationToken)
    {
        using var timer = new CancellationTokenSource(Limit, clock);
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, timer.Token);
        try
        {
            await using var command = database.CreateCommand("""
                WITH published AS (
                  INSERT INTO app.change_events (organization_id, table_name, customer_id) SELECT @organization, 'customer_patterns', c FROM unnest(@customers) AS c)
                SELECT pg_current_xact_id()::text::bigint,
                       (SELECT count(*) FROM app.customer_patterns WHERE organization_id = @organization AND pattern_type = '_outcomes'),
                       pg_notify('domain_changes', '{}')
                """);
            command.Parameters.AddWithValue("organization", organizationId);
            command.Parameters.Add(new NpgsqlParameter("customers", NpgsqlDbType.Array | NpgsqlDbType.Text) { Value = customers });
            await using var reader = await command.ExecuteReaderAsync(linked.Token);
            await reader.ReadAsync(linked.Token);
            return (reader.GetInt64(0), reader.GetInt64(1));
        }
        catch (Exception exception) when (exception is NpgsqlException or TimeoutException || (exception is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            // Memory and Redis can still be told; the table judges by the changes that it knows of.
            Log.NotPublished(logger, exception);
            return (null, 0);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(EventId = 52, EventName = "InvalidationNotPublished", Level = LogLevel.Warning, Message = "An invalidation could not be written to the outbox; replicas that do not hear of it now will not")]
        public static partial void NotPublished(ILogger logger, Exception exception);
    }
}
