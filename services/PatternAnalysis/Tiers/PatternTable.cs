using Npgsql;
using Microsoft.Extensions.Options;
using Platform.Caching;
using Platform.Caching.Changes;
using Platform.Caching.Durable;
using Platform.Contracts.PatternAnalysis.V1;

namespace Platform.PatternAnalysis.Tiers;

/// <summary>
/// L3: app.customer_patterns. Each entry names the snapshot that its data were read in; it is outdated as soon as app.change_events holds
/// a change of the customer that this snapshot did not see, however late the change was committed and whoever was away meanwhile.
/// </summary>
internal sealed partial class PatternTable(NpgsqlDataSource database, IOptionsMonitor<CacheOptions> options, ILogger<PatternTable> logger) : IDurableTier<CustomerPatterns>
{
    public const string OutcomesType = PatternRow.OutcomesType;

    // Parameters by place: names would have the driver rewrite the statement at every read.
    private const string Sql = $"""
        SELECT h.schema_version, CASE WHEN octet_length(h.payload) <= $3 THEN h.payload END, h.checksum, h.read_snapshot::text,
               h.data_version, clock_timestamp() - h.computed_at, h.rows_digest = all_rows.digest AS intact,
               EXISTS (SELECT FROM app.change_events e
                       WHERE e.organization_id = $1 AND e.customer_id IN ($2, '*')
                         AND e.transaction_id >= pg_snapshot_xmin(h.read_snapshot) AND NOT pg_visible_in_snapshot(e.transaction_id, h.read_snapshot)) AS outdated,
               all_rows.digest IS NULL AS absent
        FROM (SELECT {PatternRows.Digest} AS digest FROM app.customer_patterns r WHERE r.organization_id = $1 AND r.customer_id = $2) AS all_rows
        LEFT JOIN app.customer_patterns h ON h.organization_id = $1 AND h.customer_id = $2 AND h.pattern_type = '{OutcomesType}'
        """;

    public string Name => "postgres";

    public async Task<DurableReading<CustomerPatterns>> FindAsync(CacheKey key, CancellationToken cancellationToken)
    {
        var read = await ReadAsync(PatternKey.From(key), cancellationToken);
        if (read.State == DurableState.Corrupt)
        {
            Log.CorruptRows(logger, key.Id);
            await DeleteAsync(key, cancellationToken);
        }

        return read;
    }

    public async Task StoreAsync(CacheKey key, CacheEntry<CustomerPatterns> entry, CancellationToken cancellationToken)
    {
        var rows = new PatternRows(key.Tenant, entry.Snapshot!.Text, entry.Age);
        rows.Add(PatternRow.Of(PatternKey.From(key), entry.Value!, entry.Snapshot.Text));

        // One batch is one transaction; the lock keeps the rows of two computations apart.
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var batch = new NpgsqlBatch(connection);
        var only = new NpgsqlBatchCommand("SELECT pg_advisory_xact_lock(hashtextextended(@organization || '/' || @customer, 0))");
        only.Parameters.AddWithValue("organization", key.Tenant);
        only.Parameters.AddWithValue("customer", key.Id);
        batch.BatchCommands.Add(only);
        batch.BatchCommands.Add(rows.ToCommand());
        await batch.ExecuteNonQueryAsync(cancellationToken);
    }

    private async Task<DurableReading<CustomerPatterns>> ReadAsync(PatternKey key, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(Sql);
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = key.OrganizationId });
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = key.CustomerId });
        command.Parameters.Add(new NpgsqlParameter<int> { TypedValue = options.CurrentValue.MaximumEntryBytes });
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        await reader.ReadAsync(cancellationToken);
        if (reader.GetBoolean(8))
        {
            return new DurableReading<CustomerPatterns>(DurableState.Absent, null);
        }

        var corrupt = new DurableReading<CustomerPatterns>(DurableState.Corrupt, null);
        if (Enumerable.Range(0, 7).Any(reader.IsDBNull) || reader.GetInt32(0) != PatternFormat.Version || !reader.GetBoolean(6))
        {
            return corrupt;
        }

        var payload = reader.GetFieldValue<byte[]>(1);
        var snapshot = reader.GetString(3);
        if (!PatternRow.ServedChecksum(key, payload, snapshot).AsSpan().SequenceEqual(reader.GetFieldValue<byte[]>(2)))
        {
            return corrupt;
        }

        try
        {
            var age = reader.GetTimeSpan(5);
            var entry = new CacheEntry<CustomerPatterns>(
                PatternFormat.Instance.Read(payload), reader.GetString(4), DataSnapshot.Parse(snapshot), age < TimeSpan.Zero ? TimeSpan.Zero : age);
            return new DurableReading<CustomerPatterns>(reader.GetBoolean(7) ? DurableState.Outdated : DurableState.Current, entry);
        }
        catch (FormatException)
        {
            return corrupt;
        }
    }

    private async Task DeleteAsync(CacheKey key, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand("DELETE FROM app.customer_patterns WHERE organization_id = @organization AND customer_id = @customer");
        command.Parameters.AddWithValue("organization", key.Tenant);
        command.Parameters.AddWithValue("customer", key.Id);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    private static partial class Log
    {
        [LoggerMessage(EventId = 31, EventName = "PatternRowsCorrupt", Level = LogLevel.Warning, Message = "The rows of customer {CustomerId} in app.customer_patterns are damaged and were dropped")]
        public static partial void CorruptRows(ILogger logger, string customerId);
    }
}
