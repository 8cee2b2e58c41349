using Grpc.Core;
using Grpc.Net.Client;
using Platform.Contracts.EntityResolution.V1;
using Platform.Testing;

namespace Platform.EntityResolution.Tests.Registry;

/// <summary>The service as a process of its own, holding the names of its database.</summary>
internal sealed class ReplicaProcess : IDisposable
{
    private readonly ServiceProcess _service;
    private readonly GrpcChannel _channel;

    private ReplicaProcess(ServiceProcess service)
    {
        _service = service;
        _channel = GrpcChannel.ForAddress(service.GrpcAddress);
        Client = new EntityResolutionService.EntityResolutionServiceClient(_channel);
    }

    public EntityResolutionService.EntityResolutionServiceClient Client { get; }

    public Uri HttpAddress => _service.HttpAddress;

    /// <param name="connectionString">The database.</param>
    /// <param name="settings">Further configuration, e.g. ("entityResolution:refreshInterval", "01:00:00").</param>
    public static async Task<ReplicaProcess> StartAsync(string connectionString, params (string Key, string Value)[] settings)
    {
        (string, string?)[] all = [("ConnectionStrings:platform", connectionString), .. settings.Select(setting => ("PLATFORM:" + setting.Key, (string?)setting.Value))];
        var replica = new ReplicaProcess(await ServiceProcess.StartAsync("EntityResolution", all, TestContext.Current.CancellationToken));
        try
        {
            await Eventually.HoldsAsync(replica.AnswersAsync, "the replica answers");
            return replica;
        }
        catch
        {
            replica.Dispose();
            throw;
        }
    }

    public void Dispose()
    {
        _channel.Dispose();
        _service.Dispose();
    }

    private async Task<bool> AnswersAsync()
    {
        Assert.True(_service.Process.IsRunning, "The replica ended.");
        try
        {
            return (await Client.GetRegistryStatusAsync(new GetRegistryStatusRequest(), cancellationToken: TestContext.Current.CancellationToken)).AsOf is not null;
        }
        catch (RpcException)
        {
            return false;
        }
    }
}
