using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Npgsql;
using Platform.Migrations.SampleData;

namespace Platform.Migrations.Commands;

/// <summary>Reads the command line, runs one command, and turns what went wrong into one sentence and an exit code.</summary>
internal static class MigrationsCli
{
    public const int Done = 0;
    public const int Failed = 1;
    public const int WrongUsage = 2;

    public static async Task<int> RunAsync(
        IReadOnlyList<string> arguments, TextWriter output, TextWriter error, CancellationToken cancellationToken)
    {
        try
        {
            if (arguments is ["help" or "--help" or "-h" or "-?"])
            {
                await output.WriteAsync(CommandCatalog.Overview());
                return Done;
            }

            var line = CommandLine.Parse(arguments, CommandCatalog.All);
            if (line.WantsHelp)
            {
                await output.WriteAsync(CommandCatalog.Help(line.Command));
                return Done;
            }

            return await DispatchAsync(line, output, error, cancellationToken);
        }
        catch (UsageException exception)
        {
            await error.WriteLineAsync($"{exception.Message} See --help.");
            return WrongUsage;
        }
        catch (MigrationException exception)
        {
            await error.WriteLineAsync(exception.Message);
            return Failed;
        }
        catch (NpgsqlException exception)
        {
            await error.WriteLineAsync($"The database refused: {exception.Message}");
            return Failed;
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            await error.WriteLineAsync("Stopped before it was done; what was not committed is rolled back.");
            return Failed;
        }
    }

    private static async Task<int> DispatchAsync(CommandLine line, TextWriter output, TextWriter error, CancellationToken cancellationToken)
    {
        if (line.Has("--describe"))
        {
            await output.WriteAsync(SampleDocument.Write());
            return Done;
        }

        using var host = MigrationsHost.Create(line.Text("--connection"));
        var services = host.Services;
        await services.GetRequiredService<DatabaseWait>().ReadyAsync(cancellationToken);
        switch (line.Command.Name)
        {
            case "migrate":
                var settings = services.GetRequiredService<MigrationSettings>();
                var withSample = line.Boolean("--sample", settings.SampleData ?? services.GetRequiredService<IHostEnvironment>().IsDevelopment());
                await services.GetRequiredService<MigrateCommand>().RunAsync(withSample, output, cancellationToken);
                return Done;
            case "check":
                return await services.GetRequiredService<CheckCommand>().RunAsync(output, cancellationToken) == 0 ? Done : Failed;
            case "sample":
                await services.GetRequiredService<SampleCommand>().RunAsync(
                    line.Text("--organization", SampleCommand.DefaultOrganization), line.Number("--seed", SampleGenerator.DefaultSeed),
                    line.Date("--today"), line.Has("--reset"), output, cancellationToken);
                return Done;
            case "import":
                var request = new ImportRequest(
                    line.Text("--map", string.Empty), line.Text("--file", string.Empty),
                    line.Text("--organization", SampleCommand.DefaultOrganization), line.Text("--rejects"), line.Has("--skip-rejects"));
                return (await services.GetRequiredService<ImportCommand>().RunAsync(request, output, cancellationToken)).Committed ? Done : Failed;
            default:
                throw new UsageException($"Command '{line.Command.Name}' is not available.");
        }
    }
}
