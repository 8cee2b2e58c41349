using Platform.Migrations.ChangeEvents;
using Platform.Migrations.Contract;
using Platform.Migrations.Indexes;
using Platform.Migrations.Schema;

namespace Platform.Migrations.Commands;

/// <summary>Says what a database lacks before it goes to production. It only reads.</summary>
internal sealed class CheckCommand(
    SchemaRunner schema, ContractCheck contract, Extensions extensions, IndexBuilder indexes, ChangeTriggers triggers)
{
    /// <returns>The number of problems.</returns>
    public async Task<int> RunAsync(TextWriter output, CancellationToken cancellationToken)
    {
        var problems = new List<string>();
        var notes = new List<string>();
        var pending = await schema.PendingAsync(SchemaFile.Embedded(), cancellationToken);
        problems.AddRange(pending.Select(file => $"Schema file {file.Name} is not applied."));
        problems.AddRange(await contract.RunAsync(cancellationToken));
        problems.AddRange((await extensions.MissingAsync(IndexCatalog.Extensions, cancellationToken)).Select(name => $"Extension {name} is missing."));
        foreach (var report in await indexes.InspectAsync(IndexCatalog.All, cancellationToken))
        {
            if (report.State == IndexState.NoTable && pending.Count > 0)
            {
                continue;
            }

            if (report.IsProblem)
            {
                problems.Add(Describe(report));
            }
            else if (report.State == IndexState.NotApplicable)
            {
                notes.Add($"domain.{report.Index.Table} is not a table of its own, so {report.Index.Name} cannot exist. Index what is below it for: {report.Index.Serves}.");
            }
        }

        if (await triggers.CountMissingAsync(cancellationToken) is > 0 and var missing)
        {
            problems.Add($"{missing} change triggers are missing on domain tables.");
        }

        foreach (var line in problems.Concat(notes.Select(note => $"Note: {note}")))
        {
            await output.WriteLineAsync(line);
        }

        await output.WriteLineAsync(problems.Count == 0 ? "Check passed." : $"{problems.Count} problems. 'migrate' repairs schema files, extensions, indexes and triggers.");
        return problems.Count;
    }

    private static string Describe(IndexReport report) => report.State switch
    {
        IndexState.Missing => $"Index {report.Index.Name} is missing ({report.Index.Serves}): {report.Index.CreateStatement};",
        IndexState.Invalid => $"Index {report.Index.Name} is invalid: its build did not finish ({report.Index.Serves}).",
        IndexState.Different => $"Index {report.Index.Name} is not the one needed. Found: {report.Found}. Needed: {report.Index.CatalogDefinition}.",
        _ => $"Index {report.Index.Name} has no table {report.Index.Schema}.{report.Index.Table}.",
    };
}
