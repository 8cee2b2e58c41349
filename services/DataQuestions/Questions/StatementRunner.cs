using System.Globalization;
using Microsoft.Extensions.Options;
using Npgsql;
using NpgsqlTypes;
using Platform.Contracts.DataQuestions.V1;

namespace Platform.DataQuestions.Questions;

/// <summary>Runs a statement in a READ ONLY transaction with PostgreSQL's own statement timeout.</summary>
internal sealed class StatementRunner(NpgsqlDataSource database, IOptionsMonitor<QuestionOptions> options)
{
    public async Task<Table> RunAsync(QuestionStatement statement, int maxRows, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        var limit = (long)options.CurrentValue.StatementTimeout.TotalMilliseconds;
        await using (var guard = new NpgsqlBatch(connection, transaction))
        {
            guard.BatchCommands.Add(new NpgsqlBatchCommand("SET TRANSACTION READ ONLY"));
            guard.BatchCommands.Add(new NpgsqlBatchCommand(string.Create(CultureInfo.InvariantCulture, $"SET LOCAL statement_timeout = {limit}")));
            await guard.ExecuteNonQueryAsync(cancellationToken);
        }

        await using var command = new NpgsqlCommand(statement.Sql, connection, transaction);
        foreach (var (name, value) in statement.Parameters)
        {
            command.Parameters.Add(ToParameter(name, value));
        }

        var table = new Table();
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        for (var i = 0; i < reader.FieldCount; i++)
        {
            table.Columns.Add(new Column { Name = reader.GetName(i), Type = reader.GetDataTypeName(i) });
        }

        while (await reader.ReadAsync(cancellationToken))
        {
            if (table.Rows.Count == maxRows)
            {
                table.Truncated = true;
                break;
            }

            var row = new Row();
            for (var i = 0; i < reader.FieldCount; i++)
            {
                row.Cells.Add(reader.IsDBNull(i) ? new Cell { IsNull = true } : new Cell { Text = ToText(reader.GetValue(i)) });
            }

            table.Rows.Add(row);
        }

        return table;
    }

    public static string ToText(object value) => value switch
    {
        DateOnly day => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
        DateTime { TimeOfDay.Ticks: 0 } day => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
        DateTime moment => moment.ToString("yyyy-MM-ddTHH:mm:ss.FFFFFFK", CultureInfo.InvariantCulture),
        bool flag => flag ? "true" : "false",
        string[] list => string.Join(", ", list),
        IFormattable formattable => formattable.ToString(null, CultureInfo.InvariantCulture),
        _ => value.ToString() ?? "",
    };

    private static NpgsqlParameter ToParameter(string name, object value) => value switch
    {
        string => new NpgsqlParameter(name, NpgsqlDbType.Text) { Value = value },
        string[] => new NpgsqlParameter(name, NpgsqlDbType.Array | NpgsqlDbType.Text) { Value = value },
        DateOnly => new NpgsqlParameter(name, NpgsqlDbType.Date) { Value = value },
        DateTime => new NpgsqlParameter(name, NpgsqlDbType.TimestampTz) { Value = value },
        _ => new NpgsqlParameter(name, value),
    };
}
