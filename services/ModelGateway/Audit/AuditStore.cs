using Npgsql;
using NpgsqlTypes;

namespace Platform.ModelGateway.Audit;

/// <summary>app.audit.</summary>
internal sealed class AuditStore(NpgsqlDataSource database)
{
    private const string Columns = "shard, sequence, organization_id, request_id, user_id, action, detail, previous_hash, hash, created_at, key_id";

    /// <summary>The last row of a shard; null when it has none.</summary>
    internal async Task<(long Sequence, byte[] Hash)?> LastAsync(int shard, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand("SELECT sequence, hash FROM app.audit WHERE shard = $1 ORDER BY sequence DESC LIMIT 1");
        command.Parameters.Add(new() { Value = shard });
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        return await reader.ReadAsync(cancellationToken) ? (reader.GetInt64(0), reader.GetFieldValue<byte[]>(1)) : null;
    }

    /// <summary>The hash of a row; null when there is none.</summary>
    internal async Task<byte[]?> HashAsync(int shard, long sequence, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand("SELECT hash FROM app.audit WHERE shard = $1 AND sequence = $2");
        command.Parameters.Add(new() { Value = shard });
        command.Parameters.Add(new() { Value = sequence });
        return (byte[]?)await command.ExecuteScalarAsync(cancellationToken);
    }

    /// <summary>Writes rows of one shard, all or none, in one statement; it returns once they are committed.</summary>
    /// <exception cref="PostgresException">23505 when another writer was first.</exception>
    internal async Task AddAsync(IReadOnlyList<AuditRow> rows, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var command = connection.CreateCommand();
        command.CommandText = rows.Count == 1
            ? $"INSERT INTO app.audit ({Columns}) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)"
            : $"""
              INSERT INTO app.audit ({Columns})
              SELECT $1, * FROM unnest($2::bigint[], $3::text[], $4::text[], $5::text[], $6::text[], $7::json[], $8::bytea[], $9::bytea[], $10::timestamptz[], $11::text[])
              """;
        command.Parameters.Add(new() { Value = rows[0].Shard, NpgsqlDbType = NpgsqlDbType.Integer });
        Add(command, rows, NpgsqlDbType.Bigint, row => row.Sequence);
        Add(command, rows, NpgsqlDbType.Text, row => row.Entry.Organization);
        Add(command, rows, NpgsqlDbType.Text, row => row.Entry.RequestId);
        Add(command, rows, NpgsqlDbType.Text, row => row.Entry.User);
        Add(command, rows, NpgsqlDbType.Text, row => row.Entry.Action);
        Add(command, rows, NpgsqlDbType.Json, row => row.Entry.Detail);
        Add(command, rows, NpgsqlDbType.Bytea, row => row.PreviousHash);
        Add(command, rows, NpgsqlDbType.Bytea, row => row.Hash);
        Add(command, rows, NpgsqlDbType.TimestampTz, row => row.Entry.At.UtcDateTime);
        Add(command, rows, NpgsqlDbType.Text, row => row.KeyId);

        // Npgsql remembers the plan with the connection, so only the first time costs a round trip more.
        await command.PrepareAsync(cancellationToken);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <summary>All rows, shard by shard in order.</summary>
    internal async IAsyncEnumerable<AuditRow> ReadAsync([System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await foreach (var row in ReadAsync(connection, cancellationToken))
        {
            yield return row;
        }
    }

    internal static async IAsyncEnumerable<AuditRow> ReadAsync(
        NpgsqlConnection connection, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await using var command = connection.CreateCommand();
        command.CommandTimeout = 0;
        command.CommandText = $"SELECT {Columns.Replace("detail", "detail::text", StringComparison.Ordinal)} FROM app.audit ORDER BY shard, sequence";
        await using var reader = await command.ExecuteReaderAsync(System.Data.CommandBehavior.SequentialAccess, cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            var (shard, sequence) = (reader.GetInt32(0), reader.GetInt64(1));
            var (organization, request, user, action, detail) = (reader.GetString(2), reader.GetString(3), reader.GetString(4), reader.GetString(5), reader.GetString(6));
            var (previous, hash) = (reader.GetFieldValue<byte[]>(7), reader.GetFieldValue<byte[]>(8));
            var at = new DateTimeOffset(reader.GetDateTime(9), TimeSpan.Zero);
            yield return new AuditRow(shard, sequence, new AuditEntry(organization, request, user, action, detail, at), previous, hash, reader.GetString(10));
        }
    }

    private static void Add<T>(NpgsqlCommand command, IReadOnlyList<AuditRow> rows, NpgsqlDbType type, Func<AuditRow, T> value) =>
        command.Parameters.Add(rows.Count == 1
            ? new NpgsqlParameter { Value = value(rows[0]), NpgsqlDbType = type }
            : new NpgsqlParameter { Value = rows.Select(value).ToArray(), NpgsqlDbType = NpgsqlDbType.Array | type });
}
