using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using Npgsql;
using Platform.Migrations.SampleData;
using Platform.ServiceDefaults;

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

            return await DispatchAsync(line, output, cancellationToken);
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
        catch (Exception exception) when (exception is PlatformConfigurationException or OptionsValidationException)
        {
            await error.WriteLineAsync(exception.Message);
            return Failed;
        }
        catch (IOException exception)
        {
            await error.WriteLineAsync($"A file could not be read or written: {exception.Message}");
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

    private static async Task<int> DispatchAsync(CommandLine line, TextWriter output, CancellationToken cancellationToken)
    {
        if (line.Has("--describe"))
        {
            await output.WriteAsync(SampleDocument.Write());
            return Done;
        }

        var work = Prepare(line, output, cancellationToken);
        var wait = line.Has("--wait") ? TimeSpan.FromSeconds(line.Number("--wait", 0, 0, 3600)) : (TimeSpan?)null;
        using var host = MigrationsHost.Create(line.Text("--connection"));
        await host.Services.GetRequiredService<DatabaseWait>().ReadyAsync(wait, cancellationToken);
        return await work(host.Services);
    }

    // Options are read before anything is opened, so that a wrong one is reported at once.
    private static Func<IServiceProvider, Task<int>> Prepare(CommandLine line, TextWriter output, CancellationToken cancellationToken)
    {
        switch (line.Command.Name)
        {
            case "migrate":
                var chosen = line.Has("--sample") ? line.Boolean("--sample", false) : (bool?)null;
                return async services =>
                {
                    var configured = services.GetRequiredService<MigrationSettings>().SampleData;
                    var withSample = chosen ?? configured ?? services.GetRequiredService<IHostEnvironment>().IsDevelopment();
                    await services.GetRequiredService<MigrateCommand>().RunAsync(withSample, output, cancellationToken);
                    return Done;
                };
            case "check":
                return async services => await services.GetRequiredService<CheckCommand>().RunAsync(output, cancellationToken) == 0 ? Done : Failed;
            case "sample":
                var sample = new SampleRequest(
                    line.Text("--organization", SampleCommand.DefaultOrganization), line.Number("--seed", SampleGenerator.DefaultSeed),
                    line.Date("--today"), line.Has("--reset"));
                return async services =>
                {
                    await services.GetRequiredService<SampleCommand>().RunAsync(sample, output, cancellationToken);
                    return Done;
                };
            case "import":
                var import = new ImportRequest(
                    line.Text("--map", string.Empty), line.Text("--file", string.Empty),
                    line.Text("--organization", SampleCommand.DefaultOrganization), line.Text("--rejects"), line.Has("--skip-rejects"));
                return async services =>
                    (await services.GetRequiredService<ImportCommand>().RunAsync(import, output, cancellationToken)).Committed ? Done : Failed;
            default:
                throw new UsageException($"Command '{line.Command.Name}' is not available.");
        }
    }
}
