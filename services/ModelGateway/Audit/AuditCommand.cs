using System.Globalization;
using Npgsql;
using Platform.ModelGateway.Providers;

namespace Platform.ModelGateway.Audit;

/// <summary>
/// <c>dotnet run --project services/ModelGateway -- verify-audit [--checkpoints file]… [--old-key-file file]… [--connection text]</c>: exit code 0 when
/// nothing was tampered with, 1 when something was or could not be read, 2 for wrong usage.
/// </summary>
internal static class AuditCommand
{
    internal const string Name = "verify-audit";

    internal static async Task<int> RunAsync(IReadOnlyList<string> arguments, IConfiguration configuration, TextWriter output, TextWriter error, CancellationToken cancellationToken)
    {
        var (files, oldKeys) = (new List<string>(), new List<string>());
        var connection = configuration.GetConnectionString("platform");
        for (var index = 1; index < arguments.Count; index += 2)
        {
            if (index + 1 == arguments.Count || arguments[index] is not ("--checkpoints" or "--old-key-file" or "--connection"))
            {
                await error.WriteLineAsync($"Usage: {Name} [--checkpoints file]… [--old-key-file file]… [--connection text]");
                return 2;
            }

            var value = arguments[index + 1];
            switch (arguments[index])
            {
                case "--checkpoints":
                    files.Add(value);
                    break;
                case "--old-key-file":
                    oldKeys.Add(value);
                    break;
                default:
                    connection = value;
                    break;
            }
        }

        try
        {
            return await VerifyAsync(files, oldKeys, connection, configuration, output, error, cancellationToken);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or NpgsqlException or ArgumentException)
        {
            await error.WriteLineAsync($"The audit log could not be verified: {failure.Message}");
            return 1;
        }
    }

    private static async Task<int> VerifyAsync(
        List<string> files, List<string> oldKeys, string? connection, IConfiguration configuration, TextWriter output, TextWriter error, CancellationToken cancellationToken)
    {
        if (string.IsNullOrWhiteSpace(connection))
        {
            await error.WriteLineAsync("No database: set ConnectionStrings__platform or give --connection.");
            return 2;
        }

        var current = AuditKey.Find(new ProviderKeys(configuration));
        List<AuditKey> keys = [current, .. oldKeys.Select(file => AuditKey.Of(File.ReadAllText(file).Trim()))];
        var checkpoints = files.SelectMany(File.ReadLines).Select(AuditCheckpoint.Find).OfType<AuditCheckpoint>().ToList();
        await using var database = NpgsqlDataSource.Create(connection);
        var report = await AuditVerifier.VerifyAsync(new AuditStore(database).ReadAsync(cancellationToken), keys, checkpoints, cancellationToken);
        foreach (var problem in report.Problems)
        {
            await output.WriteLineAsync(problem);
        }

        await output.WriteLineAsync(string.Create(
            CultureInfo.InvariantCulture, $"{report.Rows} rows in {report.Shards} shards, {checkpoints.Count} checkpoints, {report.Problems.Count} problems; {report.Unproven} rows after the last checkpoint{(current.IsSet ? "" : "; not signed: PLATFORM_AUDIT_KEY is not set")}."));
        return report.Problems.Count == 0 ? 0 : 1;
    }
}
