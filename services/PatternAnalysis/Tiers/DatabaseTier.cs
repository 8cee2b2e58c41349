using Microsoft.Extensions.Options;
using Npgsql;
using NpgsqlTypes;
using Platform.Contracts.PatternAnalysis.V1;

namespace Platform.PatternAnalysis.Tiers;

/// <summary>
/// L3: app.customer_patterns, one row for each pattern and one, of type "_outcomes", for what every detector did. Faults are
/// counted and never thrown.
/// </summary>
internal sealed partial class DatabaseTier(NpgsqlDataSource database, IOptionsMonitor<TierOptions> options, PatternMetrics metrics, TimeProvider clock, ILogger<DatabaseTier> logger)
{
    public const string OutcomesType = "_outcomes";

    private readonly TierBreaker breaker = new(() => options.CurrentValue, clock);

    /// <returns>The patterns, or null; and whether the database could be read.</returns>
    public async Task<(bool Readable, CustomerPatterns? Patterns)> FindAsync(PatternKey key, CancellationToken cancellationToken)
    {
        List<Row>? rows = null;
        var outdated = false;
        var done = await TryAsync("read", options.CurrentValue.DatabaseReadTimeout, async token =>
        {
            await using var command = database.CreateCommand("""
                SELECT p.pattern_type, p.data::text, p.confidence, p.significance, p.checksum, p.schema_version, p.computed_at,
                       EXISTS (SELECT 1 FROM app.change_events e
                               WHERE e.organization_id = p.organization_id AND e.customer_id IN (p.customer_id, '*') AND e.changed_at >= p.computed_at) AS outdated
                FROM app.customer_patterns p WHERE p.organization_id = @organization AND p.customer_id = @customer
                """);
            command.Parameters.AddWithValue("organization", key.OrganizationId);
            command.Parameters.AddWithValue("customer", key.CustomerId);
            rows = [];
            await using var reader = await command.ExecuteReaderAsync(token);
            while (await reader.ReadAsync(token))
            {
                rows.Add(new Row(
                    reader.GetString(0), reader.GetString(1), reader.GetDouble(2), reader.GetDouble(3), reader.GetFieldValue<byte[]>(4), reader.GetInt32(5),
                    reader.GetFieldValue<DateTimeOffset>(6)));
                outdated |= reader.GetBoolean(7);
            }
        }, cancellationToken);
        if (!done)
        {
            return (false, null);
        }

        if (rows!.Count == 0)
        {
            metrics.Cache("postgres", "read", "miss");
            return (true, null);
        }

        if (!TryAssemble(key, rows, out var patterns))
        {
            metrics.Cache("postgres", "read", "corrupt");
            Log.CorruptRows(logger, key.CustomerId);
            await DeleteAsync(key.OrganizationId, key.CustomerId, cancellationToken);
            return (true, null);
        }

        // The change may have been made while these patterns were computed: then they were stored after they were dropped.
        if (outdated || clock.GetUtcNow() - patterns!.ComputedAt.ToDateTimeOffset() >= options.CurrentValue.Freshness)
        {
            metrics.Cache("postgres", "read", "stale");
            return (true, null);
        }

        metrics.Cache("postgres", "read", "hit");
        return (true, patterns);
    }

    public async Task StoreAsync(PatternKey key, CustomerPatterns patterns, CancellationToken cancellationToken)
    {
        var outcomes = patterns.Clone();
        outcomes.Insights.Clear();
        outcomes.Tier = CacheTier.Unspecified;
        var done = await TryAsync("write", options.CurrentValue.DatabaseWriteTimeout, async token =>
        {
            // One batch is one transaction: the rows of a customer never mix two computations.
            await using var connection = await database.OpenConnectionAsync(token);
            await using var batch = new NpgsqlBatch(connection);
            var delete = new NpgsqlBatchCommand("""
                DELETE FROM app.customer_patterns
                WHERE organization_id = @organization AND customer_id = @customer AND pattern_type <> ALL(@types) AND computed_at <= @computed_at
                """);
            Bind(delete, key, patterns);
            delete.Parameters.Add(new NpgsqlParameter("types", NpgsqlDbType.Array | NpgsqlDbType.Text) { Value = patterns.Insights.Select(insight => insight.Type).Append(OutcomesType).ToArray() });
            batch.BatchCommands.Add(delete);
            batch.BatchCommands.Add(Upsert(key, patterns, OutcomesType, 1, 0, "", "", StoredInsight.ToJson(outcomes), StoredInsight.Checksum(key, outcomes)));
            foreach (var insight in patterns.Insights)
            {
                batch.BatchCommands.Add(Upsert(
                    key, patterns, insight.Type, insight.Confidence, insight.Significance, insight.Text, insight.Recommendation, StoredInsight.ToJson(insight), StoredInsight.Checksum(key, insight)));
            }

            await batch.ExecuteNonQueryAsync(token);
        }, cancellationToken);
        if (done)
        {
            metrics.Cache("postgres", "write", "ok");
        }
    }

    /// <summary>Drops the rows of a customer, or of the whole organization.</summary>
    /// <returns>Number of customers whose rows were dropped.</returns>
    public async Task<long> DeleteAsync(string organizationId, string? customerId, CancellationToken cancellationToken)
    {
        var dropped = 0L;
        var done = await TryAsync("invalidate", options.CurrentValue.DatabaseWriteTimeout, async token =>
        {
            await using var command = database.CreateCommand(
                "WITH dropped AS (DELETE FROM app.customer_patterns WHERE organization_id = @organization"
                + (customerId is null ? "" : " AND customer_id = @customer") + " RETURNING customer_id) SELECT count(DISTINCT customer_id) FROM dropped");
            command.Parameters.AddWithValue("organization", organizationId);
            if (customerId is not null)
            {
                command.Parameters.AddWithValue("customer", customerId);
            }

            dropped = (long)(await command.ExecuteScalarAsync(token))!;
        }, cancellationToken);
        if (done)
        {
            metrics.Cache("postgres", "invalidate", "ok");
        }

        return dropped;
    }

    private static NpgsqlBatchCommand Upsert(
        PatternKey key, CustomerPatterns patterns, string type, double confidence, double significance, string insight, string recommendation, string data, byte[] checksum)
    {
        var command = new NpgsqlBatchCommand("""
            INSERT INTO app.customer_patterns AS c
              (organization_id, customer_id, pattern_type, confidence, significance, insight, data, recommendation, data_version, schema_version, checksum, computed_at)
            VALUES (@organization, @customer, @type, @confidence, @significance, @insight, @data, @recommendation, @data_version, @schema_version, @checksum, @computed_at)
            ON CONFLICT (organization_id, customer_id, pattern_type) DO UPDATE SET
              confidence = excluded.confidence, significance = excluded.significance, insight = excluded.insight, data = excluded.data, recommendation = excluded.recommendation,
              data_version = excluded.data_version, schema_version = excluded.schema_version, checksum = excluded.checksum, computed_at = excluded.computed_at
            WHERE c.computed_at <= excluded.computed_at
            """);
        Bind(command, key, patterns);
        command.Parameters.AddWithValue("type", type);
        command.Parameters.AddWithValue("confidence", confidence);
        command.Parameters.AddWithValue("significance", significance);
        command.Parameters.AddWithValue("insight", insight);
        command.Parameters.Add(new NpgsqlParameter("data", NpgsqlDbType.Jsonb) { Value = data });
        command.Parameters.AddWithValue("recommendation", recommendation);
        command.Parameters.AddWithValue("data_version", patterns.DataVersion);
        command.Parameters.AddWithValue("schema_version", PatternEntry.SchemaVersion);
        command.Parameters.AddWithValue("checksum", checksum);
        return command;
    }

    private static void Bind(NpgsqlBatchCommand command, PatternKey key, CustomerPatterns patterns)
    {
        command.Parameters.AddWithValue("organization", key.OrganizationId);
        command.Parameters.AddWithValue("customer", key.CustomerId);
        command.Parameters.AddWithValue("computed_at", patterns.ComputedAt.ToDateTime());
    }

    /// <summary>False when a row is damaged, of another version, missing or from another computation.</summary>
    private static bool TryAssemble(PatternKey key, List<Row> rows, out CustomerPatterns? patterns)
    {
        patterns = null;
        var header = rows.Find(row => row.Type == OutcomesType);
        if (header is null || rows.Exists(row => row.SchemaVersion != PatternEntry.SchemaVersion || row.ComputedAt != header.ComputedAt))
        {
            return false;
        }

        var outcomes = StoredInsight.TryParse<CustomerPatterns>(header.Data);
        if (outcomes is null || !StoredInsight.Checksum(key, outcomes).AsSpan().SequenceEqual(header.Checksum))
        {
            return false;
        }

        foreach (var row in rows.Where(row => row != header))
        {
            var insight = StoredInsight.TryParse<Insight>(row.Data);
            if (insight is null)
            {
                return false;
            }

            insight = StoredInsight.Canonical(insight);
            if (insight.Type != row.Type || !insight.Confidence.Equals(row.Confidence) || !insight.Significance.Equals(row.Significance)
                || !StoredInsight.Checksum(key, insight).AsSpan().SequenceEqual(row.Checksum))
            {
                return false;
            }

            outcomes.Insights.Add(insight);
        }

        if (outcomes.Insights.Count != outcomes.Outcomes.Count(outcome => outcome.Status == DetectorStatus.Found))
        {
            return false;
        }

        patterns = outcomes;
        var sorted = outcomes.Insights.OrderByDescending(insight => insight.Significance).ToList();
        outcomes.Insights.Clear();
        outcomes.Insights.Add(sorted);
        return true;
    }

    private async Task<bool> TryAsync(string operation, TimeSpan limit, Func<CancellationToken, Task> call, CancellationToken cancellationToken)
    {
        if (!breaker.TryEnter())
        {
            metrics.Cache("postgres", operation, "skipped");
            return false;
        }

        using var timer = new CancellationTokenSource(limit, clock);
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, timer.Token);
        try
        {
            await call(linked.Token);
            breaker.Succeeded();
            return true;
        }
        catch (Exception exception) when (
            !cancellationToken.IsCancellationRequested && exception is NpgsqlException or TimeoutException or OperationCanceledException or InvalidCastException)
        {
            breaker.Failed();
            metrics.Cache("postgres", operation, "error");
            Log.DatabaseFailed(logger, exception, operation);
            return false;
        }
    }

    private sealed record Row(string Type, string Data, double Confidence, double Significance, byte[] Checksum, int SchemaVersion, DateTimeOffset ComputedAt);

    private static partial class Log
    {
        [LoggerMessage(EventId = 31, EventName = "PatternRowsCorrupt", Level = LogLevel.Warning, Message = "The rows of customer {CustomerId} in app.customer_patterns are damaged and were dropped")]
        public static partial void CorruptRows(ILogger logger, string customerId);

        [LoggerMessage(EventId = 32, EventName = "PatternDatabaseFailed", Level = LogLevel.Warning, Message = "The database did not {Operation} patterns")]
        public static partial void DatabaseFailed(ILogger logger, Exception exception, string operation);
    }
}
