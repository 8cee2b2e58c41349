using System.Globalization;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Running;
using Aspire.Hosting.Servers;
using Npgsql;

namespace Aspire.Hosting.Postgres;

/// <summary>Runs PostgreSQL from the programs of this machine.</summary>
internal sealed class LocalPostgres(PostgresServerResource server) : LocalServer
{
    private const int MaxConnections = 300;

    public override string Product => "PostgreSQL";

    public override IReadOnlyList<string> Programs { get; } = ["initdb", "postgres"];

    public override IEnumerable<string> Folders =>
        Versions("/usr/lib/postgresql", "bin")
            .Concat(["/usr/pgsql/bin", "/usr/local/pgsql/bin"])
            .Concat(Homebrew("/opt/homebrew/opt"))
            .Concat(Homebrew("/usr/local/opt"))
            .Concat(Homebrew("/home/linuxbrew/.linuxbrew/opt"))
            .Concat(Versions("/Applications/Postgres.app/Contents/Versions", "bin"));

    public override string DebianPackage => "postgresql";

    public override string BrewFormula => "postgresql@17";

    public override int ContainerPort => 5432;

    public override async Task<ProcessPlan> PrepareAsync(LocalServerStart start, string programFolder, CancellationToken cancellationToken)
    {
        var user = Environment.IsPrivilegedProcess && !OperatingSystem.IsWindows() ? UnprivilegedUser.Find() : null;
        await CreateAsync(start, programFolder, user, cancellationToken).ConfigureAwait(false);
        string[] arguments =
        [
            "-D", start.DataFolder,
            "-p", start.Port.ToString(CultureInfo.InvariantCulture),
            "-c", "listen_addresses=localhost",
            "-c", "unix_socket_directories=",
            "-c", string.Create(CultureInfo.InvariantCulture, $"max_connections={MaxConnections}"),
            "-c", "logging_collector=off",
            "-c", "log_destination=stderr",
            .. start.Throwaway ? (string[])["-c", "fsync=off", "-c", "synchronous_commit=off", "-c", "full_page_writes=off"] : [],
        ];
        return UnprivilegedUser.Wrap(user, new ProcessPlan(Path.Combine(programFolder, "postgres"), arguments, start.DataFolder)
        {
            // SIGINT ends the sessions and shuts down in order, SIGQUIT leaves the rest to the next start's recovery.
            StopSignal = StopSignal.Interrupt,
            SecondSignal = StopSignal.Quit,
        });
    }

    public override async Task<IReadOnlyDictionary<string, string>> ContainerEnvironmentAsync(CancellationToken cancellationToken) =>
        new Dictionary<string, string>
        {
            ["POSTGRES_USER"] = await UserAsync(cancellationToken).ConfigureAwait(false),
            ["POSTGRES_PASSWORD"] = await PasswordAsync(cancellationToken).ConfigureAwait(false),
        };

    public override Task<IReadOnlyList<string>> ContainerArgumentsAsync(CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<string>>(["-c", string.Create(CultureInfo.InvariantCulture, $"max_connections={MaxConnections}")]);

    public override async Task ProbeAsync(string connectionString, CancellationToken cancellationToken)
    {
        var connection = new NpgsqlConnection(Unpooled(connectionString, database: null));
        await using var disposal = connection.ConfigureAwait(false);
        await connection.OpenAsync(cancellationToken).ConfigureAwait(false);
    }

    public override async Task InitializeAsync(CancellationToken cancellationToken)
    {
        var connectionString = await server.GetConnectionStringAsync(cancellationToken).ConfigureAwait(false);
        var connection = new NpgsqlConnection(Unpooled(connectionString!, "postgres"));
        await using var disposal = connection.ConfigureAwait(false);
        await connection.OpenAsync(cancellationToken).ConfigureAwait(false);
        foreach (var database in server.Databases.Values)
        {
            var check = new NpgsqlCommand("SELECT 1 FROM pg_database WHERE datname = $1", connection) { Parameters = { new() { Value = database } } };
            await using var checkDisposal = check.ConfigureAwait(false);
            if (await check.ExecuteScalarAsync(cancellationToken).ConfigureAwait(false) is null)
            {
                var create = new NpgsqlCommand($"CREATE DATABASE {Quoted(database)}", connection);
                await using var createDisposal = create.ConfigureAwait(false);
                await create.ExecuteNonQueryAsync(cancellationToken).ConfigureAwait(false);
            }
        }
    }

    private static string Quoted(string identifier) => $"\"{identifier.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";

    private static string Unpooled(string connectionString, string? database)
    {
        var settings = new NpgsqlConnectionStringBuilder(connectionString) { Pooling = false, Timeout = 3 };
        if (database is not null)
        {
            settings.Database = database;
        }

        return settings.ConnectionString;
    }

    private static IEnumerable<string> Versions(string folder, string inside) =>
        Directory.Exists(folder)
            ? Directory.GetDirectories(folder)
                .OrderByDescending(f => decimal.TryParse(Path.GetFileName(f), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var v) ? v : 0)
                .Select(f => Path.Combine(f, inside))
            : [];

    private static IEnumerable<string> Homebrew(string folder) =>
        Directory.Exists(folder)
            ? Directory.GetDirectories(folder, "postgresql*").OrderDescending(StringComparer.Ordinal).Select(f => Path.Combine(f, "bin"))
            : [];

    private async Task CreateAsync(LocalServerStart start, string programFolder, UnprivilegedUser? user, CancellationToken cancellationToken)
    {
        if (File.Exists(Path.Combine(start.DataFolder, "PG_VERSION")))
        {
            return;
        }

        // initdb wants an empty folder; what a broken first start left is of no use.
        if (Directory.Exists(start.DataFolder))
        {
            Directory.Delete(start.DataFolder, recursive: true);
        }

        Directory.CreateDirectory(start.DataFolder);
        var passwordFile = start.DataFolder + ".password";
        await File.WriteAllTextAsync(passwordFile, await PasswordAsync(cancellationToken).ConfigureAwait(false), cancellationToken).ConfigureAwait(false);
        try
        {
            if (user is not null)
            {
                await user.OwnAsync(start, [start.DataFolder, passwordFile], cancellationToken).ConfigureAwait(false);
            }

            if (!OperatingSystem.IsWindows())
            {
                File.SetUnixFileMode(passwordFile, UnixFileMode.UserRead | UnixFileMode.UserWrite);
                File.SetUnixFileMode(start.DataFolder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
            }

            string[] arguments =
            [
                "-D", start.DataFolder,
                "-U", await UserAsync(cancellationToken).ConfigureAwait(false),
                "--pwfile", passwordFile,
                "-A", "scram-sha-256",
                "-E", "UTF8",
                "--locale=C",
                "--no-instructions",
                .. start.Throwaway ? (string[])["--no-sync"] : [],
            ];
            await start.RunTool(
                UnprivilegedUser.Wrap(user, new ProcessPlan(Path.Combine(programFolder, "initdb"), arguments, start.DataFolder)), cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            File.Delete(passwordFile);
        }
    }

    private async Task<string> UserAsync(CancellationToken cancellationToken) =>
        await server.UserNameReference.GetValueAsync(cancellationToken).ConfigureAwait(false) ?? PostgresServerResource.DefaultUser;

    private async Task<string> PasswordAsync(CancellationToken cancellationToken) =>
        await server.PasswordParameter.GetValueAsync(cancellationToken).ConfigureAwait(false) ?? string.Empty;
}

/// <summary>The user under which PostgreSQL runs when this host is root, because it refuses to run as root.</summary>
internal sealed record UnprivilegedUser(string Name, string Group)
{
    private static readonly string[] Candidates = ["postgres", "_postgres", "nobody"];

    public static UnprivilegedUser Find()
    {
        var accounts = File.ReadLines("/etc/passwd").Select(line => line.Split(':')).Where(fields => fields.Length > 3).ToArray();
        return Candidates
            .Select(name => accounts.FirstOrDefault(fields => fields[0] == name))
            .OfType<string[]>()
            .Select(fields => new UnprivilegedUser(fields[2], fields[3]))
            .FirstOrDefault() ?? throw new DistributedApplicationException("PostgreSQL does not run as root, and there is no user 'postgres' or 'nobody' to run it as.");
    }

    public static ProcessPlan Wrap(UnprivilegedUser? user, ProcessPlan plan)
    {
        if (user is null)
        {
            return plan;
        }

        var setpriv = ProgramSearch.Find("setpriv") ?? throw new DistributedApplicationException(
            "PostgreSQL does not run as root, and 'setpriv' (package util-linux) is not there to run it as another user.");
        return plan with
        {
            Program = setpriv,
            Arguments = [$"--reuid={user.Name}", $"--regid={user.Group}", "--clear-groups", plan.Program, .. plan.Arguments],
        };
    }

    public Task OwnAsync(LocalServerStart start, string[] paths, CancellationToken cancellationToken) =>
        start.RunTool(new ProcessPlan(ProgramSearch.Find("chown")!, [$"{Name}:{Group}", .. paths], "/"), cancellationToken);
}
