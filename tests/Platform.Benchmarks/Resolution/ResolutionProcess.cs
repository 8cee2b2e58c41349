using Grpc.Core;
using Grpc.Net.Client;
using Platform.Contracts.EntityResolution.V1;
using Platform.Testing;

namespace Platform.Benchmarks.Resolution;

/// <summary>The service EntityResolution as a process of its own.</summary>
internal sealed class ResolutionProcess : IDisposable
{
    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(90);

    private readonly ServiceProcess _service;
    private readonly GrpcChannel[] _channels;

    private ResolutionProcess(ServiceProcess service)
    {
        _service = service;
        _channels = [.. Enumerable.Range(0, 4).Select(_ => GrpcChannel.ForAddress(service.GrpcAddress))];
    }

    /// <summary>Memory that is this process's alone, in MiB.</summary>
    public double MiB => _service.Process.Footprint().MiB;

    public EntityResolutionService.EntityResolutionServiceClient Client(int number) => new(_channels[number % _channels.Length]);

    /// <summary>Returns when the service holds the names.</summary>
    public static async Task<ResolutionProcess> StartAsync(string connectionString, int names, CancellationToken cancellationToken)
    {
        var service = await LaunchAsync(connectionString, cancellationToken);
        try
        {
            await service.HoldsAsync(names, cancellationToken);
            return service;
        }
        catch
        {
            service.Dispose();
            throw;
        }
    }

    /// <summary>Starts the service, which may still be reading names.</summary>
    public static async Task<ResolutionProcess> LaunchAsync(string connectionString, CancellationToken cancellationToken) =>
        new(await ServiceProcess.StartAsync("EntityResolution", [("ConnectionStrings:platform", connectionString)], cancellationToken));

    public void Dispose()
    {
        foreach (var channel in _channels)
        {
            channel.Dispose();
        }

        _service.Dispose();
    }

    /// <summary>Returns when the service holds so many names.</summary>
    public async Task HoldsAsync(int names, CancellationToken cancellationToken)
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
            catch (RpcException) when (_service.Process.IsRunning)
            {
                // It is not ready yet.
            }
        }
    }
}
