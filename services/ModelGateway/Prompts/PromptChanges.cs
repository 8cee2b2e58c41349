using Npgsql;
using NpgsqlTypes;

namespace Platform.ModelGateway.Prompts;

/// <summary>
/// Changes what is active, one change of a prompt at a time, and keeps each with the state it led to (app.prompt_changes). Made
/// within a transaction that holds the prompt's lock.
/// </summary>
internal sealed class PromptChanges(NpgsqlConnection connection, NpgsqlTransaction transaction, string organizationId, string name)
{
    /// <summary>The versions that are active, and their weights.</summary>
    internal async Task<IReadOnlyList<(int Version, decimal? Weight)>> StateAsync(CancellationToken cancellationToken)
    {
        await using var command = Command("SELECT version, ab_test_weight FROM app.prompt_versions WHERE organization_id = $1 AND prompt_name = $2 AND is_active ORDER BY version");
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var state = new List<(int, decimal?)>();
        while (await reader.ReadAsync(cancellationToken))
        {
            state.Add((reader.GetInt32(0), reader.IsDBNull(1) ? null : reader.GetDecimal(1)));
        }

        return state;
    }

    /// <summary>Puts a state in place and keeps it.</summary>
    internal async Task ApplyAsync(
        IReadOnlyList<(int Version, decimal? Weight)> state, string action, string by, string reason, long? restores, CancellationToken cancellationToken)
    {
        await KeepFirstAsync(cancellationToken);
        await using (var apply = Command("""
            UPDATE app.prompt_versions p
            SET is_active = s.version IS NOT NULL,
                ab_test_weight = s.weight,
                activated_at = CASE WHEN s.version IS NOT NULL AND NOT p.is_active THEN now() ELSE p.activated_at END,
                deactivated_at = CASE WHEN s.version IS NOT NULL THEN NULL ELSE now() END
            FROM app.prompt_versions v LEFT JOIN unnest($3::int[], $4::numeric[]) AS s (version, weight) ON s.version = v.version
            WHERE v.id = p.id AND p.organization_id = $1 AND p.prompt_name = $2 AND (p.is_active OR s.version IS NOT NULL)
            """))
        {
            AddState(apply, state);
            await apply.ExecuteNonQueryAsync(cancellationToken);
        }

        await KeepAsync(state, action, by, reason, restores, cancellationToken);
    }

    /// <summary>The state before the last change, and the change that led to it (0: none did); null when there is nothing before.</summary>
    internal async Task<(long Change, IReadOnlyList<(int Version, decimal? Weight)> State)?> BeforeAsync(CancellationToken cancellationToken)
    {
        await using var command = Command("""
            WITH latest AS (SELECT coalesce(restores, id) AS base FROM app.prompt_changes WHERE organization_id = $1 AND prompt_name = $2 ORDER BY id DESC LIMIT 1)
            SELECT base, c.id, c.restores, c.versions, c.weights
            FROM latest LEFT JOIN LATERAL (
                SELECT * FROM app.prompt_changes WHERE organization_id = $1 AND prompt_name = $2 AND id < base ORDER BY id DESC LIMIT 1) c ON true
            """);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        if (!await reader.ReadAsync(cancellationToken) || reader.GetInt64(0) == 0)
        {
            return null;
        }

        if (reader.IsDBNull(1))
        {
            return (0, []);
        }

        var weights = reader.GetFieldValue<decimal?[]>(4);
        return (reader.IsDBNull(2) ? reader.GetInt64(1) : reader.GetInt64(2), [.. reader.GetFieldValue<int[]>(3).Select((version, index) => (version, weights[index]))]);
    }

    // What was active before changes were kept can be rolled back to as well.
    private async Task KeepFirstAsync(CancellationToken cancellationToken)
    {
        await using var command = Command("SELECT EXISTS (SELECT 1 FROM app.prompt_changes WHERE organization_id = $1 AND prompt_name = $2)");
        if (!(bool)(await command.ExecuteScalarAsync(cancellationToken))! && await StateAsync(cancellationToken) is { Count: > 0 } before)
        {
            await KeepAsync(before, "activate", "platform", "active before changes were kept", null, cancellationToken);
        }
    }

    private async Task KeepAsync(
        IReadOnlyList<(int Version, decimal? Weight)> state, string action, string by, string reason, long? restores, CancellationToken cancellationToken)
    {
        await using var command = Command("""
            INSERT INTO app.prompt_changes (organization_id, prompt_name, versions, weights, action, changed_by, reason, restores)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
            """);
        AddState(command, state);
        command.Parameters.Add(new() { Value = action });
        command.Parameters.Add(new() { Value = by });
        command.Parameters.Add(new() { Value = reason });
        command.Parameters.Add(new() { Value = (object?)restores ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Bigint });
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    private static void AddState(NpgsqlCommand command, IReadOnlyList<(int Version, decimal? Weight)> state)
    {
        command.Parameters.Add(new() { Value = state.Select(one => one.Version).ToArray(), NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Integer });
        command.Parameters.Add(new() { Value = state.Select(one => one.Weight).ToArray(), NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Numeric });
    }

    private NpgsqlCommand Command(string text) => new(text, connection, transaction) { Parameters = { new() { Value = organizationId }, new() { Value = name } } };
}
