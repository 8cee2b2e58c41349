using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Grpc.Net.Client;
using Platform.Contracts.ModelGateway.V1;
using Platform.Testing;

namespace Platform.ModelGateway.Tests;

/// <summary>The service as a process of its own, which a test may kill.</summary>
internal sealed class GatewayProcess : IAsyncDisposable
{
    private readonly Process _process;
    private readonly GrpcChannel _channel;

    private GatewayProcess(Process process, GrpcChannel channel)
    {
        (_process, _channel) = (process, channel);
        Models = new ModelGatewayService.ModelGatewayServiceClient(channel);
    }

    internal ModelGatewayService.ModelGatewayServiceClient Models { get; }

    internal static async Task<GatewayProcess> StartAsync(IEnumerable<(string Key, string? Value)> settings, CancellationToken cancellationToken)
    {
        var (grpc, http) = (FreePort(), FreePort());
        var start = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "Platform.ModelGateway.dll")])
        {
            RedirectStandardError = true,
            RedirectStandardOutput = true,
            WorkingDirectory = AppContext.BaseDirectory,
        };
        start.Environment["ConnectionStrings__redis"] = "127.0.0.1:9";
        start.Environment["PLATFORM_CONFIG"] = Path.Combine(AppContext.BaseDirectory, "config");
        start.Environment["Kestrel__Endpoints__grpc__Url"] = $"http://127.0.0.1:{grpc}";
        start.Environment["Kestrel__Endpoints__http__Url"] = $"http://127.0.0.1:{http}";
        foreach (var (key, value) in settings)
        {
            start.Environment[key.Replace(":", "__", StringComparison.Ordinal)] = value;
        }

        var process = Process.Start(start)!;
        process.OutputDataReceived += (_, _) => { };
        process.ErrorDataReceived += (_, _) => { };
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        var gateway = new GatewayProcess(process, GrpcChannel.ForAddress($"http://127.0.0.1:{grpc}"));
        using var client = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{http}"), Timeout = TimeSpan.FromSeconds(2) };
        try
        {
            await Eventually.HoldsAsync(
                async () =>
                {
                    Assert.False(process.HasExited, "the service ended");
                    try
                    {
                        return (await client.GetAsync("/health/ready", cancellationToken)).StatusCode == HttpStatusCode.OK;
                    }
                    catch (Exception error) when (error is HttpRequestException or TaskCanceledException)
                    {
                        return false;
                    }
                },
                "the service is ready");
        }
        catch
        {
            await gateway.DisposeAsync();
            throw;
        }

        return gateway;
    }

    /// <summary>Ends the process at once (SIGKILL): nothing of it runs any more, no file is closed in order.</summary>
    internal async Task KillAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
    }

    public async ValueTask DisposeAsync()
    {
        _channel.Dispose();
        if (!_process.HasExited)
        {
            await KillAsync();
        }

        _process.Dispose();
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
