using Npgsql;
using NpgsqlTypes;

namespace Platform.PatternAnalysis.Refreshing;

/// <summary>How far the refresh of an organization is, as the holder of its lease found it.</summary>
/// <param name="OrganizationId">Whose.</param>
/// <param name="Fence">Grows with every holder: what carries an older one is refused.</param>
/// <param name="AsOf">Day of the last or unfinished run over all customers; null: there was none.</param>
/// <param name="Cursor">Last customer that was done; null: no run is unfinished.</param>
/// <param name="ChangesSnapshot">State up to which changed customers were looked at; null: never.</param>
internal sealed record RefreshState(string OrganizationId, long Fence, DateOnly? AsOf, string? Cursor, string? ChangesSnapshot);

/// <summary>One runner for each organization over all replicas: a row with an end that PostgreSQL's clock decides on, and a fence.</summary>
internal sealed class RefreshLease(NpgsqlDataSource database)
{
    /// <summary>Takes the lease if it is free or has ended.</summary>
    /// <returns>Null when another replica has it.</returns>
    public async Task<RefreshState?> TryTakeAsync(string organizationId, string holder, TimeSpan duration, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand("""
            INSERT INTO app.pattern_refreshes AS r (organization_id, holder, fence, held_until) VALUES (@organization, @holder, 1, clock_timestamp() + @duration)
            ON CONFLICT (organization_id) DO UPDATE SET holder = @holder, fence = r.fence + 1, held_until = clock_timestamp() + @duration
            WHERE r.held_until <= clock_timestamp()
            RETURNING r.fence, r.as_of, r.cursor, r.changes_snapshot::text
            """);
        command.Parameters.AddWithValue("organization", organizationId);
        command.Parameters.AddWithValue("holder", holder);
        command.Parameters.AddWithValue("duration", duration);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        return await reader.ReadAsync(cancellationToken)
            ? new RefreshState(
                organizationId, reader.GetInt64(0), await reader.IsDBNullAsync(1, cancellationToken) ? null : reader.GetFieldValue<DateOnly>(1), Text(reader, 2), Text(reader, 3))
            : null;
    }

    /// <summary>Begins a run over all customers.</summary>
    public Task BeginAsync(RefreshState state, DateOnly asOf, CancellationToken cancellationToken) => UpdateAsync(
        state,
        "as_of = @as_of, cursor = '', done = 0, failed = 0, started_at = clock_timestamp(), finished_at = NULL, total = (SELECT count(*) FROM domain.customers WHERE organization_id = @organization)",
        command => command.Parameters.AddWithValue("as_of", asOf),
        cancellationToken);

    /// <summary>Ends a run over all customers.</summary>
    public Task EndAsync(RefreshState state, CancellationToken cancellationToken) =>
        UpdateAsync(state, "cursor = NULL, finished_at = clock_timestamp()", _ => { }, cancellationToken);

    /// <summary>Changes up to the snapshot have been looked at.</summary>
    public Task AdvanceAsync(RefreshState state, string snapshot, CancellationToken cancellationToken) => UpdateAsync(
        state, "changes_snapshot = @snapshot::pg_snapshot", command => command.Parameters.Add(new NpgsqlParameter("snapshot", NpgsqlDbType.Text) { Value = snapshot }), cancellationToken);

    /// <summary>Gives the lease back.</summary>
    public async Task ReleaseAsync(RefreshState state, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(
            "UPDATE app.pattern_refreshes SET held_until = '-infinity', holder = NULL WHERE organization_id = @organization AND fence = @fence");
        Bind(command.Parameters, state);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <summary>Prolongs the lease and counts what was done, within the transaction that stores it.</summary>
    /// <exception cref="LeaseLostException">Another replica has taken over.</exception>
    public static async Task ProgressAsync(NpgsqlConnection connection, RefreshState state, string? cursor, int done, int failed, TimeSpan duration, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand("""
            UPDATE app.pattern_refreshes SET cursor = coalesce(@cursor, cursor), done = done + @done, failed = failed + @failed, held_until = clock_timestamp() + @duration
            WHERE organization_id = @organization AND fence = @fence
            """, connection);
        Bind(command.Parameters, state);
        command.Parameters.Add(new NpgsqlParameter("cursor", NpgsqlDbType.Text) { Value = (object?)cursor ?? DBNull.Value });
        command.Parameters.AddWithValue("done", (long)done);
        command.Parameters.AddWithValue("failed", (long)failed);
        command.Parameters.AddWithValue("duration", duration);
        if (await command.ExecuteNonQueryAsync(cancellationToken) == 0)
        {
            throw new LeaseLostException(state.OrganizationId);
        }
    }

    private async Task UpdateAsync(RefreshState state, string assignments, Action<NpgsqlCommand> bind, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand($"UPDATE app.pattern_refreshes SET {assignments} WHERE organization_id = @organization AND fence = @fence");
        Bind(command.Parameters, state);
        bind(command);
        if (await command.ExecuteNonQueryAsync(cancellationToken) == 0)
        {
            throw new LeaseLostException(state.OrganizationId);
        }
    }

    private static void Bind(NpgsqlParameterCollection parameters, RefreshState state)
    {
        parameters.AddWithValue("organization", state.OrganizationId);
        parameters.AddWithValue("fence", state.Fence);
    }

    private static string? Text(NpgsqlDataReader reader, int column) => reader.IsDBNull(column) ? null : reader.GetString(column);
}

/// <summary>Another replica has taken over the refresh.</summary>
internal sealed class LeaseLostException(string organizationId) : Exception($"The refresh of \"{organizationId}\" is run by another replica now");
