using Npgsql;

namespace Platform.Migrations.Schema;

/// <summary>
/// One writer at a time per database: a session advisory lock that ends with the connection, also after a crash.
/// </summary>
internal sealed class MigrationLock : IAsyncDisposable
{
    /// <summary>Key of the lock: the ASCII bytes of "platform".</summary>
    public const long Key = 0x706C6174666F726D;

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);
    private readonly NpgsqlConnection _connection;

    private MigrationLock(NpgsqlConnection connection) => _connection = connection;

    /// <exception cref="MigrationException">Another runner kept it for longer than <paramref name="limit"/>.</exception>
    public static async Task<MigrationLock> TakeAsync(
        NpgsqlDataSource dataSource, TimeSpan limit, TimeProvider clock, CancellationToken cancellationToken)
    {
        var connection = await dataSource.OpenConnectionAsync(cancellationToken);
        var taken = false;
        try
        {
            var started = clock.GetTimestamp();
            while (!await TryTakeAsync(connection, cancellationToken))
            {
                if (clock.GetElapsedTime(started) > limit)
                {
                    throw new MigrationException(
                        $"Another migration has held the lock of this database for {limit.TotalSeconds:0} s; gave up. Run again when it is done.");
                }

                await Task.Delay(Pause, clock, cancellationToken);
            }

            taken = true;
            return new MigrationLock(connection);
        }
        finally
        {
            if (!taken)
            {
                await connection.DisposeAsync();
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        // The pooled connection would keep the lock until it is reset, so it is given back explicitly.
        if (_connection.State == System.Data.ConnectionState.Open)
        {
            try
            {
                await using var command = new NpgsqlCommand("SELECT pg_advisory_unlock($1)", _connection);
                command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = Key });
                await command.ExecuteNonQueryAsync(CancellationToken.None);
            }
            catch (NpgsqlException)
            {
                // A dead session has lost the lock already.
            }
        }

        await _connection.DisposeAsync();
    }

    // Polled rather than waited for: a statement that waits holds a snapshot, and CREATE INDEX CONCURRENTLY in the
    // session that has the lock would wait for that snapshot, for ever.
    private static async Task<bool> TryTakeAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand("SELECT pg_try_advisory_lock($1)", connection);
        command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = Key });
        return (bool)(await command.ExecuteScalarAsync(cancellationToken))!;
    }
}
