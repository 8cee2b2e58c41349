using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Aspire.Hosting.Running;

/// <summary>How a process is started and asked to stop.</summary>
internal sealed record ProcessPlan(string Program, IReadOnlyList<string> Arguments, string WorkingDirectory)
{
    public IReadOnlyDictionary<string, string> Environment { get; init; } = new Dictionary<string, string>();

    /// <summary>Signal that asks for an orderly end.</summary>
    public StopSignal StopSignal { get; init; } = StopSignal.Terminate;

    /// <summary>Signal between the polite one and the kill, or null.</summary>
    public StopSignal? SecondSignal { get; init; }

    /// <summary>Container to remove when the host dies: runtime and name.</summary>
    public (string Runtime, string Name)? Container { get; init; }
}

internal enum StopSignal
{
    Interrupt = 2,
    Quit = 3,
    Kill = 9,
    Terminate = 15,
}

/// <summary>A process of the application, in a session of its own and known to the watchdog.</summary>
internal sealed partial class LocalProcess : IAsyncDisposable
{
    private static readonly TimeSpan OutputLimit = TimeSpan.FromSeconds(1);

    // Settings of the host itself that would change how a child listens or what is loaded into it.
    private static readonly string[] HostOnly =
    [
        "ASPNETCORE_URLS", "ASPNETCORE_HTTP_PORTS", "ASPNETCORE_HTTPS_PORTS", "DOTNET_URLS", "DOTNET_LAUNCH_PROFILE", "DOTNET_STARTUP_HOOKS",
        "ASPNETCORE_HOSTINGSTARTUPASSEMBLIES", "MSBUILD_EXE_PATH", "MSBuildSDKsPath", "MSBuildExtensionsPath", "MSBUILDUSESERVER",
        "MSBuildLoadMicrosoftTargetsReadOnly", "TESTINGPLATFORM_UI_LANGUAGE", "VSTEST_CONNECTION_TIMEOUT", "VSTEST_HOST_DEBUG",
    ];

    private readonly Process process;
    private readonly ProcessPlan plan;
    private readonly Watchdog watchdog;
    private readonly Task<int> exit;

    private LocalProcess(Process process, ProcessPlan plan, Watchdog watchdog, Action<string> line)
    {
        this.process = process;
        this.plan = plan;
        this.watchdog = watchdog;
        Id = process.Id;
        exit = ObserveAsync(Task.WhenAll(Pump(process.StandardOutput, line), Pump(process.StandardError, line)));
    }

    public int Id { get; }

    /// <exception cref="DistributedApplicationException">The program cannot be started.</exception>
    public static LocalProcess Start(ProcessPlan plan, Watchdog watchdog, Action<string> line)
    {
        var start = SessionStart.Create(plan.Program, plan.Arguments);
        start.WorkingDirectory = plan.WorkingDirectory;
        start.RedirectStandardInput = true;
        start.RedirectStandardOutput = true;
        start.RedirectStandardError = true;
        foreach (var name in HostOnly)
        {
            start.Environment.Remove(name);
        }

        foreach (var (name, value) in plan.Environment)
        {
            start.Environment[name] = value;
        }

        start.Environment[Watchdog.RunVariable] = watchdog.Run;
        if (plan.Container is var (runtime, container))
        {
            watchdog.AddContainer(runtime, container);
        }

        try
        {
            var process = Process.Start(start)!;
            watchdog.Add(process.Id, plan.StopSignal switch
            {
                StopSignal.Interrupt => "INT",
                StopSignal.Quit => "QUIT",
                StopSignal.Kill => "KILL",
                _ => "TERM",
            });
            process.StandardInput.Close();
            return new LocalProcess(process, plan, watchdog, line);
        }
        catch (System.ComponentModel.Win32Exception exception)
        {
            throw new DistributedApplicationException($"'{plan.Program}' cannot be started: {exception.Message}", exception);
        }
    }

    /// <summary>Waits for the end of the process; what it left in its group is gone then.</summary>
    /// <returns>The exit code; 128 + signal number after a signal.</returns>
    public Task<int> WaitForExitAsync(CancellationToken cancellationToken) => exit.WaitAsync(cancellationToken);

    /// <summary>Asks the process to stop and kills it when it has not ended within the limit.</summary>
    public async Task StopAsync(TimeSpan limit)
    {
        Signal(plan.StopSignal);
        if (await ExitsWithin(limit).ConfigureAwait(false))
        {
            return;
        }

        if (plan.SecondSignal is { } second)
        {
            Signal(second);
            if (await ExitsWithin(limit / 2).ConfigureAwait(false))
            {
                return;
            }
        }

        Kill();
        await ExitsWithin(limit).ConfigureAwait(false);
    }

    /// <summary>Kills the process and its group at once if it still runs.</summary>
    public void Kill()
    {
        if (!exit.IsCompleted)
        {
            Signal(StopSignal.Kill);
            KillGroup();
        }
    }

    /// <summary>Kills the process if it still runs.</summary>
    public async ValueTask DisposeAsync()
    {
        Kill();
        await ExitsWithin(OutputLimit).ConfigureAwait(false);
    }

    private static async Task Pump(StreamReader reader, Action<string> line)
    {
        try
        {
            while (await reader.ReadLineAsync().ConfigureAwait(false) is { } text)
            {
                if (text.Length > 0)
                {
                    line(text);
                }
            }
        }
        catch (Exception exception) when (exception is IOException or ObjectDisposedException or InvalidOperationException)
        {
            // The pipe ends with the process.
        }
    }

    [LibraryImport("libc", EntryPoint = "kill", SetLastError = true)]
    private static partial int SendSignal(int processId, int signal);

    private async Task<int> ObserveAsync(Task output)
    {
        await process.WaitForExitAsync().ConfigureAwait(false);
        var exitCode = process.ExitCode;
        KillGroup();
        watchdog.Drop(Id);

        // A grandchild may hold the pipe open; what it writes is not worth waiting for.
        await output.WaitAsync(OutputLimit).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        process.Dispose();
        return exitCode;
    }

    private async Task<bool> ExitsWithin(TimeSpan limit)
    {
        await ((Task)exit).WaitAsync(limit).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return exit.IsCompleted;
    }

    private void Signal(StopSignal signal)
    {
        if (exit.IsCompleted)
        {
            return;
        }

        if (OperatingSystem.IsWindows())
        {
            process.Kill(entireProcessTree: true);
            return;
        }

        _ = SendSignal(Id, (int)signal);
    }

    private void KillGroup()
    {
        if (!OperatingSystem.IsWindows())
        {
            _ = SendSignal(-Id, (int)StopSignal.Kill);
        }
    }
}
