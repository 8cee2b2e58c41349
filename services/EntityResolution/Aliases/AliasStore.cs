using Npgsql;

namespace Platform.EntityResolution.Aliases;

/// <summary>An alias as stored: origin "manual", "choice" or "import"; the entity's name is the present one, empty when the entity is gone.</summary>
internal sealed record StoredAlias(
    Guid Id, string Alias, string Key, string EntityType, string EntityId, string EntityName, string Origin, string CreatedBy, DateTimeOffset CreatedAt,
    string RequestId, long TimesUsed);

/// <summary>What an alias says and means, and who says so.</summary>
/// <param name="Alias">As written.</param>
/// <param name="Key">Normalised.</param>
/// <param name="EntityType">"customer", "order", "invoice" or "payment".</param>
/// <param name="EntityId">Its id.</param>
/// <param name="Origin">"manual", "choice" or "import".</param>
/// <param name="By">The user.</param>
/// <param name="At">When.</param>
/// <param name="RequestId">The request that it came with.</param>
internal sealed record AliasWish(
    string Alias, string Key, string EntityType, string EntityId, string Origin, string By, DateTimeOffset At, string RequestId);

/// <summary>Owns app.entity_aliases.</summary>
internal sealed class AliasStore(NpgsqlDataSource database)
{
    private const string Columns = "a.id, a.alias, a.alias_key, a.entity_type, a.entity_id, coalesce(c.name, o.order_number, i.invoice_number, ''), a.origin, a.created_by, a.created_at, a.request_id, a.times_used";

    private const string Names = """
         LEFT JOIN domain.customers c ON a.entity_type = 'customer' AND c.organization_id = a.organization_id AND c.customer_id = a.entity_id
         LEFT JOIN domain.sales_orders o ON a.entity_type = 'order' AND o.organization_id = a.organization_id AND o.order_id = a.entity_id
         LEFT JOIN domain.invoices i ON a.entity_type = 'invoice' AND i.organization_id = a.organization_id AND i.invoice_id = a.entity_id
        """;

    /// <summary>One page in order of the alias's key, beginning after <paramref name="afterKey"/>.</summary>
    public async Task<List<StoredAlias>> ListAsync(string organization, string? entityType, string? entityId, string afterKey, int size, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand($"""
            SELECT {Columns} FROM app.entity_aliases a {Names}
            WHERE a.organization_id = $1 AND a.alias_key > $2
              AND ($3::text IS NULL OR (a.entity_type = $3 AND a.entity_id = $4))
            ORDER BY a.alias_key LIMIT $5
            """);
        command.Parameters.Add(new() { Value = organization });
        command.Parameters.Add(new() { Value = afterKey });
        command.Parameters.Add(new() { Value = (object?)entityType ?? DBNull.Value, NpgsqlDbType = NpgsqlTypes.NpgsqlDbType.Text });
        command.Parameters.Add(new() { Value = (object?)entityId ?? DBNull.Value, NpgsqlDbType = NpgsqlTypes.NpgsqlDbType.Text });
        command.Parameters.Add(new() { Value = size });
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var aliases = new List<StoredAlias>();
        while (await reader.ReadAsync(cancellationToken))
        {
            aliases.Add(Read(reader));
        }

        return aliases;
    }

    public Task<StoredAlias?> FindAsync(string organization, Guid id, CancellationToken cancellationToken) =>
        ReadOneAsync($"SELECT {Columns} FROM app.entity_aliases a {Names} WHERE a.organization_id = $1 AND a.id = $2", [organization, id], cancellationToken);

    /// <summary>
    /// Stores an alias. When the key is taken: the same entity gives the alias that is there; a learned alias yields to the newer
    /// one; an alias that someone made by hand stays, and null is returned.
    /// </summary>
    public Task<StoredAlias?> AddAsync(string organization, AliasWish wish, CancellationToken cancellationToken) => ReadOneAsync(
        $"""
        WITH a AS (
            INSERT INTO app.entity_aliases AS old (organization_id, alias, alias_key, entity_type, entity_id, origin, created_by, created_at, request_id)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
            ON CONFLICT (organization_id, alias_key) DO UPDATE
                SET (alias, entity_type, entity_id, origin, created_by, created_at, request_id, times_used) =
                    (SELECT excluded.alias, excluded.entity_type, excluded.entity_id, excluded.origin, excluded.created_by, excluded.created_at, excluded.request_id, 0
                     WHERE (old.entity_type, old.entity_id) <> (excluded.entity_type, excluded.entity_id)
                     UNION ALL
                     SELECT old.alias, old.entity_type, old.entity_id, old.origin, old.created_by, old.created_at, old.request_id, old.times_used
                     WHERE (old.entity_type, old.entity_id) = (excluded.entity_type, excluded.entity_id))
                WHERE old.origin = 'choice' OR (old.entity_type, old.entity_id) = (excluded.entity_type, excluded.entity_id)
            RETURNING *)
        SELECT {Columns} FROM a {Names}
        """,
        [organization, wish.Alias, wish.Key, wish.EntityType, wish.EntityId, wish.Origin, wish.By, wish.At, wish.RequestId],
        cancellationToken);

    /// <summary>Changes an alias; null when there is none of that id, or another alias has the key.</summary>
    public async Task<StoredAlias?> ChangeAsync(string organization, Guid id, AliasWish wish, CancellationToken cancellationToken)
    {
        try
        {
            return await ReadOneAsync(
                $"""
                WITH a AS (
                    UPDATE app.entity_aliases
                    SET alias = $3, alias_key = $4, entity_type = $5, entity_id = $6, origin = $7, created_by = $8, created_at = $9, request_id = $10
                    WHERE organization_id = $1 AND id = $2
                    RETURNING *)
                SELECT {Columns} FROM a {Names}
                """,
                [organization, id, wish.Alias, wish.Key, wish.EntityType, wish.EntityId, wish.Origin, wish.By, wish.At, wish.RequestId],
                cancellationToken);
        }
        catch (PostgresException taken) when (taken.SqlState == PostgresErrorCodes.UniqueViolation)
        {
            return null;
        }
    }

    public async Task<bool> DeleteAsync(string organization, Guid id, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand("DELETE FROM app.entity_aliases WHERE organization_id = $1 AND id = $2");
        command.Parameters.Add(new() { Value = organization });
        command.Parameters.Add(new() { Value = id });
        return await command.ExecuteNonQueryAsync(cancellationToken) > 0;
    }

    /// <summary>Adds to the use counts of aliases, by key.</summary>
    public async Task CountUseAsync(string organization, IReadOnlyDictionary<string, long> uses, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand("""
            UPDATE app.entity_aliases a SET times_used = a.times_used + u.uses
            FROM unnest($2::text[], $3::bigint[]) AS u (key, uses)
            WHERE a.organization_id = $1 AND a.alias_key = u.key
            """);
        command.Parameters.Add(new() { Value = organization });
        command.Parameters.Add(new() { Value = uses.Keys.ToArray() });
        command.Parameters.Add(new() { Value = uses.Values.ToArray() });
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    private async Task<StoredAlias?> ReadOneAsync(string sql, object[] values, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(sql);
        foreach (var value in values)
        {
            command.Parameters.Add(new() { Value = value });
        }

        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        return await reader.ReadAsync(cancellationToken) ? Read(reader) : null;
    }

    private static StoredAlias Read(NpgsqlDataReader reader) => new(
        reader.GetGuid(0), reader.GetString(1), reader.GetString(2), reader.GetString(3), reader.GetString(4), reader.GetString(5),
        reader.GetString(6), reader.GetString(7), reader.GetFieldValue<DateTimeOffset>(8), reader.GetString(9), reader.GetInt64(10));
}
