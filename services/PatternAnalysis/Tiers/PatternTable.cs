using System.Buffers.Binary;
using Microsoft.Extensions.Options;
using Npgsql;
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

    // One pass over the rows of the customer, one or a few: their hashes are put together here, and all else is taken from the row that is served. Columns as they are: every
    // condition is set up anew at each execution. Parameters by place: names would have the driver rewrite the statement at every read.
    private const string Sql = $"""
        SELECT {PatternRows.RowHash}, r.pattern_type = '{OutcomesType}', r.schema_version, CASE WHEN octet_length(r.payload) <= $3 THEN r.payload END,
               r.checksum, r.read_snapshot::text, r.data_version, CASE WHEN isfinite(r.read_at) THEN clock_timestamp() - r.read_at END, r.rows_digest,
               CASE WHEN r.read_snapshot IS NOT NULL THEN EXISTS (
                 SELECT FROM app.change_events e
                 WHERE e.organization_id = $1 AND e.customer_id IN ($2, '*')
                   AND e.transaction_id >= pg_snapshot_xmin(r.read_snapshot) AND NOT pg_visible_in_snapshot(e.transaction_id, r.read_snapshot)) END
        FROM app.customer_patterns r
        WHERE r.organization_id = $1 AND r.customer_id = $2
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
        var (hash, rows) = (0L, 0);
        Served? served = null;
        for (; await reader.ReadAsync(cancellationToken); rows++)
        {
            hash ^= reader.GetInt64(0);
            served = reader.GetBoolean(1) ? Read(reader) : served;
        }

        if (rows == 0)
        {
            return new DurableReading<CustomerPatterns>(DurableState.Absent, null);
        }

        var corrupt = new DurableReading<CustomerPatterns>(DurableState.Corrupt, null);
        if (served is not { SchemaVersion: PatternFormat.Version } row || BinaryPrimitives.ReadInt64BigEndian(row.Digest) != hash
            || !PatternRow.ServedChecksum(key, row.Payload, row.Snapshot).AsSpan().SequenceEqual(row.Checksum))
        {
            return corrupt;
        }

        try
        {
            var entry = new CacheEntry<CustomerPatterns>(
                PatternFormat.Instance.Read(row.Payload), row.DataVersion, DataSnapshot.Parse(row.Snapshot), row.Age < TimeSpan.Zero ? TimeSpan.Zero : row.Age);
            return new DurableReading<CustomerPatterns>(row.IsOutdated ? DurableState.Outdated : DurableState.Current, entry);
        }
        catch (FormatException)
        {
            return corrupt;
        }
    }

    /// <returns>Null when something is missing in the row.</returns>
    private static Served? Read(NpgsqlDataReader reader)
    {
        for (var column = 2; column < reader.FieldCount; column++)
        {
            if (reader.IsDBNull(column))
            {
                return null;
            }
        }

        var digest = reader.GetFieldValue<byte[]>(8);
        return digest.Length == sizeof(long)
            ? new Served(
                reader.GetInt32(2), reader.GetFieldValue<byte[]>(3), reader.GetFieldValue<byte[]>(4), reader.GetString(5), reader.GetString(6), reader.GetTimeSpan(7), digest, reader.GetBoolean(9))
            : null;
    }

    private async Task DeleteAsync(CacheKey key, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand("DELETE FROM app.customer_patterns WHERE organization_id = @organization AND customer_id = @customer");
        command.Parameters.AddWithValue("organization", key.Tenant);
        command.Parameters.AddWithValue("customer", key.Id);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    private sealed record Served(int SchemaVersion, byte[] Payload, byte[] Checksum, string Snapshot, string DataVersion, TimeSpan Age, byte[] Digest, bool IsOutdated);

    private static partial class Log
    {
        [LoggerMessage(EventId = 31, EventName = "PatternRowsCorrupt", Level = LogLevel.Warning, Message = "The rows of customer {CustomerId} in app.customer_patterns are damaged and were dropped")]
        public static partial void CorruptRows(ILogger logger, string customerId);
    }
}
