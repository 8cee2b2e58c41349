using Npgsql;
using NpgsqlTypes;
using Platform.Migrations.Contract;

namespace Platform.Migrations.Import;

/// <param name="Added">Rows that were not there.</param>
/// <param name="Changed">Rows whose content was taken from the file.</param>
internal sealed record TableResult(string Table, long Added, long Changed);

/// <param name="Committed">False when lines were rejected and the rest was not wanted without them.</param>
internal sealed record ImportResult(long Read, long Rejected, IReadOnlyList<TableResult> Tables, bool Committed);

/// <summary>
/// Loads one file in one transaction: lines are checked as they stream into a staging table, then checked against each
/// other and the database, then merged by set. Memory does not grow with the file.
/// </summary>
internal sealed class ImportRun(NpgsqlDataSource dataSource, TimeProvider clock)
{
    /// <summary>Longest time that one statement over all lines may take.</summary>
    private const int StatementLimitSeconds = 1800;

    public async Task<ImportResult> ExecuteAsync(
        ImportMap map, string file, string organizationId, RejectsFile rejects, bool skipRejects, CancellationToken cancellationToken)
    {
        var started = clock.GetUtcNow();
        var csv = new CsvFile(file, map);
        var header = await csv.HeaderAsync(cancellationToken);
        var sql = new StagingSql(map);
        await using var connection = await dataSource.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await ExecuteAsync(connection, sql.Create, null, cancellationToken);
        var read = await StageAsync(connection, map, csv, header, sql, rejects, cancellationToken);
        await ExecuteAsync(connection, "ANALYZE import_lines", null, cancellationToken);
        await CheckAsync(connection, sql, organizationId, cancellationToken);
        await ReportAsync(connection, csv, rejects, cancellationToken);
        if (rejects.Count > 0 && !skipRejects)
        {
            await transaction.RollbackAsync(cancellationToken);
            return new ImportResult(read, rejects.Count, [], Committed: false);
        }

        var tables = await MergeAsync(connection, map, sql, organizationId, cancellationToken);
        var result = new ImportResult(read, rejects.Count, tables, Committed: true);
        await RecordAsync(connection, map, file, organizationId, result, started, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        foreach (var table in map.Tables)
        {
            await ExecuteAsync(connection, $"ANALYZE domain.{table.Relation.Name}", null, cancellationToken);
        }

        return result;
    }

    private static async Task<long> StageAsync(
        NpgsqlConnection connection, ImportMap map, CsvFile csv, IReadOnlyDictionary<string, int> header, StagingSql sql,
        RejectsFile rejects, CancellationToken cancellationToken)
    {
        var reader = new LineReader(map, header);
        var read = 0L;
        await using var copy = await connection.BeginBinaryImportAsync(sql.Copy, cancellationToken);
        copy.Timeout = TimeSpan.FromSeconds(StatementLimitSeconds);
        await foreach (var line in csv.RecordsAsync(raw: true, cancellationToken))
        {
            read++;
            if ((line.Problem ?? reader.Read(line.Fields)) is { } reason)
            {
                await rejects.AddAsync(line.Line, reason, line.Raw, cancellationToken);
                continue;
            }

            await copy.StartRowAsync(cancellationToken);
            await copy.WriteAsync(line.Line, NpgsqlDbType.Bigint, cancellationToken);
            for (var i = 0; i < reader.Cells.Length; i++)
            {
                await WriteAsync(copy, reader.Cells[i], reader.Columns[i], cancellationToken);
            }
        }

        await copy.CompleteAsync(cancellationToken);
        return read;
    }

    private static Task WriteAsync(NpgsqlBinaryImporter copy, object? value, ContractColumn column, CancellationToken cancellationToken) => value switch
    {
        null => copy.WriteNullAsync(cancellationToken),
        string text => copy.WriteAsync(text, column.Name == "currency" ? NpgsqlDbType.Char : NpgsqlDbType.Text, cancellationToken),
        decimal amount => copy.WriteAsync(amount, NpgsqlDbType.Numeric, cancellationToken),
        DateTime time => copy.WriteAsync(time, NpgsqlDbType.TimestampTz, cancellationToken),
        DateOnly day => copy.WriteAsync(day, NpgsqlDbType.Date, cancellationToken),
        int number => copy.WriteAsync(number, NpgsqlDbType.Integer, cancellationToken),
        bool flag => copy.WriteAsync(flag, NpgsqlDbType.Boolean, cancellationToken),
        _ => throw new InvalidOperationException($"No column type for {value.GetType()}."),
    };

    private static async Task CheckAsync(NpgsqlConnection connection, StagingSql sql, string organizationId, CancellationToken cancellationToken)
    {
        foreach (var check in sql.DuplicateChecks())
        {
            await ExecuteAsync(connection, check, organizationId, cancellationToken);
        }

        // A line that falls may be what another one referred to; each round rejects at least one more line.
        var links = sql.LinkChecks().ToList();
        int marked;
        do
        {
            marked = 0;
            foreach (var check in links)
            {
                marked += await ExecuteAsync(connection, check, organizationId, cancellationToken);
            }
        }
        while (marked > 0);
    }

    // The database knows lines by number only, so the file is read a second time, side by side with the marked lines.
    private static async Task ReportAsync(NpgsqlConnection connection, CsvFile csv, RejectsFile rejects, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand("SELECT line, reject FROM import_lines WHERE reject IS NOT NULL ORDER BY line", connection)
        {
            CommandTimeout = StatementLimitSeconds,
        };
        await using var marked = await command.ExecuteReaderAsync(cancellationToken);
        if (!await marked.ReadAsync(cancellationToken))
        {
            return;
        }

        await foreach (var line in csv.RecordsAsync(raw: true, cancellationToken))
        {
            if (line.Line != marked.GetInt64(0))
            {
                continue;
            }

            await rejects.AddAsync(line.Line, marked.GetString(1), line.Raw, cancellationToken);
            if (!await marked.ReadAsync(cancellationToken))
            {
                return;
            }
        }
    }

    private static async Task<IReadOnlyList<TableResult>> MergeAsync(
        NpgsqlConnection connection, ImportMap map, StagingSql sql, string organizationId, CancellationToken cancellationToken)
    {
        await ExecuteAsync(
            connection, "INSERT INTO app.organizations (organization_id, name) VALUES ($1, $1) ON CONFLICT DO NOTHING", organizationId, cancellationToken);
        var results = new List<TableResult>();
        foreach (var table in map.Tables)
        {
            await using var command = Command(connection, sql.Merge(table), organizationId);
            await using var reader = await command.ExecuteReaderAsync(cancellationToken);
            await reader.ReadAsync(cancellationToken);
            results.Add(new TableResult(table.Relation.Name, reader.GetInt64(0), reader.GetInt64(1)));
        }

        return results;
    }

    private static async Task RecordAsync(
        NpgsqlConnection connection, ImportMap map, string file, string organizationId, ImportResult result, DateTimeOffset started,
        CancellationToken cancellationToken)
    {
        await using var command = Command(
            connection,
            """
            INSERT INTO app.imports (organization_id, map_name, file_name, rows_read, rows_rejected, rows_added, rows_changed, started_at)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
            """, organizationId);
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = map.Name });
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = Path.GetFileName(file) });
        command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = result.Read });
        command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = result.Rejected });
        command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = result.Tables.Sum(table => table.Added) });
        command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = result.Tables.Sum(table => table.Changed) });
        command.Parameters.Add(new NpgsqlParameter<DateTime> { TypedValue = started.UtcDateTime });
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    private static async Task<int> ExecuteAsync(NpgsqlConnection connection, string sql, string? organizationId, CancellationToken cancellationToken)
    {
        await using var command = Command(connection, sql, organizationId);
        return await command.ExecuteNonQueryAsync(cancellationToken);
    }

    private static NpgsqlCommand Command(NpgsqlConnection connection, string sql, string? organizationId)
    {
        var command = new NpgsqlCommand(sql, connection) { CommandTimeout = StatementLimitSeconds };
        if (organizationId is not null && sql.Contains("$1", StringComparison.Ordinal))
        {
            command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = organizationId });
        }

        return command;
    }
}
