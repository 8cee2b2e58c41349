using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Grpc.Core;
using Grpc.Net.Client;
using Platform.Contracts.EntityResolution.V1;
using Platform.Testing;

namespace Platform.Benchmarks.Resolution;

/// <summary>The service EntityResolution as a process of its own.</summary>
internal sealed class ResolutionProcess : IAsyncDisposable
{
    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(90);

    private readonly Process _process;
    private readonly GrpcChannel[] _channels;

    private ResolutionProcess(Process process, int port)
    {
        _process = process;
        _channels = [.. Enumerable.Range(0, 4).Select(_ => GrpcChannel.ForAddress($"http://127.0.0.1:{port}"))];
    }

    /// <summary>Resident memory, in bytes.</summary>
    public long Memory
    {
        get
        {
            _process.Refresh();
            return _process.WorkingSet64;
        }
    }

    public EntityResolutionService.EntityResolutionServiceClient Client(int number) => new(_channels[number % _channels.Length]);

    /// <summary>Returns when the service holds the names.</summary>
    public static async Task<ResolutionProcess> StartAsync(string connectionString, int names, CancellationToken cancellationToken)
    {
        var (grpc, http) = (FreePort(), FreePort());
        var start = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "Platform.EntityResolution.dll")])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            Environment =
            {
                ["PLATFORM_CONFIG"] = Path.Combine(TestData.RepositoryRoot, "config"),
                ["ConnectionStrings__platform"] = connectionString,
                ["Kestrel__Endpoints__grpc__Url"] = $"http://127.0.0.1:{grpc}",
                ["Kestrel__Endpoints__grpc__Protocols"] = "Http2",
                ["Kestrel__Endpoints__http__Url"] = $"http://127.0.0.1:{http}",
                ["Kestrel__Endpoints__http__Protocols"] = "Http1",
            },
        };
        var process = Process.Start(start)!;
        _ = process.StandardOutput.ReadToEndAsync(CancellationToken.None);
        _ = process.StandardError.ReadToEndAsync(CancellationToken.None);
        var service = new ResolutionProcess(process, grpc);
        try
        {
            await service.HoldsAsync(names, cancellationToken);
            return service;
        }
        catch
        {
            await service.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var channel in _channels)
        {
            channel.Dispose();
        }

        if (!_process.HasExited)
        {
            _process.Kill();
        }

        await _process.WaitForExitAsync(CancellationToken.None);
        _process.Dispose();
    }

    private async Task HoldsAsync(int names, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(StartLimit);
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(100));
        while (await timer.WaitForNextTickAsync(limit.Token))
        {
            try
            {
                if ((await Client(0).GetRegistryStatusAsync(new GetRegistryStatusRequest(), cancellationToken: limit.Token)).Names >= names)
                {
                    return;
                }
            }
            catch (RpcException) when (!_process.HasExited)
            {
                // It does not listen yet.
            }
        }
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
