using System.Net;
using Grpc.Net.Client;
using Platform.Contracts.ModelGateway.V1;
using Platform.Testing;

namespace Platform.ModelGateway.Tests;

/// <summary>The service as a process of its own, which a test may kill.</summary>
internal sealed class GatewayProcess : IDisposable
{
    private readonly ServiceProcess _service;
    private readonly GrpcChannel _channel;

    private GatewayProcess(ServiceProcess service)
    {
        _service = service;
        _channel = GrpcChannel.ForAddress(service.GrpcAddress);
        Models = new ModelGatewayService.ModelGatewayServiceClient(_channel);
    }

    internal ModelGatewayService.ModelGatewayServiceClient Models { get; }

    internal static async Task<GatewayProcess> StartAsync(IEnumerable<(string Key, string? Value)> settings, CancellationToken cancellationToken)
    {
        var gateway = new GatewayProcess(await ServiceProcess.StartAsync("ModelGateway", [("ConnectionStrings:redis", RunningGateway.RedisAway), .. settings], cancellationToken));
        try
        {
            using var client = new HttpClient { BaseAddress = gateway._service.HttpAddress, Timeout = TimeSpan.FromSeconds(2) };
            await Eventually.HoldsAsync(() => gateway.IsReadyAsync(client, cancellationToken), "the service is ready");
            return gateway;
        }
        catch
        {
            gateway.Dispose();
            throw;
        }
    }

    /// <summary>Ends the process at once (SIGKILL).</summary>
    internal Task KillAsync() => _service.Process.KillAsync(TestContext.Current.CancellationToken);

    public void Dispose()
    {
        _channel.Dispose();
        _service.Dispose();
    }

    private async Task<bool> IsReadyAsync(HttpClient client, CancellationToken cancellationToken)
    {
        Assert.True(_service.Process.IsRunning, "the service ended");
        try
        {
            using var response = await client.GetAsync("/health/ready", cancellationToken);
            return response.StatusCode == HttpStatusCode.OK;
        }
        catch (Exception error) when (error is HttpRequestException or TaskCanceledException && !cancellationToken.IsCancellationRequested)
        {
            return false;
        }
    }
}
