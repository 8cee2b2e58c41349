using System.Diagnostics;
using System.Globalization;

namespace Aspire.Hosting.Running;

/// <summary>
/// A small shell that outlives the host. It knows every process that the host started and reads a pipe from it. When the pipe ends, the
/// host is gone, in whatever way: the shell stops and removes what is left, which after an orderly stop is nothing.
/// </summary>
internal sealed class Watchdog : IAsyncDisposable
{
    /// <summary>Environment variable that marks the processes of one run, grandchildren included.</summary>
    public const string RunVariable = "ASPIRE_LOCAL_RUN";

    // Every process leads its own session, so the group's number is its own. The marker finds those that left the group.
    private const string Script = """
        trap '' HUP INT QUIT TERM
        run=$1; list=''; folders=''; containers=''
        while read -r verb a b; do
          case $verb in
            add) list="$list $a:$b" ;;
            drop) rest=''; for e in $list; do [ "${e%%:*}" = "$a" ] || rest="$rest $e"; done; list=$rest ;;
            folder) folders="$folders $a" ;;
            container) containers="$containers $a:$b" ;;
          esac
        done
        for e in $list; do kill -"${e##*:}" "${e%%:*}" 2>/dev/null; done
        for c in $containers; do "${c%%:*}" rm -f "${c##*:}" >/dev/null 2>&1; done
        n=0
        while [ $n -lt 30 ]; do
          alive=''
          for e in $list; do kill -0 "${e%%:*}" 2>/dev/null && alive=y; done
          [ -z "$alive" ] && break
          sleep 0.1; n=$((n+1))
        done
        for e in $list; do kill -KILL -- "-${e%%:*}" 2>/dev/null; done
        for f in $(grep -laF "ASPIRE_LOCAL_RUN=$run" /proc/[0-9]*/environ 2>/dev/null); do
          p=${f#/proc/}; kill -KILL "${p%%/*}" 2>/dev/null
        done
        for f in $folders; do rm -rf "$f"; done
        """;

    private readonly Lock gate = new();
    private readonly List<string> orders = [];
    private Process? shell;
    private bool closed;

    /// <summary>Identity of this run.</summary>
    public string Run { get; } = Guid.NewGuid().ToString("n");

    public void Start()
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        lock (gate)
        {
            Open();
        }
    }

    /// <summary>Remembers a process; <paramref name="signal"/> is the one that asks it to stop.</summary>
    public void Add(int processId, string signal) => Send($"add {processId.ToString(CultureInfo.InvariantCulture)} {signal}");

    public void Drop(int processId) => Send($"drop {processId.ToString(CultureInfo.InvariantCulture)}");

    /// <summary>Remembers a folder to remove.</summary>
    public void AddFolder(string folder) => Send($"folder {folder}");

    /// <summary>Remembers a container to remove.</summary>
    public void AddContainer(string runtime, string name) => Send($"container {runtime} {name}");

    public async ValueTask DisposeAsync()
    {
        Process? leaving;
        lock (gate)
        {
            closed = true;
            leaving = shell;
            shell = null;
        }

        if (leaving is null)
        {
            return;
        }

        using (leaving)
        {
            try
            {
                leaving.StandardInput.Close();
            }
            catch (IOException)
            {
                // It is gone already.
            }

            using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(2));
            try
            {
                await leaving.WaitForExitAsync(limit.Token).ConfigureAwait(false);
            }
            catch (OperationCanceledException)
            {
                // It still has something to stop and does so without this process.
            }
        }
    }

    private void Send(string order)
    {
        lock (gate)
        {
            orders.Add(order);
            if (shell is null)
            {
                return;
            }

            try
            {
                shell.StandardInput.WriteLine(order);
                shell.StandardInput.Flush();
            }
            catch (IOException)
            {
                Open();
            }
        }
    }

    private void Open()
    {
        if (closed)
        {
            return;
        }

        var start = SessionStart.Create("/bin/sh", ["-c", Script, "aspire-watchdog", Run]);
        start.RedirectStandardInput = true;
        start.RedirectStandardOutput = true;
        start.RedirectStandardError = true;
        start.WorkingDirectory = "/";
        shell = Process.Start(start)!;
        var opened = shell;
        opened.EnableRaisingEvents = true;
        opened.Exited += (_, _) => Reopen(opened);
        foreach (var order in orders)
        {
            opened.StandardInput.WriteLine(order);
        }

        opened.StandardInput.Flush();
    }

    private void Reopen(Process ended)
    {
        lock (gate)
        {
            if (ReferenceEquals(shell, ended))
            {
                shell = null;
                Open();
            }
        }
    }
}

/// <summary>Starts a program as leader of its own session, out of reach of the terminal's Ctrl-C.</summary>
internal static class SessionStart
{
    private static readonly Lazy<string?> SetSid = new(() => ProgramSearch.Find("setsid"));
    private static readonly Lazy<string?> Perl = new(() => ProgramSearch.Find("perl"));

    public static ProcessStartInfo Create(string program, IReadOnlyList<string> arguments)
    {
        var start = new ProcessStartInfo { UseShellExecute = false };
        if (SetSid.Value is { } setSid)
        {
            start.FileName = setSid;
            start.ArgumentList.Add(program);
        }
        else if (!OperatingSystem.IsWindows() && Perl.Value is { } perl)
        {
            start.FileName = perl;
            start.ArgumentList.Add("-MPOSIX");
            start.ArgumentList.Add("-e");
            start.ArgumentList.Add("POSIX::setsid(); exec { $ARGV[0] } @ARGV or exit 127");
            start.ArgumentList.Add(program);
        }
        else
        {
            start.FileName = program;
        }

        foreach (var argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        return start;
    }
}

/// <summary>Finds programs.</summary>
internal static class ProgramSearch
{
    public static string? Find(string program, params IEnumerable<string> furtherFolders)
    {
        var folders = (Environment.GetEnvironmentVariable("PATH") ?? string.Empty)
            .Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
            .Concat(furtherFolders);
        return folders.Select(folder => Path.Combine(folder, program)).FirstOrDefault(IsProgram);
    }

    private static bool IsProgram(string file) =>
        File.Exists(file)
        && (OperatingSystem.IsWindows() || (File.GetUnixFileMode(file) & (UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute)) != 0);
}
