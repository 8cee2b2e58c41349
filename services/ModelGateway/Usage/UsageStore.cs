using Npgsql;
using NpgsqlTypes;

namespace Platform.ModelGateway.Usage;

/// <summary>app.usage.</summary>
internal sealed class UsageStore(NpgsqlDataSource database)
{
    /// <summary>Writes the rows; one that is there already, by organization and call id, is left as it is.</summary>
    internal async Task AddAsync(IReadOnlyList<UsageRow> rows, CancellationToken cancellationToken)
    {
        await using var batch = database.CreateBatch();
        foreach (var row in rows)
        {
            batch.BatchCommands.Add(new NpgsqlBatchCommand("""
                INSERT INTO app.usage (organization_id, call_id, request_id, operation, provider, model, prompt_name, prompt_version,
                    input_tokens, output_tokens, cached_tokens, reasoning_tokens, cost, currency, price_version, outcome, duration_ms, created_at)
                VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18)
                ON CONFLICT (organization_id, call_id) DO NOTHING
                """)
            {
                Parameters =
                {
                    new() { Value = row.OrganizationId },
                    new() { Value = row.CallId },
                    new() { Value = row.RequestId },
                    new() { Value = row.Operation },
                    new() { Value = row.Provider },
                    new() { Value = row.Model },
                    new() { Value = (object?)row.PromptName ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Text },
                    new() { Value = (object?)row.PromptVersion ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Integer },
                    new() { Value = row.Tokens.Input },
                    new() { Value = row.Tokens.Output },
                    new() { Value = row.Tokens.CachedInput },
                    new() { Value = row.Tokens.Reasoning },
                    new() { Value = row.Price.Amount },
                    new() { Value = row.Price.Currency },
                    new() { Value = row.Price.Version },
                    new() { Value = row.Outcome },
                    new() { Value = (int)Math.Min(row.Duration.TotalMilliseconds, int.MaxValue) },
                    new() { Value = row.CreatedAt.ToUniversalTime() },
                },
            });
        }

        await batch.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <summary>Sums of the calls of the organization within [from, until), by operation, model and currency.</summary>
    internal async Task<IReadOnlyList<AllocationSum>> SumAsync(string organizationId, DateOnly from, DateOnly until, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand("""
            SELECT operation, model, currency, count(*), sum(input_tokens)::bigint, sum(output_tokens)::bigint,
                   sum(cached_tokens)::bigint, sum(reasoning_tokens)::bigint, sum(cost)
            FROM app.usage
            WHERE organization_id = $1 AND created_at >= ($2::date)::timestamp AT TIME ZONE 'UTC' AND created_at < ($3::date)::timestamp AT TIME ZONE 'UTC'
            GROUP BY operation, model, currency
            ORDER BY operation, model, currency
            """);
        command.Parameters.Add(new() { Value = organizationId });
        command.Parameters.Add(new() { Value = from });
        command.Parameters.Add(new() { Value = until });
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var sums = new List<AllocationSum>();
        while (await reader.ReadAsync(cancellationToken))
        {
            sums.Add(new AllocationSum(
                reader.GetString(0), reader.GetString(1), reader.GetString(2), reader.GetInt64(3),
                new TokenCount(reader.GetInt64(4), reader.GetInt64(5), reader.GetInt64(6), reader.GetInt64(7), false), reader.GetDecimal(8)));
        }

        return sums;
    }
}

/// <summary>What one operation used of one model.</summary>
internal sealed record AllocationSum(string Operation, string Model, string Currency, long Requests, TokenCount Tokens, decimal Cost);
