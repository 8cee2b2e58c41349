using System.Globalization;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace Platform.Migrations.Schema;

/// <summary>
/// Applies schema files in order, each in its own transaction together with its row in <c>app.schema_versions</c>.
/// The caller holds the <see cref="MigrationLock"/>.
/// </summary>
internal sealed partial class SchemaRunner(NpgsqlDataSource dataSource, TimeProvider clock, ILogger<SchemaRunner> logger)
{
    private const string Bootstrap = """
        CREATE SCHEMA IF NOT EXISTS app;
        CREATE TABLE IF NOT EXISTS app.schema_versions (
            version      integer     PRIMARY KEY,
            name         text        NOT NULL,
            checksum     text        NOT NULL,
            applied_at   timestamptz NOT NULL DEFAULT now(),
            duration_ms  integer     NOT NULL
        );
        COMMENT ON TABLE app.schema_versions IS 'owner: Migrations';
        """;

    /// <summary>Brings the database to the last of <paramref name="files"/>.</summary>
    /// <returns>The names of the files applied now.</returns>
    /// <exception cref="MigrationException">
    /// A file failed, an applied file changed, a file was put in between applied ones, or the database is newer than the files.
    /// </exception>
    public async Task<IReadOnlyList<string>> ApplyAsync(IReadOnlyList<SchemaFile> files, CancellationToken cancellationToken)
    {
        await using var connection = await dataSource.OpenConnectionAsync(cancellationToken);
        await ExecuteAsync(connection, Bootstrap, cancellationToken);
        var pending = Pending(files, await AppliedAsync(connection, cancellationToken));
        foreach (var file in pending)
        {
            await ApplyAsync(connection, file, cancellationToken);
        }

        return [.. pending.Select(file => file.Name)];
    }

    /// <summary>What <see cref="ApplyAsync(IReadOnlyList{SchemaFile}, CancellationToken)"/> would apply; changes nothing.</summary>
    public async Task<IReadOnlyList<SchemaFile>> PendingAsync(IReadOnlyList<SchemaFile> files, CancellationToken cancellationToken)
    {
        await using var connection = await dataSource.OpenConnectionAsync(cancellationToken);
        await using var command = new NpgsqlCommand("SELECT to_regclass('app.schema_versions') IS NOT NULL", connection);
        var recorded = (bool)(await command.ExecuteScalarAsync(cancellationToken))!;
        return Pending(files, recorded ? await AppliedAsync(connection, cancellationToken) : []);
    }

    /// <summary>Decides what is still to do, from what is recorded.</summary>
    public static IReadOnlyList<SchemaFile> Pending(IReadOnlyList<SchemaFile> files, IReadOnlyList<AppliedFile> applied)
    {
        var byVersion = files.ToDictionary(file => file.Version);
        foreach (var row in applied)
        {
            if (!byVersion.TryGetValue(row.Version, out var file))
            {
                throw new MigrationException(
                    $"The database has schema file '{row.Name}', which this build does not: it was migrated by a newer version. Use that version.");
            }

            if (!string.Equals(file.Checksum, row.Checksum, StringComparison.Ordinal))
            {
                throw new MigrationException(
                    $"Schema file '{file.Name}' was changed after it was applied. Restore it and put the change into a new file.");
            }
        }

        var last = applied.Count == 0 ? 0 : applied.Max(row => row.Version);
        var pending = files.Where(file => applied.All(row => row.Version != file.Version)).ToList();
        if (pending.FirstOrDefault(file => file.Version < last) is { } late)
        {
            throw new MigrationException(string.Create(
                CultureInfo.InvariantCulture,
                $"Schema file '{late.Name}' is older than number {last:0000}, which is applied already. Give it the next free number."));
        }

        return pending;
    }

    private async Task ApplyAsync(NpgsqlConnection connection, SchemaFile file, CancellationToken cancellationToken)
    {
        var started = clock.GetTimestamp();
        try
        {
            await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
            await ExecuteAsync(connection, file.Sql, cancellationToken);
            await RecordAsync(connection, file, clock.GetElapsedTime(started), cancellationToken);
            await transaction.CommitAsync(cancellationToken);
        }
        catch (PostgresException exception)
        {
            throw new MigrationException($"Schema file '{file.Name}' failed: {exception.MessageText}{Line(file, exception)}", exception);
        }

        Log.Applied(logger, file.Name, (long)clock.GetElapsedTime(started).TotalMilliseconds);
    }

    private static string Line(SchemaFile file, PostgresException exception)
    {
        if (exception.Position <= 0)
        {
            return exception.Where is { Length: > 0 } where ? $" ({where})" : string.Empty;
        }

        // The position counts from the start of the failed statement, which only the server knows; the statement's text locates it.
        return string.Create(CultureInfo.InvariantCulture, $" (SQLSTATE {exception.SqlState}, near character {exception.Position} of its statement in {file.Name})");
    }

    private static async Task<IReadOnlyList<AppliedFile>> AppliedAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand("SELECT version, name, checksum FROM app.schema_versions ORDER BY version", connection);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var applied = new List<AppliedFile>();
        while (await reader.ReadAsync(cancellationToken))
        {
            applied.Add(new AppliedFile(reader.GetInt32(0), reader.GetString(1), reader.GetString(2)));
        }

        return applied;
    }

    private static async Task RecordAsync(NpgsqlConnection connection, SchemaFile file, TimeSpan duration, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(
            "INSERT INTO app.schema_versions (version, name, checksum, duration_ms) VALUES ($1, $2, $3, $4)", connection);
        command.Parameters.Add(new NpgsqlParameter<int> { TypedValue = file.Version });
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = file.Name });
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = file.Checksum });
        command.Parameters.Add(new NpgsqlParameter<int> { TypedValue = (int)duration.TotalMilliseconds });
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    private static async Task ExecuteAsync(NpgsqlConnection connection, string sql, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    internal sealed record AppliedFile(int Version, string Name, string Checksum);

    private static partial class Log
    {
        [LoggerMessage(EventId = 1, EventName = "SchemaFileApplied", Level = LogLevel.Information, Message = "Applied {File} in {DurationMs} ms.")]
        public static partial void Applied(ILogger logger, string file, long durationMs);
    }
}
