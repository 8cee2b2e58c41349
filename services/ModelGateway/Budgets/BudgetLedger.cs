using Npgsql;

namespace Platform.ModelGateway.Budgets;

/// <summary>What the ledger in PostgreSQL says was used: the truth that counters are made from.</summary>
internal sealed class BudgetLedger(NpgsqlDataSource database)
{
    /// <summary>Used from the start of the window on, in the budget's smallest unit.</summary>
    internal async Task<long> SpentAsync(Budget budget, DateTimeOffset windowStart, CancellationToken cancellationToken)
    {
        // Days are added up as rows come in; a minute is few rows.
        await using var command = database.CreateCommand(budget.Window == "minute"
            ? """
              SELECT count(*), coalesce(sum(input_tokens + output_tokens), 0)::bigint, coalesce(sum(cost) FILTER (WHERE currency = $3), 0)
              FROM app.usage WHERE organization_id = $1 AND created_at >= $2
              """
            : """
              SELECT coalesce(sum(requests), 0)::bigint, coalesce(sum(tokens), 0)::bigint, coalesce(sum(cost) FILTER (WHERE currency = $3), 0)
              FROM app.usage_days WHERE organization_id = $1 AND day >= ($2 AT TIME ZONE 'UTC')::date
              """);
        command.Parameters.Add(new() { Value = budget.Organization });
        command.Parameters.Add(new() { Value = windowStart.UtcDateTime });
        command.Parameters.Add(new() { Value = budget.Currency });
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        await reader.ReadAsync(cancellationToken);
        return budget.Unit switch
        {
            BudgetUnit.Requests => reader.GetInt64(0),
            BudgetUnit.Tokens => reader.GetInt64(1),
            _ => (long)(reader.GetDecimal(2) * 1_000_000_000m),
        };
    }
}
