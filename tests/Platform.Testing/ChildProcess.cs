using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Platform.Testing;

/// <summary>A server that a test or benchmark starts on a port of this machine and ends with itself.</summary>
public sealed class ChildProcess : IDisposable
{
    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(60);

    // The kernel counts processor time in hundredths of a second on every platform that .NET supports.
    private const double MicrosecondsPerTick = 10_000;

    private readonly Process _process;

    private ChildProcess(Process process, Uri address) => (_process, Address) = (process, address);

    /// <summary>Where it listens.</summary>
    public Uri Address { get; }

    /// <summary>A port of loopback that nothing listened on a moment ago.</summary>
    public static int FreePort()
    {
        using var socket = new TcpListener(IPAddress.Loopback, 0);
        socket.Start();
        return ((IPEndPoint)socket.LocalEndpoint).Port;
    }

    /// <summary>Starts a program and returns when its port accepts connections.</summary>
    /// <param name="program">File to run.</param>
    /// <param name="arguments">Its arguments.</param>
    /// <param name="port">Port of loopback on which it will listen.</param>
    /// <param name="folder">Working directory.</param>
    /// <param name="environment">Variables set besides those of this process.</param>
    /// <param name="cancellationToken">Ends the wait, and the process with it.</param>
    /// <exception cref="InvalidOperationException">It ended instead; the message holds its last 40 lines.</exception>
    public static async Task<ChildProcess> StartAsync(
        string program, IEnumerable<string> arguments, int port, string folder, IReadOnlyDictionary<string, string> environment, CancellationToken cancellationToken)
    {
        var start = new ProcessStartInfo(program, arguments) { WorkingDirectory = folder, RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        var process = Process.Start(start)!;
        var child = new ChildProcess(process, new Uri(string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{port}")));
        var said = new Queue<string>();
        process.ErrorDataReceived += (_, line) => Keep(said, line.Data);
        process.OutputDataReceived += (_, line) => Keep(said, line.Data);
        process.BeginErrorReadLine();
        process.BeginOutputReadLine();
        try
        {
            await child.ListeningAsync(port, said, cancellationToken);
            return child;
        }
        catch
        {
            child.Dispose();
            throw;
        }
    }

    /// <summary>Processor time since the process started.</summary>
    public double ProcessorMicroseconds()
    {
        var stat = File.ReadAllText(string.Create(CultureInfo.InvariantCulture, $"/proc/{_process.Id}/stat"));
        var fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
        return MicrosecondsPerTick * fields[11..13].Sum(field => double.Parse(field, CultureInfo.InvariantCulture));
    }

    /// <summary>Memory that is this process's alone, in MiB, and its handles and threads.</summary>
    public (double MiB, int Handles, int Threads) Footprint()
    {
        var folder = string.Create(CultureInfo.InvariantCulture, $"/proc/{_process.Id}");
        var line = File.ReadLines(Path.Combine(folder, "smaps_rollup")).First(text => text.StartsWith("Private_Dirty:", StringComparison.Ordinal));
        return (
            double.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture) / 1024,
            Directory.GetFiles(Path.Combine(folder, "fd")).Length,
            Directory.GetDirectories(Path.Combine(folder, "task")).Length);
    }

    /// <summary>Whether it still runs.</summary>
    public bool IsRunning => !_process.HasExited;

    /// <summary>Ends the process at once (SIGKILL): nothing of it runs any more, no file is closed in order.</summary>
    public async Task KillAsync(CancellationToken cancellationToken)
    {
        _process.Kill(entireProcessTree: true);
        await _process.WaitForExitAsync(cancellationToken);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (IsRunning)
        {
            _process.Kill(entireProcessTree: true);
            _process.WaitForExit(5000);
        }

        _process.Dispose();
    }

    private async Task ListeningAsync(int port, Queue<string> said, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(StartLimit);
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
        while (!await ListensAsync(port, limit.Token))
        {
            if (_process.HasExited)
            {
                lock (said)
                {
                    throw new InvalidOperationException($"{_process.StartInfo.FileName} {string.Join(' ', _process.StartInfo.ArgumentList)} ended with {_process.ExitCode}:\n{string.Join('\n', said)}");
                }
            }

            await timer.WaitForNextTickAsync(limit.Token);
        }
    }

    private static void Keep(Queue<string> said, string? line)
    {
        const int most = 40;
        lock (said)
        {
            said.Enqueue(line ?? "");
            if (said.Count > most)
            {
                said.Dequeue();
            }
        }
    }

    private static async Task<bool> ListensAsync(int port, CancellationToken cancellationToken)
    {
        using var client = new TcpClient();
        try
        {
            await client.ConnectAsync(IPAddress.Loopback, port, cancellationToken);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
