using Npgsql;
using NpgsqlTypes;

namespace Platform.ModelGateway.Audit;

/// <summary>
/// A connection of the audit log's own with its statements prepared: taken from the pool for each append, it would be reset each time, which
/// costs the server more than the row.
/// </summary>
internal sealed class AuditWriter(NpgsqlConnection connection) : IAsyncDisposable
{
    internal const string Columns = "shard, sequence, organization_id, request_id, user_id, action, detail, previous_hash, hash, created_at, key_id";

    private static readonly Field[] Fields =
    [
        new Field<long>(NpgsqlDbType.Bigint, row => row.Sequence),
        new Field<string>(NpgsqlDbType.Text, row => row.Entry.Organization),
        new Field<string>(NpgsqlDbType.Text, row => row.Entry.RequestId),
        new Field<string>(NpgsqlDbType.Text, row => row.Entry.User),
        new Field<string>(NpgsqlDbType.Text, row => row.Entry.Action),
        new Field<string>(NpgsqlDbType.Json, row => row.Entry.Detail),
        new Field<byte[]>(NpgsqlDbType.Bytea, row => row.PreviousHash),
        new Field<byte[]>(NpgsqlDbType.Bytea, row => row.Hash),
        new Field<DateTime>(NpgsqlDbType.TimestampTz, row => row.Entry.At.UtcDateTime),
        new Field<string>(NpgsqlDbType.Text, row => row.KeyId),
    ];

    private NpgsqlCommand? _one;
    private NpgsqlCommand? _many;

    /// <summary>Writes rows of one shard, all or none, in one statement; it returns once they are committed.</summary>
    internal async Task AddAsync(IReadOnlyList<AuditRow> rows, CancellationToken cancellationToken)
    {
        var command = rows.Count == 1
            ? _one ??= await PrepareAsync($"INSERT INTO app.audit ({Columns}) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)", 0, cancellationToken)
            : _many ??= await PrepareAsync(
                $"""
                INSERT INTO app.audit ({Columns})
                SELECT $1, * FROM unnest($2::bigint[], $3::text[], $4::text[], $5::text[], $6::text[], $7::json[], $8::bytea[], $9::bytea[], $10::timestamptz[], $11::text[])
                """,
                NpgsqlDbType.Array, cancellationToken);
        command.Parameters[0].Value = rows[0].Shard;
        for (var field = 0; field < Fields.Length; field++)
        {
            command.Parameters[field + 1].Value = rows.Count == 1 ? Fields[field].One(rows[0]) : Fields[field].Many(rows);
        }

        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var command in new[] { _one, _many })
        {
            if (command is not null)
            {
                await command.DisposeAsync();
            }
        }

        await connection.DisposeAsync();
    }

    private async Task<NpgsqlCommand> PrepareAsync(string statement, NpgsqlDbType dimension, CancellationToken cancellationToken)
    {
        var command = new NpgsqlCommand(statement, connection);
        command.Parameters.Add(new NpgsqlParameter { NpgsqlDbType = NpgsqlDbType.Integer });
        foreach (var field in Fields)
        {
            command.Parameters.Add(new NpgsqlParameter { NpgsqlDbType = dimension | field.Type });
        }

        await command.PrepareAsync(cancellationToken);
        return command;
    }

    /// <summary>A column of a row.</summary>
    private abstract record Field(NpgsqlDbType Type)
    {
        internal abstract object One(AuditRow row);

        internal abstract object Many(IReadOnlyList<AuditRow> rows);
    }

    private sealed record Field<T>(NpgsqlDbType Type, Func<AuditRow, T> Value) : Field(Type)
    {
        internal override object One(AuditRow row) => Value(row)!;

        internal override object Many(IReadOnlyList<AuditRow> rows) => rows.Select(Value).ToArray();
    }
}
