using System.Reflection;
using Npgsql;

namespace Platform.Migrations.ChangeEvents;

/// <summary>
/// Triggers on the domain tables that write <c>app.change_events</c> and notify the channel <c>domain_changes</c>.
/// Views of a user's own data get none: there the services rely on the age limits of their caches.
/// </summary>
internal sealed class ChangeTriggers(NpgsqlDataSource dataSource)
{
    /// <summary>Name of the notification channel.</summary>
    public const string Channel = "domain_changes";

    private static readonly IReadOnlyDictionary<string, string> TriggerFunctions = new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["customers"] = "app.on_domain_change",
        ["sales_orders"] = "app.on_domain_change",
        ["invoices"] = "app.on_domain_change",
        ["payments"] = "app.on_payment_change",
    };

    /// <summary>Creates the functions, and the triggers that are missing.</summary>
    /// <returns>The number of triggers created.</returns>
    public async Task<int> EnsureAsync(CancellationToken cancellationToken)
    {
        await using var connection = await dataSource.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await using (var functions = new NpgsqlCommand(FunctionsSql(), connection))
        {
            await functions.ExecuteNonQueryAsync(cancellationToken);
        }

        var missing = await MissingAsync(connection, cancellationToken);
        foreach (var statement in missing)
        {
            await using var command = new NpgsqlCommand(statement, connection);
            await command.ExecuteNonQueryAsync(cancellationToken);
        }

        await transaction.CommitAsync(cancellationToken);
        return missing.Count;
    }

    /// <summary>Domain tables that lack a trigger; empty when all is well, and for views.</summary>
    public async Task<int> CountMissingAsync(CancellationToken cancellationToken)
    {
        await using var connection = await dataSource.OpenConnectionAsync(cancellationToken);
        return (await MissingAsync(connection, cancellationToken)).Count;
    }

    private static async Task<IReadOnlyList<string>> MissingAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        var tables = await NamesAsync(
            connection,
            "SELECT c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname = 'domain' AND c.relkind = 'r'",
            cancellationToken);
        var triggers = await NamesAsync(
            connection,
            """
            SELECT c.relname || '.' || t.tgname
              FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid JOIN pg_namespace n ON n.oid = c.relnamespace
             WHERE n.nspname = 'domain' AND NOT t.tgisinternal
            """,
            cancellationToken);
        return
        [
            .. from table in TriggerFunctions.Keys
               where tables.Contains(table)
               from trigger in Triggers(table)
               where !triggers.Contains($"{table}.{trigger.Name}")
               select trigger.Statement,
        ];
    }

    // A trigger with transition tables serves one kind of event only.
    private static IEnumerable<(string Name, string Statement)> Triggers(string table)
    {
        var function = TriggerFunctions[table];
        yield return ("change_events_insert",
            $"CREATE TRIGGER change_events_insert AFTER INSERT ON domain.{table} REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION {function}()");
        yield return ("change_events_update",
            $"CREATE TRIGGER change_events_update AFTER UPDATE ON domain.{table} REFERENCING OLD TABLE AS before NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION {function}()");
        yield return ("change_events_delete",
            $"CREATE TRIGGER change_events_delete AFTER DELETE ON domain.{table} REFERENCING OLD TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION {function}()");
        yield return ("change_events_truncate",
            $"CREATE TRIGGER change_events_truncate AFTER TRUNCATE ON domain.{table} FOR EACH STATEMENT EXECUTE FUNCTION app.on_domain_truncate()");
    }

    private static async Task<HashSet<string>> NamesAsync(NpgsqlConnection connection, string sql, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var names = new HashSet<string>(StringComparer.Ordinal);
        while (await reader.ReadAsync(cancellationToken))
        {
            names.Add(reader.GetString(0));
        }

        return names;
    }

    private static string FunctionsSql()
    {
        using var stream = Assembly.GetExecutingAssembly().GetManifestResourceStream("ChangeEvents/change_events.sql")!;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
