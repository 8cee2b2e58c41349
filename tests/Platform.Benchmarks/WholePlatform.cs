using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;
using Platform.Testing;

namespace Platform.Benchmarks;

/// <summary>A platform as <c>dotnet run --project AppHost</c> starts it, with data and ports of its own, and load on it.</summary>
internal sealed partial class WholePlatform : IAsyncDisposable
{
    private const int Clients = 8;

    // The most that the rate limit may be set to: how fast it answers is measured, not how it refuses.
    private const string MostPermits = "1000000";
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan SettlingLimit = TimeSpan.FromSeconds(15);

    // A platform that nobody asks takes about a tenth of a processor.
    private const double Idle = 0.25;
    private static readonly TimeSpan StartLimit = TimeSpan.FromMinutes(4);
    private static readonly TimeSpan StopLimit = TimeSpan.FromSeconds(20);

    private readonly Process _host;
    private readonly string _data;
    private readonly TaskCompletionSource<Uri> _chat = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private WholePlatform(Process host, string data)
    {
        (_host, _data) = (host, data);
        host.OutputDataReceived += (_, line) =>
        {
            if (line.Data is { } text && ChatAddress().Match(text) is { Success: true } address)
            {
                _chat.TrySetResult(new Uri(address.Groups[1].Value));
            }
        };
        host.ErrorDataReceived += (_, _) => { };
        host.EnableRaisingEvents = true;
        host.Exited += (_, _) => _chat.TrySetException(new InvalidOperationException($"The platform ended with {host.ExitCode}."));
        host.BeginOutputReadLine();
        host.BeginErrorReadLine();
    }

    /// <param name="name">Part of the name of its data folder.</param>
    /// <param name="variables">Variables of the host, which its services inherit.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <param name="arguments">What stands behind <c>dotnet run --project AppHost --</c>.</param>
    public static async Task<WholePlatform> StartAsync(string name, Dictionary<string, string> variables, CancellationToken cancellationToken, params string[] arguments)
    {
        // Not a private temporary folder: as root PostgreSQL runs as another user, who has to get through.
        var data = Directory.CreateDirectory(Path.Combine(Path.GetTempPath(), $"platform-{name}-{Guid.NewGuid():n}")).FullName;
        var folder = BuildOutput.Of("AppHost");
        var start = new ProcessStartInfo("dotnet", [Path.Combine(folder, "AppHost.dll"), .. arguments]) { RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = folder };
        start.Environment["PLATFORM_DATA_DIR"] = data;
        start.Environment["PLATFORM_GATEWAY_PORT"] = "";
        start.Environment["PLATFORM__gateway__rateLimit__permitsPerMinute"] = MostPermits;
        start.Environment["PLATFORM__gateway__rateLimit__burst"] = MostPermits;
        foreach (var (key, value) in variables)
        {
            start.Environment[key] = value;
        }

        var platform = new WholePlatform(Process.Start(start)!, data);
        await platform._chat.Task.WaitAsync(StartLimit, cancellationToken);
        return platform;
    }

    /// <summary>Address of the gateway.</summary>
    public Task<Uri> AddressAsync() => _chat.Task;

    /// <summary>Answers a second, and the processor time of one, in milliseconds, of every process of the platform together.</summary>
    public async Task<(double Rate, double Processor)> LoadAsync(int seconds, CancellationToken cancellationToken)
    {
        var before = ProcessTree.ProcessorTime(_host.Id);
        var chat = await _chat.Task;
        using var load = Process.Start(new ProcessStartInfo(
            "dotnet",
            [
                Path.Combine(BuildOutput.Of("tests/Platform.LoadTests"), "Platform.LoadTests.dll"), "--url", chat.ToString(), "--clients", Clients.ToString(CultureInfo.InvariantCulture),
                "--seconds", seconds.ToString(CultureInfo.InvariantCulture), "--warmup", "0",
            ])
        {
            RedirectStandardOutput = true,
        })!;
        var said = await load.StandardOutput.ReadToEndAsync(cancellationToken);
        await load.WaitForExitAsync(cancellationToken);
        var spent = await SettledAsync(cancellationToken) - before;
        return Rate().Match(said) is { Success: true } rate
            ? (double.Parse(rate.Groups[2].Value, CultureInfo.InvariantCulture), spent / double.Parse(rate.Groups[1].Value, CultureInfo.InvariantCulture))
            : throw new InvalidOperationException(said);
    }

    /// <summary>Waits until nothing of the load is left: interactions that are queued belong to its answers, and must not disturb who is measured next.</summary>
    /// <returns>Processor time so far, in milliseconds.</returns>
    private async Task<double> SettledAsync(CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(SettlingLimit);
        using var timer = new PeriodicTimer(Look, TimeProvider.System);
        for (var before = ProcessTree.ProcessorTime(_host.Id); await timer.WaitForNextTickAsync(limit.Token);)
        {
            var now = ProcessTree.ProcessorTime(_host.Id);
            if (now - before < Idle * Look.TotalMilliseconds)
            {
                return now;
            }

            before = now;
        }

        throw new InvalidOperationException("The platform does not come to rest.");
    }

    public async ValueTask DisposeAsync()
    {
        if (!_host.HasExited)
        {
            // As Ctrl-C does: the host stops what it started.
            using var stop = Process.Start("kill", ["-TERM", _host.Id.ToString(CultureInfo.InvariantCulture)]);
            using var limit = new CancellationTokenSource(StopLimit);
            await _host.WaitForExitAsync(limit.Token);
        }

        _host.Dispose();
        Directory.Delete(_data, recursive: true);
    }

    [GeneratedRegex(@"^Chat: (http\S+)")]
    private static partial Regex ChatAddress();

    [GeneratedRegex(@"answers (\d+), errors 0 \([\d.]+ %\), ([\d.]+)/s")]
    private static partial Regex Rate();
}
