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
    internal async Task<Prompt?> ActivateAsync(string organizationId, string name, int version, double? weight, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await LockAsync(connection, organizationId, name, cancellationToken);
        var others = weight is null
            ? """
              UPDATE app.prompt_versions SET is_active = false, deactivated_at = now(), ab_test_weight = NULL
              WHERE organization_id = $1 AND prompt_name = $2 AND version <> $3 AND is_active
                AND EXISTS (SELECT 1 FROM app.prompt_versions WHERE organization_id = $1 AND prompt_name = $2 AND version = $3)
              """
            : """
              UPDATE app.prompt_versions p
              SET ab_test_weight = round((1 - $4) * coalesce(p.ab_test_weight, 1) / t.total, 2)
              FROM (SELECT sum(coalesce(ab_test_weight, 1)) AS total FROM app.prompt_versions
                    WHERE organization_id = $1 AND prompt_name = $2 AND version <> $3 AND is_active) t
              WHERE p.organization_id = $1 AND p.prompt_name = $2 AND p.version <> $3 AND p.is_active AND t.total > 0
                AND EXISTS (SELECT 1 FROM app.prompt_versions WHERE organization_id = $1 AND prompt_name = $2 AND version = $3)
              """;
        await using (var command = new NpgsqlCommand(others, connection, transaction))
        {
            AddKey(command, organizationId, name, version);
            if (weight is { } share)
            {
                command.Parameters.Add(new() { Value = (decimal)share });
            }

            await command.ExecuteNonQueryAsync(cancellationToken);
        }

        await using var activate = new NpgsqlCommand($"""
            UPDATE app.prompt_versions SET is_active = true, activated_at = now(), deactivated_at = NULL, ab_test_weight = $4
            WHERE organization_id = $1 AND prompt_name = $2 AND version = $3
            RETURNING {Columns}
            """, connection, transaction);
        AddKey(activate, organizationId, name, version);
        activate.Parameters.Add(new() { Value = (object?)(decimal?)weight ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Numeric });
        var activated = await OneAsync(activate, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return activated;
    }

    /// <summary>Null when there is no such version.</summary>
    internal async Task<Prompt?> DeactivateAsync(string organizationId, string name, int version, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand($"""
            UPDATE app.prompt_versions
            SET is_active = false, ab_test_weight = NULL, deactivated_at = CASE WHEN is_active THEN now() ELSE deactivated_at END
            WHERE organization_id = $1 AND prompt_name = $2 AND version = $3
            RETURNING {Columns}
            """);
        AddKey(command, organizationId, name, version);
        return await OneAsync(command, cancellationToken);
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
