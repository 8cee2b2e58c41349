using Npgsql;
using NpgsqlTypes;

namespace Platform.ModelGateway.Prompts;

/// <summary>app.prompt_versions.</summary>
internal sealed class PromptStore(NpgsqlDataSource database)
{
    private const string Columns = """
        id, prompt_name, version, content, coalesce(system_message, ''), temperature::float8, max_tokens, coalesce(model, ''), tags,
        is_active, ab_test_weight::float8, created_by, created_at, activated_at, deactivated_at
        """;

    /// <summary>Adds the next version; two callers at once get two numbers.</summary>
    internal async Task<Prompt> CreateAsync(string organizationId, Prompt prompt, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await LockAsync(connection, organizationId, prompt.Name, cancellationToken);
        await using var command = new NpgsqlCommand($"""
            INSERT INTO app.prompt_versions (organization_id, prompt_name, version, content, system_message, temperature, max_tokens, model, tags, created_by)
            SELECT $1, $2, coalesce(max(version), 0) + 1, $3, nullif($4, ''), $5, $6, nullif($7, ''), $8, $9
            FROM app.prompt_versions WHERE organization_id = $1 AND prompt_name = $2
            RETURNING {Columns}
            """, connection, transaction)
        {
            Parameters =
            {
                new() { Value = organizationId },
                new() { Value = prompt.Name },
                new() { Value = prompt.Content },
                new() { Value = prompt.SystemMessage },
                new() { Value = (object?)(decimal?)prompt.Temperature ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Numeric },
                new() { Value = (object?)prompt.MaximumTokens ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Integer },
                new() { Value = prompt.Model },
                new() { Value = prompt.Tags.ToArray() },
                new() { Value = prompt.CreatedBy },
            },
        };
        var created = await OneAsync(command, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return created!;
    }

    /// <summary>
    /// Makes the version active: alone without <paramref name="weight"/>, else beside the others, whose weights share the rest
    /// in their old proportions. Null when there is no such version.
    /// </summary>
    internal Task<Prompt?> ActivateAsync(string organizationId, string name, int version, double? weight, string by, CancellationToken cancellationToken) =>
        ChangeAsync(organizationId, name, version, "activate", by, "", state =>
        {
            var others = state.Where(one => one.Version != version).ToArray();
            return weight is not { } share || others.Length == 0
                ? [(version, (decimal?)weight)]
                : [.. PromptWeights.Share(others, 1 - (decimal)share), (version, (decimal)share)];
        }, cancellationToken);

    /// <summary>Takes the version out; the weights of the others add up to 1 again. Null when there is no such version.</summary>
    internal Task<Prompt?> DeactivateAsync(string organizationId, string name, int version, string by, CancellationToken cancellationToken) =>
        ChangeAsync(organizationId, name, version, "deactivate", by, "", state => state.Any(one => one.Version == version) ? PromptWeights.Without(state, version) : null, cancellationToken);

    /// <summary>Takes a version out of a test; false when it is not active, or alone, any more.</summary>
    internal async Task<bool> PauseAsync(string organizationId, string name, int version, string by, string reason, CancellationToken cancellationToken)
    {
        var paused = false;
        await ChangeAsync(organizationId, name, version, "pause", by, reason, state =>
        {
            paused = state.Count > 1 && state.Any(one => one.Version == version);
            return paused ? PromptWeights.Without(state, version) : null;
        }, cancellationToken);
        return paused;
    }

    /// <summary>Puts what was active before the last change in place again; null when there is nothing before.</summary>
    internal async Task<IReadOnlyList<Prompt>?> RollBackAsync(string organizationId, string name, string by, CancellationToken cancellationToken)
    {
        await using (var connection = await database.OpenConnectionAsync(cancellationToken))
        await using (var transaction = await connection.BeginTransactionAsync(cancellationToken))
        {
            await LockAsync(connection, organizationId, name, cancellationToken);
            var changes = new PromptChanges(connection, transaction, organizationId, name);
            if (await changes.BeforeAsync(cancellationToken) is not var (change, state))
            {
                return null;
            }

            await changes.ApplyAsync(state, "roll_back", by, "", change, cancellationToken);
            await transaction.CommitAsync(cancellationToken);
        }

        return await ActiveAsync(organizationId, name, cancellationToken);
    }

    /// <summary>Versions below <paramref name="before"/>, newest first.</summary>
    internal async Task<IReadOnlyList<Prompt>> ListAsync(string organizationId, string name, int before, int limit, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand($"""
            SELECT {Columns} FROM app.prompt_versions
            WHERE organization_id = $1 AND prompt_name = $2 AND version < $3 ORDER BY version DESC LIMIT $4
            """);
        AddKey(command, organizationId, name, before);
        command.Parameters.Add(new() { Value = limit });
        return await AllAsync(command, cancellationToken);
    }

    internal async Task<IReadOnlyList<Prompt>> ActiveAsync(string organizationId, string name, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand($"""
            SELECT {Columns} FROM app.prompt_versions
            WHERE organization_id = $1 AND prompt_name = $2 AND is_active ORDER BY version
            """);
        command.Parameters.Add(new() { Value = organizationId });
        command.Parameters.Add(new() { Value = name });
        return await AllAsync(command, cancellationToken);
    }

    /// <summary>Puts the state in place that <paramref name="next"/> makes of the present one; null leaves it.</summary>
    private async Task<Prompt?> ChangeAsync(
        string organizationId, string name, int version, string action, string by, string reason,
        Func<IReadOnlyList<(int Version, decimal? Weight)>, IReadOnlyList<(int Version, decimal? Weight)>?> next, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await LockAsync(connection, organizationId, name, cancellationToken);
        await using var find = new NpgsqlCommand($"SELECT {Columns} FROM app.prompt_versions WHERE organization_id = $1 AND prompt_name = $2 AND version = $3", connection, transaction);
        AddKey(find, organizationId, name, version);
        if (await OneAsync(find, cancellationToken) is null)
        {
            return null;
        }

        var changes = new PromptChanges(connection, transaction, organizationId, name);
        if (next(await changes.StateAsync(cancellationToken)) is { } state)
        {
            await changes.ApplyAsync(state, action, by, reason, null, cancellationToken);
        }

        var changed = await OneAsync(find, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return changed;
    }

    private static async Task LockAsync(NpgsqlConnection connection, string organizationId, string name, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand("SELECT pg_advisory_xact_lock(hashtextextended($1, 0))", connection)
        {
            Parameters = { new() { Value = $"prompt:{organizationId}:{name}" } },
        };
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    private static void AddKey(NpgsqlCommand command, string organizationId, string name, int version)
    {
        command.Parameters.Add(new() { Value = organizationId });
        command.Parameters.Add(new() { Value = name });
        command.Parameters.Add(new() { Value = version });
    }

    private static async Task<Prompt?> OneAsync(NpgsqlCommand command, CancellationToken cancellationToken) =>
        (await AllAsync(command, cancellationToken)).FirstOrDefault();

    private static async Task<IReadOnlyList<Prompt>> AllAsync(NpgsqlCommand command, CancellationToken cancellationToken)
    {
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var prompts = new List<Prompt>();
        while (await reader.ReadAsync(cancellationToken))
        {
            prompts.Add(new Prompt
            {
                Id = reader.GetGuid(0),
                Name = reader.GetString(1),
                Version = reader.GetInt32(2),
                Content = reader.GetString(3),
                SystemMessage = reader.GetString(4),
                Temperature = reader.IsDBNull(5) ? null : reader.GetDouble(5),
                MaximumTokens = reader.IsDBNull(6) ? null : reader.GetInt32(6),
                Model = reader.GetString(7),
                Tags = reader.GetFieldValue<string[]>(8),
                IsActive = reader.GetBoolean(9),
                Weight = reader.IsDBNull(10) ? null : reader.GetDouble(10),
                CreatedBy = reader.GetString(11),
                CreatedAt = reader.GetFieldValue<DateTimeOffset>(12),
                ActivatedAt = reader.IsDBNull(13) ? null : reader.GetFieldValue<DateTimeOffset>(13),
                DeactivatedAt = reader.IsDBNull(14) ? null : reader.GetFieldValue<DateTimeOffset>(14),
            });
        }

        return prompts;
    }
}
