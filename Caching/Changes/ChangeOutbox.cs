using Npgsql;
using NpgsqlTypes;

namespace Platform.Caching.Changes;

/// <summary>What a look at the outbox showed.</summary>
/// <param name="Snapshot">The state that was looked at: the next look starts here.</param>
/// <param name="IsUnbroken">False when the database is an older one than before: then nothing is known.</param>
/// <param name="Changes">What became visible since.</param>
public sealed record ChangeLook(string Snapshot, bool IsUnbroken, IReadOnlyList<DataChange> Changes);

/// <summary>
/// app.change_events. Transactions commit in another order than they take numbers, so "greater than the last id" would lose the
/// slower ones. A look therefore names the snapshot of the look before, and gets what is visible now and was not then: each change once.
/// </summary>
public static class ChangeOutbox
{
    public const string Channel = "domain_changes";

    private const string Sql = """
        WITH per_customer AS (
          SELECT organization_id, customer_id, max(transaction_id::text::bigint) AS position
          FROM app.change_events
          WHERE transaction_id >= pg_snapshot_xmin(@since::pg_snapshot) AND NOT pg_visible_in_snapshot(transaction_id, @since::pg_snapshot)
          GROUP BY organization_id, customer_id),
        bounded AS (
          SELECT organization_id, CASE WHEN count(*) OVER (PARTITION BY organization_id) > @most THEN '*' ELSE customer_id END AS customer_id, position
          FROM per_customer),
        changes AS (SELECT organization_id, customer_id, max(position) AS position FROM bounded GROUP BY organization_id, customer_id)
        SELECT pg_current_snapshot()::text, pg_snapshot_xmax(pg_current_snapshot()) >= pg_snapshot_xmax(@since::pg_snapshot), c.organization_id, c.customer_id, c.position
        FROM (SELECT 1) AS one LEFT JOIN changes c ON true
        """;

    public static async Task<string> CurrentSnapshotAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand("SELECT pg_current_snapshot()::text", connection);
        return (string)(await command.ExecuteScalarAsync(cancellationToken))!;
    }

    /// <param name="connection">Open.</param>
    /// <param name="since">Snapshot of the look before.</param>
    /// <param name="most">Changed customers of an organization above which it counts as changed as a whole.</param>
    /// <param name="cancellationToken">Ends the look.</param>
    public static async Task<ChangeLook> SinceAsync(NpgsqlConnection connection, string since, int most, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(Sql, connection);
        command.Parameters.Add(new NpgsqlParameter("since", NpgsqlDbType.Text) { Value = since });
        command.Parameters.AddWithValue("most", most);
        var (snapshot, unbroken) = (since, true);
        List<DataChange> changes = [];
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            (snapshot, unbroken) = (reader.GetString(0), reader.GetBoolean(1));
            if (!reader.IsDBNull(2))
            {
                changes.Add(new DataChange(reader.GetString(2), reader.GetString(3), reader.GetInt64(4)));
            }
        }

        return new ChangeLook(snapshot, unbroken, changes);
    }
}
