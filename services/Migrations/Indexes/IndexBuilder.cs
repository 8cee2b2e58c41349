using Microsoft.Extensions.Logging;
using Npgsql;

namespace Platform.Migrations.Indexes;

/// <summary>
/// Creates the indexes of <see cref="IndexCatalog"/> concurrently, outside of transactions, and repairs what a crash left
/// half built. The caller holds the migration lock, so an invalid index is never one that a peer is building.
/// </summary>
internal sealed partial class IndexBuilder(NpgsqlDataSource dataSource, TimeProvider clock, ILogger<IndexBuilder> logger)
{
    /// <summary>Longest time that one index may take.</summary>
    public static readonly TimeSpan BuildLimit = TimeSpan.FromMinutes(30);

    // indislive and indisready are false in the first phases of a build, indisvalid until its end.
    private const string StateQuery = """
        SELECT w.name, t.relkind, i.indexrelid IS NOT NULL,
               coalesce(i.indisvalid AND i.indisready AND i.indislive, false), coalesce(pg_get_indexdef(i.indexrelid), '')
          FROM unnest($1::text[], $2::text[], $3::text[]) AS w(name, table_schema, table_name)
          LEFT JOIN pg_namespace n ON n.nspname = w.table_schema
          LEFT JOIN pg_class t ON t.relnamespace = n.oid AND t.relname = w.table_name
          LEFT JOIN pg_class x ON x.relnamespace = n.oid AND x.relname = w.name AND x.relkind IN ('i', 'I')
          LEFT JOIN pg_index i ON i.indexrelid = x.oid
        """;

    /// <summary>How each index stands, in the order given.</summary>
    public async Task<IReadOnlyList<IndexReport>> InspectAsync(IReadOnlyList<IndexDefinition> indexes, CancellationToken cancellationToken)
    {
        await using var command = dataSource.CreateCommand(StateQuery);
        command.Parameters.Add(new NpgsqlParameter<string[]> { TypedValue = [.. indexes.Select(index => index.Name)] });
        command.Parameters.Add(new NpgsqlParameter<string[]> { TypedValue = [.. indexes.Select(index => index.Schema)] });
        command.Parameters.Add(new NpgsqlParameter<string[]> { TypedValue = [.. indexes.Select(index => index.Table)] });
        var byName = indexes.ToDictionary(index => index.Name, StringComparer.Ordinal);
        var reports = new Dictionary<string, IndexReport>(StringComparer.Ordinal);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            var index = byName[reader.GetString(0)];
            char? kind = await reader.IsDBNullAsync(1, cancellationToken) ? null : reader.GetChar(1);
            reports[index.Name] = Report(index, kind, reader.GetBoolean(2), reader.GetBoolean(3), reader.GetString(4));
        }

        return [.. indexes.Select(index => reports[index.Name])];
    }

    /// <summary>Creates what is missing and rebuilds what is invalid.</summary>
    /// <returns>The names of the indexes built.</returns>
    /// <exception cref="MigrationException">An index of that name exists over other columns, or a build failed.</exception>
    public async Task<IReadOnlyList<string>> BuildAsync(IReadOnlyList<IndexDefinition> indexes, CancellationToken cancellationToken)
    {
        var built = new List<string>();
        foreach (var report in await InspectAsync(indexes, cancellationToken))
        {
            switch (report.State)
            {
                case IndexState.Different:
                    throw new MigrationException(
                        $"Index {report.Index.Name} exists but is not the one needed. Found: {report.Found}. Needed: {report.Index.CatalogDefinition}. Rename or drop it, then run again.");
                case IndexState.Invalid:
                    Log.Repairing(logger, report.Index.Name);
                    await ExecuteAsync(report.Index, $"DROP INDEX CONCURRENTLY IF EXISTS {report.Index.Schema}.{report.Index.Name}", cancellationToken);
                    break;
                case IndexState.Missing:
                    break;
                default:
                    continue;
            }

            var started = clock.GetTimestamp();
            await ExecuteAsync(report.Index, report.Index.CreateStatement, cancellationToken);
            built.Add(report.Index.Name);
            Log.Built(logger, report.Index.Name, (long)clock.GetElapsedTime(started).TotalMilliseconds);
        }

        return built;
    }

    private static IndexReport Report(IndexDefinition index, char? relationKind, bool exists, bool valid, string definition)
    {
        return (relationKind, exists, valid) switch
        {
            (null, _, _) => new IndexReport(index, IndexState.NoTable),
            ('v' or 'f' or 'p', false, _) => new IndexReport(index, IndexState.NotApplicable),
            (_, false, _) => new IndexReport(index, IndexState.Missing),
            (_, true, false) => new IndexReport(index, IndexState.Invalid),
            _ => definition == index.CatalogDefinition
                ? new IndexReport(index, IndexState.Present)
                : new IndexReport(index, IndexState.Different, definition),
        };
    }

    private async Task ExecuteAsync(IndexDefinition index, string sql, CancellationToken cancellationToken)
    {
        await using var command = dataSource.CreateCommand(sql);
        command.CommandTimeout = (int)BuildLimit.TotalSeconds;
        try
        {
            await command.ExecuteNonQueryAsync(cancellationToken);
        }
        catch (PostgresException exception)
        {
            throw new MigrationException($"Index {index.Name} on {index.Schema}.{index.Table} could not be built: {exception.MessageText}", exception);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(EventId = 1, EventName = "IndexBuilt", Level = LogLevel.Information, Message = "Built index {Index} in {DurationMs} ms.")]
        public static partial void Built(ILogger logger, string index, long durationMs);

        [LoggerMessage(EventId = 2, EventName = "IndexRepaired", Level = LogLevel.Warning, Message = "Index {Index} was left invalid by an unfinished build; dropping it to build it again.")]
        public static partial void Repairing(ILogger logger, string index);
    }
}
