using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using Aspire.Hosting.Running;
using Xunit;

namespace Aspire.Hosting.Tests;

/// <summary>The sample host in a process of its own, as a developer runs it.</summary>
internal sealed partial class HostProcess : IAsyncDisposable
{
    public const int Interrupt = 2;
    public const int Kill = 9;
    public const int Terminate = 15;

    private const string MarkVariable = "ASPIRE_HOSTING_TESTS_MARK";
    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(60);

    private readonly Process process;
    private readonly List<string> lines = [];
    private readonly string mark = Guid.NewGuid().ToString("n");
    private readonly SemaphoreSlim arrived = new(0);
    private readonly Task output;

    private HostProcess(string[] arguments, string dataFolder, IReadOnlyDictionary<string, string> variables)
    {
        DataFolder = dataFolder;
        var start = new ProcessStartInfo("dotnet", [HostAssembly, .. arguments])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        start.Environment[ApplicationFolder.FolderVariable] = dataFolder;
        start.Environment[MarkVariable] = mark;
        foreach (var (name, value) in variables)
        {
            start.Environment[name] = value;
        }

        process = Process.Start(start)!;
        output = Task.WhenAll(ReadAsync(process.StandardOutput), ReadAsync(process.StandardError));
    }

    public static string HostAssembly { get; } = FindHostAssembly();

    public string DataFolder { get; }

    public int ExitCode => process.ExitCode;

    public IReadOnlyList<string> Lines
    {
        get
        {
            lock (lines)
            {
                return [.. lines];
            }
        }
    }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public static HostProcess Start(string dataFolder, IReadOnlyDictionary<string, string>? variables = null, params string[] arguments) =>
        new(arguments, dataFolder, variables ?? new Dictionary<string, string>());

    /// <summary>Waits for the line that says where the front is, which comes after everything is up.</summary>
    public async Task<HttpClient> FrontAsync()
    {
        var line = await LineAsync(l => l.StartsWith("Chat: ", StringComparison.Ordinal));
        return new HttpClient { BaseAddress = new Uri(line["Chat: ".Length..]) };
    }

    public async Task<string> LineAsync(Func<string, bool> wanted)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        limit.CancelAfter(StartLimit);
        while (true)
        {
            if (Lines.FirstOrDefault(wanted) is { } found)
            {
                return found;
            }

            if (output.IsCompleted)
            {
                throw new InvalidOperationException("The host ended without that line:\n" + string.Join('\n', Lines));
            }

            try
            {
                await arrived.WaitAsync(TimeSpan.FromSeconds(1), limit.Token);
            }
            catch (OperationCanceledException)
            {
                throw new TimeoutException("That line did not come:\n" + string.Join('\n', Lines));
            }
        }
    }

    public void Signal(int signal) => Assert.Equal(0, SendSignal(process.Id, signal));

    public async Task ExitAsync(TimeSpan within)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        limit.CancelAfter(within);
        await process.WaitForExitAsync(limit.Token);
        await output.WaitAsync(within, Cancellation);
    }

    /// <summary>Processes of this run that are alive: those with its mark in their environment or its data folder in their command.</summary>
    public IReadOnlyList<string> Alive()
    {
        var found = new List<string>();
        foreach (var folder in Directory.GetDirectories("/proc").Where(f => int.TryParse(Path.GetFileName(f), NumberStyles.None, CultureInfo.InvariantCulture, out _)))
        {
            var command = Read(Path.Combine(folder, "cmdline"));
            if (command.Length > 0 && (command.Contains(DataFolder, StringComparison.Ordinal) || Read(Path.Combine(folder, "environ")).Contains(mark, StringComparison.Ordinal)))
            {
                found.Add($"{Path.GetFileName(folder)} {command.Replace('\0', ' ')}");
            }
        }

        return found;
    }

    public async Task NothingAliveAsync(TimeSpan within)
    {
        await Eventually.TrueAsync(() => Task.FromResult(Alive().Count == 0), within, () => "Still alive:\n" + string.Join('\n', Alive()));
    }

    public async ValueTask DisposeAsync()
    {
        if (!process.HasExited)
        {
            _ = SendSignal(process.Id, Terminate);
            using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(15));
            try
            {
                await process.WaitForExitAsync(limit.Token);
            }
            catch (OperationCanceledException)
            {
                process.Kill(entireProcessTree: true);
            }
        }

        process.Dispose();
        arrived.Dispose();
    }

    internal static void SignalProcess(int processId, int signal) => Assert.Equal(0, SendSignal(processId, signal));

    private static string Read(string file)
    {
        try
        {
            return Encoding.UTF8.GetString(File.ReadAllBytes(file));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // Gone in the meantime.
            return string.Empty;
        }
    }

    private static string FindHostAssembly()
    {
        var configuration = Path.GetFileName(Path.GetDirectoryName(AppContext.BaseDirectory.TrimEnd(Path.DirectorySeparatorChar)))!;
        return Path.Combine(Projects.SampleHost.ProjectPath, "bin", configuration, "net10.0", "SampleHost.dll");
    }

    [LibraryImport("libc", EntryPoint = "kill", SetLastError = true)]
    private static partial int SendSignal(int processId, int signal);

    private async Task ReadAsync(StreamReader reader)
    {
        while (await reader.ReadLineAsync() is { } line)
        {
            lock (lines)
            {
                lines.Add(line);
            }

            arrived.Release();
        }
    }
}

internal static class Eventually
{
    public static async Task TrueAsync(Func<Task<bool>> condition, TimeSpan within, Func<string> message)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        limit.CancelAfter(within);
        while (!await condition())
        {
            try
            {
                await Task.Delay(50, limit.Token);
            }
            catch (OperationCanceledException)
            {
                Assert.Fail(message());
            }
        }
    }
}

/// <summary>A folder for tests that another user may pass through.</summary>
public sealed class TestFolder : IDisposable
{
    public TestFolder()
    {
        Path = Directory.CreateTempSubdirectory("aspire-tests-").FullName;
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(Path, (UnixFileMode)Convert.ToInt32("755", 8));
        }
    }

    public string Path { get; }

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
