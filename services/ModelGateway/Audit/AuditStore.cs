using Npgsql;

namespace Platform.ModelGateway.Audit;

/// <summary>app.audit.</summary>
internal sealed class AuditStore(NpgsqlDataSource database) : IAsyncDisposable
{
    private static readonly string Columns = AuditWriter.Columns.Replace("detail", "detail::text", StringComparison.Ordinal);

    private AuditWriter? _writer;

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

    /// <summary>Writes rows of one shard, all or none, in one statement; it returns once they are committed. One writer at a time.</summary>
    /// <exception cref="PostgresException">23505 when another writer was first.</exception>
    internal async Task AddAsync(IReadOnlyList<AuditRow> rows, CancellationToken cancellationToken)
    {
        var writer = _writer ?? new AuditWriter(await database.OpenConnectionAsync(cancellationToken));
        _writer = null;
        try
        {
            await writer.AddAsync(rows, cancellationToken);
            _writer = writer;
        }
        finally
        {
            // What failed once is not used again.
            if (_writer is null)
            {
                await writer.DisposeAsync();
            }
        }
    }

    public ValueTask DisposeAsync() => _writer?.DisposeAsync() ?? ValueTask.CompletedTask;

    /// <summary>All rows, shard by shard in order.</summary>
    internal async IAsyncEnumerable<AuditRow> ReadAsync([System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await foreach (var row in ReadAsync(connection, cancellationToken))
        {
            yield return row;
        }
    }

    /// <summary>The rows behind a place, shard by shard in order, at most so many.</summary>
    internal async IAsyncEnumerable<AuditRow> AfterAsync(
        int shard, long sequence, int most, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand($"SELECT {Columns} FROM app.audit WHERE (shard, sequence) > ($1, $2) ORDER BY shard, sequence LIMIT $3");
        command.Parameters.Add(new() { Value = shard });
        command.Parameters.Add(new() { Value = sequence });
        command.Parameters.Add(new() { Value = most });
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            yield return Read(reader);
        }
    }

    internal static async IAsyncEnumerable<AuditRow> ReadAsync(
        NpgsqlConnection connection, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await using var command = connection.CreateCommand();
        command.CommandTimeout = 0;
        command.CommandText = $"SELECT {Columns} FROM app.audit ORDER BY shard, sequence";
        await using var reader = await command.ExecuteReaderAsync(System.Data.CommandBehavior.SequentialAccess, cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            yield return Read(reader);
        }
    }

    // By ascending number: a row may be read in sequence only.
    private static AuditRow Read(NpgsqlDataReader reader)
    {
        var (shard, sequence) = (reader.GetInt32(0), reader.GetInt64(1));
        var (organization, request, user, action, detail) = (reader.GetString(2), reader.GetString(3), reader.GetString(4), reader.GetString(5), reader.GetString(6));
        var (previous, hash) = (reader.GetFieldValue<byte[]>(7), reader.GetFieldValue<byte[]>(8));
        var at = new DateTimeOffset(reader.GetDateTime(9), TimeSpan.Zero);
        return new AuditRow(shard, sequence, new AuditEntry(organization, request, user, action, detail, at), previous, hash, reader.GetString(10));
    }
}
