using System.Diagnostics;
using System.Globalization;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Running;
using Microsoft.Extensions.Configuration;

namespace Aspire.Hosting.Servers;

/// <summary>No way to provide a server was found; the message says what to do.</summary>
internal sealed class ServerNotAvailableException(string message) : DistributedApplicationException(message);

/// <summary>
/// Finds a way to run a server, in this order: programs on this machine, a container runtime that works, the distribution's package.
/// A server that the user named never gets here.
/// </summary>
internal sealed class ServerProvision(IConfiguration configuration, ResourceOutput output, Watchdog watchdog)
{
    /// <summary>Environment variable that forbids installing packages.</summary>
    public const string NoInstallVariable = "PLATFORM_NO_INSTALL";

    private const string DebianMark = "/etc/debian_version";

    private static readonly TimeSpan RuntimeCheckLimit = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan InstallLimit = TimeSpan.FromMinutes(5);
    private static readonly SemaphoreSlim Installing = new(1, 1);

    /// <summary>Folders of programs, separated as in <c>PATH</c>.</summary>
    public string SearchPath { get; init; } = Environment.GetEnvironmentVariable("PATH") ?? string.Empty;

    /// <summary>Whether packages of Debian or Ubuntu can be installed by this user.</summary>
    public bool IsDebianRoot { get; init; } = Environment.IsPrivilegedProcess && File.Exists(DebianMark);

    private IEnumerable<string> SearchFolders => SearchPath.Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries);

    /// <exception cref="ServerNotAvailableException">There is no way.</exception>
    public async Task<ProcessPlan> PrepareAsync(LocalServer server, LocalServerStart start, CancellationToken cancellationToken)
    {
        if (FindPrograms(server) is { } folder)
        {
            return await server.PrepareAsync(start, folder, cancellationToken).ConfigureAwait(false);
        }

        if (await FindRuntimeAsync(cancellationToken).ConfigureAwait(false) is { } runtime)
        {
            return await ContainerAsync(server, start, runtime, cancellationToken).ConfigureAwait(false);
        }

        if (await InstallAsync(server, cancellationToken).ConfigureAwait(false) && FindPrograms(server) is { } installed)
        {
            return await server.PrepareAsync(start, installed, cancellationToken).ConfigureAwait(false);
        }

        throw new ServerNotAvailableException(
            $"{server.Product} is needed for '{start.Resource.Name}' and was not found: no connection string ConnectionStrings__{start.Resource.Name}, "
            + $"no {string.Join(" and ", server.Programs)} on PATH or in the usual folders, no container runtime that answers.\n"
            + $"Install it and start again:  {InstallCommand(server)}");
    }

    private static string InstallCommand(LocalServer server) =>
        OperatingSystem.IsMacOS() ? $"brew install {server.BrewFormula}"
        : File.Exists(DebianMark) ? $"sudo apt-get install -y {server.DebianPackage}"
        : $"install {server.Product} with your system's package manager, or install Docker";

    // A client without an engine is common, so only an engine that lists its containers counts.
    private static async Task<bool> AnswersAsync(string runtime, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(RuntimeCheckLimit);
        using var process = Process.Start(new ProcessStartInfo(runtime, ["ps", "--quiet"])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        });
        if (process is null)
        {
            return false;
        }

        try
        {
            await process.WaitForExitAsync(limit.Token).ConfigureAwait(false);
            return process.ExitCode == 0;
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            process.Kill(entireProcessTree: true);
            return false;
        }
    }

    private static async Task<ProcessPlan> ContainerAsync(LocalServer server, LocalServerStart start, string runtime, CancellationToken cancellationToken)
    {
        if (!start.Resource.TryGetLastAnnotation<ContainerImageAnnotation>(out var image))
        {
            throw new ServerNotAvailableException($"'{start.Resource.Name}' has no container image.");
        }

        var environment = await server.ContainerEnvironmentAsync(cancellationToken).ConfigureAwait(false);
        var name = $"aspire-{start.Resource.Name}-{Guid.NewGuid().ToString("n")[..8]}";
        var arguments = new List<string>
        {
            "run", "--rm", "--name", name, "--publish",
            string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{start.Port}:{server.ContainerPort}"),
        };

        // Named without a value: the runtime copies it from its own environment, so a password shows in no process list.
        arguments.AddRange(environment.Keys.SelectMany(key => (string[])["--env", key]));
        foreach (var mount in start.Resource.Annotations.OfType<ContainerMountAnnotation>().Where(m => m.Type == ContainerMountType.Volume))
        {
            arguments.AddRange(["--volume", $"{mount.Source}:{mount.Target}{(mount.IsReadOnly ? ":ro" : string.Empty)}"]);
        }

        arguments.Add($"{image.Registry}/{image.Image}:{image.Tag}");
        arguments.AddRange(await server.ContainerArgumentsAsync(cancellationToken).ConfigureAwait(false));
        return new ProcessPlan(runtime, arguments, "/") { Environment = environment, Container = (runtime, name) };
    }

    private string? FindPrograms(LocalServer server) =>
        SearchFolders.Concat(server.Folders).FirstOrDefault(folder => server.Programs.All(program => File.Exists(Path.Combine(folder, program))));

    private string? FindTool(string tool) => SearchFolders.Select(folder => Path.Combine(folder, tool)).FirstOrDefault(File.Exists);

    private async Task<string?> FindRuntimeAsync(CancellationToken cancellationToken)
    {
        foreach (var runtime in (string[])["docker", "podman"])
        {
            if (FindTool(runtime) is { } program && await AnswersAsync(program, cancellationToken).ConfigureAwait(false))
            {
                return program;
            }
        }

        return null;
    }

    private async Task<bool> InstallAsync(LocalServer server, CancellationToken cancellationToken)
    {
        if (!IsDebianRoot
            || FindTool("apt-get") is not { } apt
            || configuration[NoInstallVariable] is "1" or "true")
        {
            return false;
        }

        await Installing.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            output.Announce($"{server.Product} is not installed: running apt-get install {server.DebianPackage} (set {NoInstallVariable}=1 to forbid this).");
            return await AptAsync(apt, ["install", "--yes", "--no-install-recommends", server.DebianPackage], cancellationToken).ConfigureAwait(false)
                || (await AptAsync(apt, ["update"], cancellationToken).ConfigureAwait(false)
                    && await AptAsync(apt, ["install", "--yes", "--no-install-recommends", server.DebianPackage], cancellationToken).ConfigureAwait(false));
        }
        finally
        {
            Installing.Release();
        }
    }

    private async Task<bool> AptAsync(string apt, string[] arguments, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(InstallLimit);
        var plan = new ProcessPlan(apt, ["-o", "DPkg::Lock::Timeout=120", .. arguments], "/")
        {
            Environment = new Dictionary<string, string>
            {
                ["DEBIAN_FRONTEND"] = "noninteractive",

                // The package's own service must not start: this host runs the server itself.
                ["RUNLEVEL"] = "1",
            },
        };
        await using var process = LocalProcess.Start(plan, watchdog, line => output.Write("apt-get", line));
        return await process.WaitForExitAsync(limit.Token).ConfigureAwait(false) == 0;
    }
}
