using Npgsql;
using NpgsqlTypes;

namespace Platform.Memory.Memories;

/// <summary>Owns app.memories. Every statement is bound to one organization.</summary>
internal sealed class MemoryStore(NpgsqlDataSource database, RecentCandidates recent)
{
    private const string Columns = "id, kind, text, entities, user_id, session_id, collection, importance, metadata, created_at, expires_at";

    /// <summary>Stores a memory once for each key; what was stored first is returned when the key was used before.</summary>
    public async Task<(StoredMemory Memory, bool Created)> AddAsync(string organization, StoredMemory memory, string? idempotencyKey, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        try
        {
            await using var batch = new NpgsqlBatch(connection) { BatchCommands = { Insert(organization, memory, idempotencyKey) } };
            if (await batch.ExecuteNonQueryAsync(cancellationToken) > 0)
            {
                return (memory, true);
            }
        }
        finally
        {
            // Also when it failed: what was not confirmed may have been stored.
            recent.Forget();
        }

        await using var command = new NpgsqlCommand($"SELECT {Columns} FROM app.memories WHERE organization_id = $1 AND idempotency_key = $2", connection);
        command.Parameters.Add(new() { Value = organization });
        command.Parameters.Add(new() { Value = idempotencyKey });
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        // A key whose memory has been deleted meanwhile has had its effect.
        return await reader.ReadAsync(cancellationToken) ? (Read(reader), false) : (memory, false);
    }

    /// <summary>Stores a memory unless its key was used before; affects no row then.</summary>
    public static NpgsqlBatchCommand Insert(string organization, StoredMemory memory, string? idempotencyKey) => new("""
        INSERT INTO app.memories (id, organization_id, user_id, session_id, collection, kind, text, entity_links, entities, importance, metadata, idempotency_key, created_at, expires_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)
        ON CONFLICT (organization_id, idempotency_key) DO NOTHING
        """)
    {
        Parameters =
        {
            new() { Value = memory.Id },
            new() { Value = organization },
            new() { Value = memory.UserId },
            Text(memory.SessionId.Length == 0 ? null : memory.SessionId),
            new() { Value = memory.Collection },
            new() { Value = memory.Kind },
            new() { Value = memory.Text },
            TextArray(memory.Entities.Select(e => e.Link)),
            new() { Value = LinkedEntity.ToJson(memory.Entities), NpgsqlDbType = NpgsqlDbType.Jsonb },
            new() { Value = (float)memory.Importance },
            new() { Value = memory.MetadataJson, NpgsqlDbType = NpgsqlDbType.Jsonb },
            Text(idempotencyKey),
            new() { Value = memory.CreatedAt },
            new() { Value = (object?)memory.ExpiresAt ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.TimestampTz },
        },
    };

    /// <summary>Memories worth scoring: the latest, the latest about the entities, and those that share words with the query; as they are now or were a moment ago.</summary>
    public Task<IReadOnlyList<StoredMemory>> FindCandidatesAsync(string organization, MemoryQuery query, IReadOnlyList<string> words, int perReason, DateTimeOffset now, CancellationToken cancellationToken) =>
        recent.GetAsync(organization, query, words, perReason, now, () => ReadCandidatesAsync(organization, query, words, perReason, now, cancellationToken));

    private async Task<List<StoredMemory>> ReadCandidatesAsync(string organization, MemoryQuery query, IReadOnlyList<string> words, int perReason, DateTimeOffset now, CancellationToken cancellationToken)
    {
        await using var command = Candidates(organization, query, words, perReason, now);
        if (command is null)
        {
            return [];
        }

        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        command.Connection = connection;
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var found = new Dictionary<Guid, StoredMemory>();
        while (await reader.ReadAsync(cancellationToken))
        {
            var memory = Read(reader);
            found.TryAdd(memory.Id, memory);
        }

        return [.. found.Values];
    }

    /// <summary>Reads the candidates, some twice; null when the query gives no reason for any.</summary>
    internal static NpgsqlCommand? Candidates(string organization, MemoryQuery query, IReadOnlyList<string> words, int perReason, DateTimeOffset now)
    {
        // Said only where it is asked for: a condition that may hold for all leaves the server no index to choose.
        var filter = "organization_id = $1 AND collection = $2 AND (expires_at IS NULL OR expires_at > $3)"
            + (query.Kinds.Count > 0 ? " AND kind = ANY ($4)" : "")
            + (query.FindsInteractions ? "" : $" AND kind <> '{StoredMemory.Interaction}'")
            + (query.UserId is not null ? " AND user_id = $5" : "");
        var reasons = new List<string>();
        if (query.Entities.Count > 0)
        {
            reasons.Add(Latest($"{filter} AND entity_links && $6"));
        }

        if (words.Count > 0)
        {
            reasons.Add(Latest($"{filter}{(query.EntitiesOnly ? " AND entity_links && $6" : "")} AND words @@ to_tsquery('simple', $8)"));
        }

        if (!query.EntitiesOnly)
        {
            reasons.Add(Latest(filter));
        }

        return reasons.Count == 0 ? null : new NpgsqlCommand(string.Join(" UNION ALL ", reasons))
        {
            Parameters =
            {
                new() { Value = organization },
                new() { Value = query.Collection },
                new() { Value = now },
                TextArray(query.Kinds),
                Text(query.UserId),
                TextArray(query.Entities.Select(e => e.Link)),
                new() { Value = perReason },
                Text(string.Join(" | ", words.Select(w => $"'{w}'"))),
            },
        };
    }

    private static string Latest(string condition) => $"(SELECT {Columns} FROM app.memories WHERE {condition} ORDER BY created_at DESC LIMIT $7)";

    public async Task<bool> DeleteAsync(string organization, Guid id, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand("DELETE FROM app.memories WHERE organization_id = $1 AND id = $2");
        command.Parameters.Add(new() { Value = organization });
        command.Parameters.Add(new() { Value = id });
        try
        {
            return await command.ExecuteNonQueryAsync(cancellationToken) > 0;
        }
        finally
        {
            recent.Forget();
        }
    }

    /// <summary>Memories and bytes of text by collection, of one organization or, with null, of all.</summary>
    public async Task<List<(string Collection, long Memories, long Bytes)>> MeasureAsync(string? organization, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand("""
            SELECT collection, count(*), coalesce(sum(octet_length(text)), 0)::bigint
            FROM app.memories WHERE $1 IS NULL OR organization_id = $1
            GROUP BY collection ORDER BY collection
            """);
        command.Parameters.Add(Text(organization));
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var collections = new List<(string, long, long)>();
        while (await reader.ReadAsync(cancellationToken))
        {
            collections.Add((reader.GetString(0), reader.GetInt64(1), reader.GetInt64(2)));
        }

        return collections;
    }

    /// <summary>Removes memories whose time is over, at most <paramref name="most"/> at once.</summary>
    public async Task<int> DeleteExpiredAsync(DateTimeOffset now, int most, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand("""
            DELETE FROM app.memories WHERE id IN (
                SELECT id FROM app.memories WHERE expires_at IS NOT NULL AND expires_at <= $1 LIMIT $2 FOR UPDATE SKIP LOCKED)
            """);
        command.Parameters.Add(new() { Value = now });
        command.Parameters.Add(new() { Value = most });
        return await command.ExecuteNonQueryAsync(cancellationToken);
    }

    private static StoredMemory Read(NpgsqlDataReader reader) => new(
        reader.GetGuid(0),
        reader.GetString(1),
        reader.GetString(2),
        LinkedEntity.FromJson(reader.GetString(3)),
        reader.GetString(4),
        reader.IsDBNull(5) ? "" : reader.GetString(5),
        reader.GetString(6),
        Math.Round(reader.GetFloat(7), 6),
        reader.GetString(8),
        reader.GetFieldValue<DateTimeOffset>(9),
        reader.IsDBNull(10) ? null : reader.GetFieldValue<DateTimeOffset>(10));

    private static NpgsqlParameter Text(string? value) => new() { Value = (object?)value ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Text };

    private static NpgsqlParameter TextArray(IEnumerable<string> values) => new() { Value = values.ToArray(), NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Text };
}
