using Npgsql;

namespace Platform.Testing;

/// <summary>The schemas domain and app, as Migrations creates them.</summary>
public static class PlatformSchema
{
    private static string Folder => Path.Combine(TestData.RepositoryRoot, "services", "Migrations", "Schema");

    /// <summary>Applies every schema file to an empty database.</summary>
    public static async Task CreateAsync(NpgsqlDataSource database, CancellationToken cancellationToken)
    {
        foreach (var file in Directory.GetFiles(Folder, "*.sql").Order(StringComparer.Ordinal))
        {
            await using var command = database.CreateCommand(await File.ReadAllTextAsync(file, cancellationToken));
            await command.ExecuteNonQueryAsync(cancellationToken);
        }
    }
}
