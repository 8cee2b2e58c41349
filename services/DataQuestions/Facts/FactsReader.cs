using System.Collections.Concurrent;
using Microsoft.Extensions.Options;
using Npgsql;

namespace Platform.DataQuestions.Facts;

/// <summary>Entities of one scope whose facts are wanted. The portfolio has no ids.</summary>
internal sealed record FactGroup(FactScope Scope, IReadOnlyList<string> Ids, IReadOnlyList<FactProvider> Kinds);

/// <summary>What the database said: the entities that exist, the rows of each kind, and the kinds whose statement failed.</summary>
internal sealed record FactReading(
    FactGroup Group,
    IReadOnlyDictionary<string, FactSubject> Subjects,
    IReadOnlyList<(string Kind, FactRow Row)> Rows,
    IReadOnlySet<string> FailedKinds);

/// <summary>Reads facts in one round trip. When a kind's statement fails, the kinds are read one by one, so that only it is lost.</summary>
internal sealed partial class FactsReader(NpgsqlDataSource database, IOptionsMonitor<FactsOptions> options, DataQuestionsMetrics metrics, ILogger<FactsReader> logger)
{
    // A statement of all kinds is long; its text is built once per scope.
    private readonly ConcurrentDictionary<FactScope, string> statements = new();

    public async Task<IReadOnlyList<FactReading>> ReadAsync(string organization, IReadOnlyList<FactGroup> groups, DateOnly asOf, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        try
        {
            return await ReadTogetherAsync(connection, organization, groups, asOf, cancellationToken);
        }
        catch (PostgresException exception) when (IsStatementFault(exception))
        {
            Log.FactsReadOneByOne(logger, exception, exception.SqlState);
            return await ReadOneByOneAsync(connection, organization, groups, asOf, cancellationToken);
        }
    }

    // Faults of a statement, not of the server, the connection or the time limit.
    private static bool IsStatementFault(PostgresException exception) =>
        exception.SqlState[..2] is "22" or "42" or "0A" or "21" or "XX";

    private async Task<IReadOnlyList<FactReading>> ReadTogetherAsync(
        NpgsqlConnection connection, string organization, IReadOnlyList<FactGroup> groups, DateOnly asOf, CancellationToken cancellationToken)
    {
        await using var batch = new NpgsqlBatch(connection) { Timeout = TimeoutSeconds() };
        foreach (var group in groups)
        {
            if (group.Scope != FactScope.Portfolio)
            {
                Add(batch, FactStatement.Subjects(group.Scope), organization, group.Ids, asOf);
            }

            if (group.Kinds.Count > 0)
            {
                Add(batch, Combined(group), organization, group.Ids, asOf);
            }
        }

        if (groups.All(IsWhole))
        {
            await batch.PrepareAsync(cancellationToken);
        }

        var readings = new List<FactReading>(groups.Count);
        await using var reader = await batch.ExecuteReaderAsync(cancellationToken);
        foreach (var group in groups)
        {
            var subjects = NoSubjects;
            if (group.Scope != FactScope.Portfolio)
            {
                subjects = await ReadSubjectsAsync(reader, cancellationToken);
                await reader.NextResultAsync(cancellationToken);
            }

            List<(string, FactRow)> rows = [];
            if (group.Kinds.Count > 0)
            {
                while (await reader.ReadAsync(cancellationToken))
                {
                    rows.Add((reader.GetString(0), ReadRow(reader, 1)));
                }

                await reader.NextResultAsync(cancellationToken);
            }

            readings.Add(new FactReading(group, subjects, rows, NoKinds));
        }

        return readings;
    }

    private async Task<IReadOnlyList<FactReading>> ReadOneByOneAsync(
        NpgsqlConnection connection, string organization, IReadOnlyList<FactGroup> groups, DateOnly asOf, CancellationToken cancellationToken)
    {
        var readings = new List<FactReading>(groups.Count);
        foreach (var group in groups)
        {
            var subjects = NoSubjects;
            if (group.Scope != FactScope.Portfolio)
            {
                await using var command = Command(connection, FactStatement.Subjects(group.Scope), organization, group.Ids, asOf);
                await using var reader = await command.ExecuteReaderAsync(cancellationToken);
                subjects = await ReadSubjectsAsync(reader, cancellationToken);
            }

            List<(string, FactRow)> rows = [];
            HashSet<string> failed = new(StringComparer.Ordinal);
            foreach (var kind in group.Kinds)
            {
                try
                {
                    await using var command = Command(connection, FactStatement.Combined(group.Scope, [kind]), organization, group.Ids, asOf);
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

            readings.Add(new FactReading(group, subjects, rows, failed));
        }

        return readings;
    }

    private static readonly IReadOnlyDictionary<string, FactSubject> NoSubjects = new Dictionary<string, FactSubject>();

    private static readonly IReadOnlySet<string> NoKinds = new HashSet<string>();

    private string Combined(FactGroup group) => IsWhole(group)
        ? statements.GetOrAdd(group.Scope, static (scope, kinds) => FactStatement.Combined(scope, kinds), group.Kinds)
        : FactStatement.Combined(group.Scope, group.Kinds);

    private static bool IsWhole(FactGroup group) => group.Kinds.Count == FactCatalog.For(group.Scope, []).Count;

    private static void Add(NpgsqlBatch batch, string sql, string organization, IReadOnlyList<string> ids, DateOnly asOf)
    {
        var command = new NpgsqlBatchCommand(sql);
        FactStatement.Bind(command.Parameters, sql, organization, ids, asOf);
        batch.BatchCommands.Add(command);
    }

    private NpgsqlCommand Command(NpgsqlConnection connection, string sql, string organization, IReadOnlyList<string> ids, DateOnly asOf)
    {
        var command = new NpgsqlCommand(sql, connection) { CommandTimeout = TimeoutSeconds() };
        FactStatement.Bind(command.Parameters, sql, organization, ids, asOf);
        return command;
    }

    private int TimeoutSeconds() => Math.Max(1, (int)Math.Ceiling(options.CurrentValue.Timeout.TotalSeconds));

    private static async Task<IReadOnlyDictionary<string, FactSubject>> ReadSubjectsAsync(NpgsqlDataReader reader, CancellationToken cancellationToken)
    {
        var subjects = new Dictionary<string, FactSubject>(StringComparer.Ordinal);
        while (await reader.ReadAsync(cancellationToken))
        {
            subjects[reader.GetString(0)] = new FactSubject(reader.GetString(0), reader.GetString(1), reader.GetString(2));
        }

        return subjects;
    }

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
