using System.Globalization;
using Npgsql;
using Platform.Migrations.Import;
using Platform.Migrations.SampleData;
using Platform.Migrations.Schema;

namespace Platform.Migrations.Commands;

/// <param name="RejectsPath">Null: next to where the command runs, named after the file.</param>
internal sealed record ImportRequest(string MapPath, string FilePath, string OrganizationId, string? RejectsPath, bool SkipRejects);

/// <summary>Loads a CSV file and tells what became of it.</summary>
internal sealed class ImportCommand(NpgsqlDataSource dataSource, SampleStore domain, ImportRun import, MigrationSettings settings, TimeProvider clock)
{
    public async Task<ImportResult> RunAsync(ImportRequest request, TextWriter output, CancellationToken cancellationToken)
    {
        var map = MapReader.Read(await ReadMapAsync(request.MapPath, cancellationToken), request.MapPath);
        if (!File.Exists(request.FilePath))
        {
            throw new MigrationException($"There is no file {request.FilePath}.");
        }

        if (!await domain.IsWritableAsync(cancellationToken))
        {
            throw new MigrationException("The domain tables are not there, or are views, which cannot be written. Run 'migrate' in a database of its own first.");
        }

        await using var held = await MigrationLock.TakeAsync(dataSource, settings.LockTimeout, clock, cancellationToken);
        await using var rejects = new RejectsFile(request.RejectsPath ?? Path.GetFileName(request.FilePath) + ".rejects.csv");
        rejects.Clear();
        var started = clock.GetTimestamp();
        var result = await import.ExecuteAsync(map, request.FilePath, request.OrganizationId, rejects, request.SkipRejects, cancellationToken);
        await rejects.CloseAsync(cancellationToken);
        await SummariseAsync(result, rejects, clock.GetElapsedTime(started), output);
        return result;
    }

    private static async Task SummariseAsync(ImportResult result, RejectsFile rejects, TimeSpan duration, TextWriter output)
    {
        await output.WriteLineAsync(string.Create(
            CultureInfo.InvariantCulture, $"{result.Read:#,0} lines read, {result.Rejected:#,0} rejected, in {duration.TotalSeconds:0.0} s."));
        foreach (var table in result.Tables)
        {
            await output.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"{table.Table}: {table.Added:#,0} added, {table.Changed:#,0} changed."));
        }

        foreach (var reason in rejects.Sample)
        {
            await output.WriteLineAsync($"  {reason}");
        }

        if (rejects.Count > 0)
        {
            await output.WriteLineAsync(result.Committed
                ? $"The rejected lines are in {rejects.Path}; all others are loaded."
                : $"Nothing was loaded. The rejected lines are in {rejects.Path}; correct them, or pass --skip-rejects to load the others.");
        }
    }

    private static async Task<string> ReadMapAsync(string path, CancellationToken cancellationToken)
    {
        try
        {
            return await File.ReadAllTextAsync(path, cancellationToken);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new MigrationException($"Cannot read the map {path}: {exception.Message}", exception);
        }
    }
}
