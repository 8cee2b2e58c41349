using Npgsql;

namespace Platform.Migrations.Indexes;

/// <summary>The PostgreSQL extensions that fuzzy matching needs.</summary>
internal sealed class Extensions(NpgsqlDataSource dataSource)
{
    /// <summary>Creates those that are missing.</summary>
    /// <exception cref="MigrationException">This role may not create one, or the server does not have it.</exception>
    public async Task EnsureAsync(IReadOnlyList<string> names, CancellationToken cancellationToken)
    {
        foreach (var name in await MissingAsync(names, cancellationToken))
        {
            // In public, so that every schema's queries find the operators whatever the search path of the session.
            await using var command = dataSource.CreateCommand($"CREATE EXTENSION IF NOT EXISTS {name} SCHEMA public");
            try
            {
                await command.ExecuteNonQueryAsync(cancellationToken);
            }
            catch (PostgresException exception) when (exception.SqlState == PostgresErrorCodes.InsufficientPrivilege)
            {
                throw new MigrationException(
                    $"Extension {name} is missing and this role may not create it. Let an administrator run once in this database: CREATE EXTENSION {name} SCHEMA public;", exception);
            }
            catch (PostgresException exception)
                when (exception.SqlState is PostgresErrorCodes.UndefinedFile or PostgresErrorCodes.FeatureNotSupported)
            {
                throw new MigrationException(
                    $"Extension {name} is not installed on this PostgreSQL server: {exception.MessageText}. It is part of PostgreSQL's contrib modules (package postgresql-contrib, or allow-list it in the settings of a managed server).", exception);
            }
        }
    }

    /// <summary>Which of <paramref name="names"/> this database lacks.</summary>
    public async Task<IReadOnlyList<string>> MissingAsync(IReadOnlyList<string> names, CancellationToken cancellationToken)
    {
        await using var command = dataSource.CreateCommand(
            "SELECT n FROM unnest($1::text[]) WITH ORDINALITY AS w(n, i) WHERE NOT EXISTS (SELECT FROM pg_extension WHERE extname = n) ORDER BY i");
        command.Parameters.Add(new NpgsqlParameter<string[]> { TypedValue = [.. names] });
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var missing = new List<string>();
        while (await reader.ReadAsync(cancellationToken))
        {
            missing.Add(reader.GetString(0));
        }

        return missing;
    }
}
