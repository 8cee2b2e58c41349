using Npgsql;
using NpgsqlTypes;

namespace Platform.ModelGateway.Prompts;

/// <summary>How one version did over a period.</summary>
internal sealed record VersionPerformance(
    int Version, Trials Trials, double AverageLatency, double AverageTokens, decimal? AverageCost, string? Currency, long Unpriced, double? Feedback, long FeedbackCount);

/// <summary>The ledger and the feedback, by prompt version.</summary>
internal sealed class PromptPerformanceStore(NpgsqlDataSource database)
{
    private const int MostLatencies = 10_000;

    // What a caller left, or a crash cut off, says nothing about a prompt.
    private const string Counted = "u.outcome NOT IN ('cancelled', 'interrupted')";

    internal async Task<IReadOnlyList<VersionPerformance>> PeriodAsync(string organizationId, string name, DateOnly from, DateOnly until, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand($"""
            WITH period AS (SELECT $3::timestamp AT TIME ZONE 'UTC' AS since, $4::timestamp AT TIME ZONE 'UTC' AS until),
            done AS (
                SELECT coalesce(prompt_version, 0) AS version, count(*) AS executions, count(*) FILTER (WHERE outcome = 'success') AS successes, avg(duration_ms)::float8 AS latency,
                    avg(input_tokens + output_tokens)::float8 AS tokens, count(*) FILTER (WHERE cost IS NULL) AS unpriced,
                    CASE WHEN count(DISTINCT currency) FILTER (WHERE cost > 0) <= 1 THEN round(avg(cost), 9) END AS cost, max(currency) FILTER (WHERE cost > 0) AS currency
                FROM app.usage u, period
                WHERE organization_id = $1 AND prompt_name = $2 AND created_at >= since AND created_at < until AND {Counted}
                GROUP BY coalesce(prompt_version, 0)),
            said AS (
                SELECT version, avg(score)::float8 AS score, count(*) AS times
                FROM app.prompt_feedback, period
                WHERE organization_id = $1 AND prompt_name = $2 AND created_at >= since AND created_at < until
                GROUP BY version)
            SELECT version, coalesce(executions, 0), coalesce(successes, 0), coalesce(latency, 0), coalesce(tokens, 0), cost, currency::text, coalesce(unpriced, 0), score, coalesce(times, 0)
            FROM done FULL JOIN said USING (version) ORDER BY version
            """);
        command.Parameters.Add(new() { Value = organizationId });
        command.Parameters.Add(new() { Value = name });
        command.Parameters.Add(new() { Value = from });
        command.Parameters.Add(new() { Value = until });
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var versions = new List<VersionPerformance>();
        while (await reader.ReadAsync(cancellationToken))
        {
            versions.Add(new VersionPerformance(
                reader.GetInt32(0), new Trials(reader.GetInt64(2), reader.GetInt64(1) - reader.GetInt64(2)), reader.GetDouble(3), reader.GetDouble(4),
                reader.IsDBNull(5) ? null : reader.GetDecimal(5), reader.IsDBNull(6) ? null : reader.GetString(6), reader.GetInt64(7),
                reader.IsDBNull(8) ? null : reader.GetDouble(8), reader.GetInt64(9)));
        }

        return versions;
    }

    /// <summary>Milliseconds of the latest successes, at most 10,000.</summary>
    internal async Task<IReadOnlyList<int>> LatenciesAsync(string organizationId, string name, int version, DateOnly from, DateOnly until, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand("""
            SELECT duration_ms FROM app.usage
            WHERE organization_id = $1 AND prompt_name = $2 AND coalesce(prompt_version, 0) = $3 AND outcome = 'success'
                AND created_at >= $4::timestamp AT TIME ZONE 'UTC' AND created_at < $5::timestamp AT TIME ZONE 'UTC'
            ORDER BY created_at DESC LIMIT $6
            """);
        command.Parameters.Add(new() { Value = organizationId });
        command.Parameters.Add(new() { Value = name });
        command.Parameters.Add(new() { Value = version });
        command.Parameters.Add(new() { Value = from });
        command.Parameters.Add(new() { Value = until });
        command.Parameters.Add(new() { Value = MostLatencies });
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var latencies = new List<int>();
        while (await reader.ReadAsync(cancellationToken))
        {
            latencies.Add(reader.GetInt32(0));
        }

        return latencies;
    }

    /// <summary>Prompts with several active versions.</summary>
    internal async Task<IReadOnlyList<(string Organization, string Name)>> TestedAsync(CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand("SELECT organization_id, prompt_name FROM app.prompt_versions WHERE is_active GROUP BY 1, 2 HAVING count(*) > 1 ORDER BY 1, 2");
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var tested = new List<(string, string)>();
        while (await reader.ReadAsync(cancellationToken))
        {
            tested.Add((reader.GetString(0), reader.GetString(1)));
        }

        return tested;
    }

    /// <summary>How the active versions did since the last change of what is active: only then did they share the same calls.</summary>
    internal async Task<IReadOnlyList<(int Version, Trials Trials)>> TrialsAsync(string organizationId, string name, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand($"""
            WITH active AS (
                SELECT version, greatest(max(activated_at) OVER (), (SELECT max(created_at) FROM app.prompt_changes WHERE organization_id = $1 AND prompt_name = $2)) AS since
                FROM app.prompt_versions WHERE organization_id = $1 AND prompt_name = $2 AND is_active)
            SELECT a.version, count(u.*) FILTER (WHERE u.outcome = 'success'), count(u.*) FILTER (WHERE u.outcome <> 'success')
            FROM active a
            LEFT JOIN app.usage u ON u.organization_id = $1 AND u.prompt_name = $2 AND u.prompt_version = a.version AND u.created_at >= a.since AND {Counted}
            GROUP BY a.version ORDER BY a.version
            """);
        command.Parameters.Add(new() { Value = organizationId });
        command.Parameters.Add(new() { Value = name });
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var trials = new List<(int, Trials)>();
        while (await reader.ReadAsync(cancellationToken))
        {
            trials.Add((reader.GetInt32(0), new Trials(reader.GetInt64(1), reader.GetInt64(2))));
        }

        return trials;
    }

    /// <summary>
    /// Keeps a user's score of an answer, the last one given, and brings the day's average of a version of the table up to date; version 0 is the prompt
    /// that ships with the platform. False when there is no such version.
    /// </summary>
    internal async Task<bool> AddFeedbackAsync(
        string organizationId, string userId, string name, int version, string requestId, double score, string comment, CancellationToken cancellationToken)
    {
        if (version == 0 && !BuiltInPrompts.All.ContainsKey(name))
        {
            return false;
        }

        await using var command = database.CreateCommand("""
            WITH version AS (
                SELECT id FROM app.prompt_versions WHERE organization_id = $1 AND prompt_name = $2 AND version = $3
                UNION ALL SELECT NULL WHERE $3 = 0),
            given AS (
                INSERT INTO app.prompt_feedback (organization_id, prompt_version_id, prompt_name, version, request_id, user_id, score, comment)
                SELECT $1, id, $2, $3, $4, $5, $6, $7 FROM version
                ON CONFLICT (organization_id, prompt_name, version, request_id, user_id) DO UPDATE SET score = excluded.score, comment = excluded.comment
                RETURNING prompt_version_id, user_id, request_id, score, date_trunc('day', created_at, 'UTC') AS day),
            day AS (
                SELECT g.prompt_version_id, g.day, (g.score + coalesce(sum(f.score), 0)) / (1 + count(f.*)) AS average
                FROM given g
                LEFT JOIN app.prompt_feedback f ON f.prompt_version_id = g.prompt_version_id AND (f.request_id, f.user_id) <> (g.request_id, g.user_id)
                    AND f.created_at >= g.day AND f.created_at < g.day + interval '1 day'
                WHERE g.prompt_version_id IS NOT NULL
                GROUP BY g.prompt_version_id, g.day, g.score),
            average AS (
                INSERT INTO app.prompt_performance (organization_id, prompt_version_id, measurement_period_start, measurement_period_end, user_feedback_score)
                SELECT $1, prompt_version_id, day, day + interval '1 day', round(average, 2) FROM day
                ON CONFLICT (prompt_version_id, measurement_period_start) DO UPDATE SET user_feedback_score = excluded.user_feedback_score)
            SELECT count(*) FROM version
            """);
        command.Parameters.Add(new() { Value = organizationId });
        command.Parameters.Add(new() { Value = name });
        command.Parameters.Add(new() { Value = version });
        command.Parameters.Add(new() { Value = requestId });
        command.Parameters.Add(new() { Value = userId });
        command.Parameters.Add(new() { Value = (decimal)score, NpgsqlDbType = NpgsqlDbType.Numeric });
        command.Parameters.Add(new() { Value = comment });
        return (long)(await command.ExecuteScalarAsync(cancellationToken))! > 0;
    }
}
