using Npgsql;
using NpgsqlTypes;

namespace Platform.ModelGateway.Usage;

/// <summary>app.usage.</summary>
internal sealed class UsageStore(NpgsqlDataSource database)
{
    // One statement is one transaction: days and the figures of prompt versions hold exactly the rows that were new. Calls that the caller left, or that
    // a crash cut off, say nothing about a prompt. Ordered, so that two instances wait for each other instead of deadlocking.
    private const string Insert = """
        WITH added AS (
            INSERT INTO app.usage (organization_id, call_id, request_id, operation, provider, model, prompt_name, prompt_version,
                input_tokens, output_tokens, cached_tokens, reasoning_tokens, tokens_estimated, cost, currency, price_version, outcome,
                duration_ms, attempts, created_at)
            SELECT * FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[], $8::int[],
                $9::bigint[], $10::bigint[], $11::bigint[], $12::bigint[], $13::bool[], $14::numeric[], $15::text[], $16::text[], $17::text[],
                $18::int[], $19::int[], $20::timestamptz[])
            ON CONFLICT (organization_id, call_id) DO NOTHING
            RETURNING *),
        days AS (
            INSERT INTO app.usage_days AS d (organization_id, day, currency, requests, tokens, cost)
            SELECT organization_id, (created_at AT TIME ZONE 'UTC')::date, coalesce(currency, ''), count(*), sum(input_tokens + output_tokens), coalesce(sum(cost), 0)
            FROM added GROUP BY 1, 2, 3 ORDER BY 1, 2, 3
            ON CONFLICT (organization_id, day, currency) DO UPDATE SET
                requests = d.requests + excluded.requests, tokens = d.tokens + excluded.tokens, cost = d.cost + excluded.cost),
        sums AS (
            SELECT a.organization_id, v.id, date_trunc('day', a.created_at, 'UTC') AS day, count(*) AS executions,
                count(*) FILTER (WHERE a.outcome = 'success') AS successes, sum(a.duration_ms)::bigint AS latency,
                sum(a.input_tokens + a.output_tokens)::bigint AS tokens, coalesce(sum(a.cost) FILTER (WHERE a.currency = 'USD'), 0) AS cost,
                count(*) FILTER (WHERE a.currency = 'USD') AS priced
            FROM added a
            JOIN app.prompt_versions v ON (v.organization_id, v.prompt_name, v.version) = (a.organization_id, a.prompt_name, a.prompt_version)
            WHERE a.outcome NOT IN ('cancelled', 'interrupted')
            GROUP BY 1, 2, 3)
        INSERT INTO app.prompt_performance AS p (organization_id, prompt_version_id, measurement_period_start, measurement_period_end,
            execution_count, success_count, failure_count, latency_ms_sum, tokens_sum, cost_sum, priced_count, avg_latency_ms, avg_tokens_used, avg_cost_usd)
        SELECT organization_id, id, day, day + interval '1 day', executions, successes, executions - successes, latency, tokens, cost, priced,
            round(latency::numeric / executions), round(tokens::numeric / executions), cost / nullif(priced, 0)
        FROM sums ORDER BY id, day
        ON CONFLICT (prompt_version_id, measurement_period_start) DO UPDATE SET
            execution_count = p.execution_count + excluded.execution_count,
            success_count = p.success_count + excluded.success_count,
            failure_count = p.failure_count + excluded.failure_count,
            latency_ms_sum = p.latency_ms_sum + excluded.latency_ms_sum,
            tokens_sum = p.tokens_sum + excluded.tokens_sum,
            cost_sum = p.cost_sum + excluded.cost_sum,
            priced_count = p.priced_count + excluded.priced_count,
            avg_latency_ms = round((p.latency_ms_sum + excluded.latency_ms_sum)::numeric / (p.execution_count + excluded.execution_count)),
            avg_tokens_used = round((p.tokens_sum + excluded.tokens_sum)::numeric / (p.execution_count + excluded.execution_count)),
            avg_cost_usd = (p.cost_sum + excluded.cost_sum) / nullif(p.priced_count + excluded.priced_count, 0)
        """;

    /// <summary>
    /// Writes the rows and adds them to their days and to the performance of their prompt versions; one that is there already, by organization and
    /// call id, is left as it is.
    /// </summary>
    internal async Task AddAsync(IReadOnlyList<UsageRow> rows, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(Insert);
        command.Parameters.Add(Column(rows, row => row.OrganizationId, NpgsqlDbType.Text));
        command.Parameters.Add(Column(rows, row => row.CallId, NpgsqlDbType.Text));
        command.Parameters.Add(Column(rows, row => row.RequestId, NpgsqlDbType.Text));
        command.Parameters.Add(Column(rows, row => row.Operation, NpgsqlDbType.Text));
        command.Parameters.Add(Column(rows, row => row.Provider, NpgsqlDbType.Text));
        command.Parameters.Add(Column(rows, row => row.Model, NpgsqlDbType.Text));
        command.Parameters.Add(Column(rows, row => row.PromptName, NpgsqlDbType.Text));
        command.Parameters.Add(Column(rows, row => row.PromptVersion, NpgsqlDbType.Integer));
        command.Parameters.Add(Column(rows, row => row.Tokens.Input, NpgsqlDbType.Bigint));
        command.Parameters.Add(Column(rows, row => row.Tokens.Output, NpgsqlDbType.Bigint));
        command.Parameters.Add(Column(rows, row => row.Tokens.CachedInput, NpgsqlDbType.Bigint));
        command.Parameters.Add(Column(rows, row => row.Tokens.Reasoning, NpgsqlDbType.Bigint));
        command.Parameters.Add(Column(rows, row => row.Tokens.Estimated, NpgsqlDbType.Boolean));
        command.Parameters.Add(Column(rows, row => row.Price.Amount, NpgsqlDbType.Numeric));
        command.Parameters.Add(Column(rows, row => row.Price.Currency, NpgsqlDbType.Text));
        command.Parameters.Add(Column(rows, row => row.Price.Version, NpgsqlDbType.Text));
        command.Parameters.Add(Column(rows, row => row.Outcome, NpgsqlDbType.Text));
        command.Parameters.Add(Column(rows, row => (int)Math.Min(row.Duration.TotalMilliseconds, int.MaxValue), NpgsqlDbType.Integer));
        command.Parameters.Add(Column(rows, row => row.Attempts, NpgsqlDbType.Integer));
        command.Parameters.Add(Column(rows, row => row.CreatedAt.UtcDateTime, NpgsqlDbType.TimestampTz));
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    private static NpgsqlParameter Column<TValue>(IReadOnlyList<UsageRow> rows, Func<UsageRow, TValue> value, NpgsqlDbType type) =>
        new() { Value = rows.Select(value).ToArray(), NpgsqlDbType = NpgsqlDbType.Array | type };

    /// <summary>Sums of the calls of one organization, or of each, within [from, until), all as of one moment.</summary>
    internal async Task<IReadOnlyList<OrganizationSums>> SumAsync(string? organizationId, DateOnly from, DateOnly until, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand("""
            SELECT organization_id, operation, model, coalesce(prompt_name, ''), coalesce(prompt_version, 0), price_version, currency::text, count(*), count(*) FILTER (WHERE cost IS NULL),
                   sum(input_tokens)::bigint, sum(output_tokens)::bigint, sum(cached_tokens)::bigint, sum(reasoning_tokens)::bigint, coalesce(sum(cost), 0)
            FROM app.usage
            WHERE ($1::text IS NULL OR organization_id = $1) AND created_at >= ($2::date)::timestamp AT TIME ZONE 'UTC' AND created_at < ($3::date)::timestamp AT TIME ZONE 'UTC'
            GROUP BY 1, 2, 3, 4, 5, 6, 7
            ORDER BY 1, 2, 3, 4, 5, 6, 7
            """);
        command.Parameters.Add(new() { Value = organizationId is null ? DBNull.Value : organizationId, NpgsqlDbType = NpgsqlDbType.Text });
        command.Parameters.Add(new() { Value = from });
        command.Parameters.Add(new() { Value = until });
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var sums = new List<OrganizationSums>();
        while (await reader.ReadAsync(cancellationToken))
        {
            var organization = reader.GetString(0);
            if (sums.Count == 0 || sums[^1].Organization != organization)
            {
                sums.Add(new OrganizationSums(organization, []));
            }

            sums[^1].Sums.Add(new AllocationSum(
                reader.GetString(1), reader.GetString(2), reader.GetString(3), reader.GetInt32(4), reader.GetString(5), reader.IsDBNull(6) ? null : reader.GetString(6),
                reader.GetInt64(7), reader.GetInt64(8), new TokenCount(reader.GetInt64(9), reader.GetInt64(10), reader.GetInt64(11), reader.GetInt64(12), false), reader.GetDecimal(13)));
        }

        return sums;
    }
}

/// <summary>What one organization used.</summary>
internal sealed record OrganizationSums(string Organization, List<AllocationSum> Sums);
