using System.Text;

namespace Platform.Migrations.Commands;

/// <summary>The commands and their help.</summary>
internal static class CommandCatalog
{
    private static readonly OptionSpec Connection = new("--connection", "text", "Connection string of the database (else ConnectionStrings:platform).");
    private static readonly OptionSpec Wait = new("--wait", "seconds", "How long to wait for a server that does not answer yet (default: 30).");
    private static readonly OptionSpec Organization = new("--organization", "id", "Organization that the rows belong to (default: default).");

    public static IReadOnlyList<CommandSpec> All { get; } =
    [
        new("migrate", "Apply the schema, build indexes and triggers, and generate sample data when it is on and the domain is empty.",
        [
            new("--sample", "true|false", "Generate sample data (else migrations:sampleData; on in Development)."),
            Connection,
            Wait,
        ]),
        new("check", "List what is missing: schema files, domain columns, extensions, indexes, triggers. Exit code 1 when anything is.", [Connection, Wait]),
        new("sample", "Generate sample data, or replace the sample by one that is relative to today.",
        [
            new("--reset", null, "Replace the sample that is there."),
            new("--seed", "number", "Seed of the generator; the documented values hold for the default."),
            new("--today", "yyyy-MM-dd", "Day that all times count from (default: today in UTC)."),
            new("--describe", null, "Print docs/sample-data.md and touch no database."),
            Organization,
            Connection,
            Wait,
        ]),
        new("import", "Load customers, orders, invoices and payments from a CSV file.",
        [
            new("--map", "path", "Column map (YAML); examples are in config/imports.", Required: true),
            new("--file", "path", "The CSV file.", Required: true),
            new("--rejects", "path", "Where rejected lines are written (default: <file>.rejects.csv in the working directory)."),
            new("--skip-rejects", null, "Load the good rows even when some are rejected; otherwise nothing is loaded then."),
            Organization,
            Connection,
            Wait,
        ]),
    ];

    public static string Overview()
    {
        var text = new StringBuilder("Platform.Migrations [command] [options]\n\n");
        foreach (var command in All)
        {
            text.Append(' ', 2).Append(command.Name.PadRight(10)).Append(command.Help).Append('\n');
        }

        return text.Append("\nWithout a command: migrate. '<command> --help' lists its options.\nExit codes: 0 done, 1 failed or problems found, 2 wrong usage.\n").ToString();
    }

    public static string Help(CommandSpec command)
    {
        var text = new StringBuilder("Platform.Migrations ").Append(command.Name);
        foreach (var option in command.Options.Where(option => option.Required))
        {
            text.Append(' ').Append(option.Name).Append(" <").Append(option.Value).Append('>');
        }

        text.Append(" [options]\n\n").Append(command.Help).Append("\n\n");
        foreach (var option in command.Options)
        {
            var name = option.Value is null ? option.Name : $"{option.Name} <{option.Value}>";
            text.Append(' ', 2).Append(name.PadRight(26)).Append(option.Help).Append('\n');
        }

        return text.ToString();
    }
}
