using System.Collections.Concurrent;
using Microsoft.Extensions.Options;
using Npgsql;
using Platform.Caching.Changes;

namespace Platform.DataQuestions.Facts;

/// <summary>What the database said about one entity, or about all customers.</summary>
/// <param name="Scope">What the facts are about.</param>
/// <param name="Snapshot">State of the database: what was read is at least as new. Null when it is not known.</param>
/// <param name="Subject">The entity; null when there is none, and for the portfolio.</param>
/// <param name="Rows">Rows by kind.</param>
/// <param name="FailedKinds">Kinds whose statement failed.</param>
internal sealed record FactReading(
    FactScope Scope, DataSnapshot? Snapshot, FactSubject? Subject, IReadOnlyList<(string Kind, FactRow Row)> Rows, IReadOnlySet<string> FailedKinds);

/// <summary>Reads all facts of an entity in one round trip. When a kind's statement fails, the kinds are read one by one, so that only it is lost.</summary>
internal sealed partial class FactsReader(NpgsqlDataSource database, IOptionsMonitor<FactsOptions> options, DataQuestionsMetrics metrics, ILogger<FactsReader> logger)
{
    private const string Snapshot = "SELECT pg_current_snapshot()::text";

    // Few rows of any entity: what the server would gain by a plan for each is less than making it takes. Holds for this batch.
    private const string SnapshotAndOnePlan = "SELECT pg_current_snapshot()::text, set_config('plan_cache_mode', 'force_generic_plan', true)";

    private static readonly IReadOnlySet<string> NoKinds = new HashSet<string>();

    // A statement of all kinds is long; its text is built once per scope.
    private readonly ConcurrentDictionary<FactScope, string> statements = new();

    /// <param name="organization">Whose.</param>
    /// <param name="scope">What the id names.</param>
    /// <param name="id">Empty for the portfolio.</param>
    /// <param name="asOf">Rows dated later are not seen.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    public async Task<FactReading> ReadAsync(string organization, FactScope scope, string id, DateOnly asOf, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        try
        {
            return await ReadTogetherAsync(connection, organization, scope, id, asOf, cancellationToken);
        }
        catch (PostgresException exception) when (IsStatementFault(exception))
        {
            Log.FactsReadOneByOne(logger, exception, exception.SqlState);
            return await ReadOneByOneAsync(connection, organization, scope, id, asOf, cancellationToken);
        }
    }

    // Faults of a statement, not of the server, the connection or the time limit.
    private static bool IsStatementFault(PostgresException exception) =>
        exception.SqlState[..2] is "22" or "42" or "0A" or "21" or "XX";

    private async Task<FactReading> ReadTogetherAsync(
        NpgsqlConnection connection, string organization, FactScope scope, string id, DateOnly asOf, CancellationToken cancellationToken)
    {
        await using var batch = new NpgsqlBatch(connection) { Timeout = TimeoutSeconds() };

        // First, so that a change that commits meanwhile counts as not seen.
        batch.BatchCommands.Add(new NpgsqlBatchCommand(scope == FactScope.Portfolio ? Snapshot : SnapshotAndOnePlan));
        if (scope != FactScope.Portfolio)
        {
            Add(batch, FactStatement.Subjects(scope), organization, id, asOf);
        }

        Add(batch, statements.GetOrAdd(scope, static scope => FactStatement.Combined(scope, FactCatalog.For(scope))), organization, id, asOf);
        await batch.PrepareAsync(cancellationToken);

        await using var reader = await batch.ExecuteReaderAsync(cancellationToken);
        await reader.ReadAsync(cancellationToken);
        var snapshot = DataSnapshot.Parse(reader.GetString(0));
        await reader.NextResultAsync(cancellationToken);
        FactSubject? subject = null;
        if (scope != FactScope.Portfolio)
        {
            subject = await ReadSubjectAsync(reader, cancellationToken);
            await reader.NextResultAsync(cancellationToken);
        }

        List<(string, FactRow)> rows = [];
        while (await reader.ReadAsync(cancellationToken))
        {
            rows.Add((reader.GetString(0), ReadRow(reader, 1)));
        }

        return new FactReading(scope, snapshot, subject, rows, NoKinds);
    }

    private async Task<FactReading> ReadOneByOneAsync(
        NpgsqlConnection connection, string organization, FactScope scope, string id, DateOnly asOf, CancellationToken cancellationToken)
    {
        FactSubject? subject = null;
        if (scope != FactScope.Portfolio)
        {
            await using var command = Command(connection, FactStatement.Subjects(scope), organization, id, asOf);
            await using var reader = await command.ExecuteReaderAsync(cancellationToken);
            subject = await ReadSubjectAsync(reader, cancellationToken);
        }

        List<(string, FactRow)> rows = [];
        HashSet<string> failed = new(StringComparer.Ordinal);
        foreach (var kind in FactCatalog.For(scope))
        {
            try
            {
                await using var command = Command(connection, FactStatement.Combined(scope, [kind]), organization, id, asOf);
                await using var reader = await command.ExecuteReaderAsync(cancellationToken);
                while (await reader.ReadAsync(cancellationToken))
                {
                    rows.Add((kind.Name, ReadRow(reader, 1)));
                }
            }
            catch (PostgresException exception) when (IsStatementFault(exception))
            {
                failed.Add(kind.Name);
                metrics.FactFailed(kind.Name);
                Log.FactKindFailed(logger, exception, kind.Name, exception.SqlState);
            }
        }

        return new FactReading(scope, null, subject, rows, failed);
    }

    private static void Add(NpgsqlBatch batch, string sql, string organization, string id, DateOnly asOf)
    {
        var command = new NpgsqlBatchCommand(sql);
        FactStatement.Bind(command.Parameters, sql, organization, [id], asOf);
        batch.BatchCommands.Add(command);
    }

    private NpgsqlCommand Command(NpgsqlConnection connection, string sql, string organization, string id, DateOnly asOf)
    {
        var command = new NpgsqlCommand(sql, connection) { CommandTimeout = TimeoutSeconds() };
        FactStatement.Bind(command.Parameters, sql, organization, [id], asOf);
        return command;
    }

    private int TimeoutSeconds() => Math.Max(1, (int)Math.Ceiling(options.CurrentValue.Timeout.TotalSeconds));

    private static async Task<FactSubject?> ReadSubjectAsync(NpgsqlDataReader reader, CancellationToken cancellationToken) =>
        await reader.ReadAsync(cancellationToken) ? new FactSubject(reader.GetString(0), reader.GetString(1), reader.GetString(2)) : null;

    private static FactRow ReadRow(NpgsqlDataReader reader, int first) => new(
        reader.GetString(first),
        reader.IsDBNull(first + 1) ? null : reader.GetString(first + 1),
        reader.IsDBNull(first + 2) ? null : reader.GetString(first + 2),
        reader.IsDBNull(first + 3) ? null : reader.GetDecimal(first + 3),
        reader.IsDBNull(first + 4) ? null : reader.GetDouble(first + 4),
        reader.GetInt64(first + 5),
        reader.IsDBNull(first + 6) ? null : reader.GetFieldValue<DateOnly>(first + 6),
        reader.IsDBNull(first + 7) ? null : reader.GetString(first + 7),
        reader.IsDBNull(first + 8) ? [] : reader.GetFieldValue<string[]>(first + 8),
        reader.GetInt64(first + 9));

    private static partial class Log
    {
        [LoggerMessage(EventId = 1, EventName = "FactsReadOneByOne", Level = LogLevel.Warning, Message = "The statement of all facts failed with {SqlState}; reading the kinds one by one")]
        public static partial void FactsReadOneByOne(ILogger logger, Exception exception, string sqlState);

        [LoggerMessage(EventId = 2, EventName = "FactKindFailed", Level = LogLevel.Error, Message = "Fact {Kind} could not be read: {SqlState}")]
        public static partial void FactKindFailed(ILogger logger, Exception exception, string kind, string sqlState);
    }
}
