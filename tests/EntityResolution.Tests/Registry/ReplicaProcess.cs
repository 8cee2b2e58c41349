using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Grpc.Core;
using Grpc.Net.Client;
using Platform.Contracts.EntityResolution.V1;
using Platform.Testing;

namespace Platform.EntityResolution.Tests.Registry;

/// <summary>The service as a process of its own, as it is deployed.</summary>
internal sealed class ReplicaProcess : IAsyncDisposable
{
    private readonly Process _process;
    private readonly GrpcChannel _channel;

    private ReplicaProcess(Process process, int grpcPort, int httpPort)
    {
        _process = process;
        _channel = GrpcChannel.ForAddress($"http://127.0.0.1:{grpcPort}");
        Client = new EntityResolutionService.EntityResolutionServiceClient(_channel);
        HttpAddress = new Uri($"http://127.0.0.1:{httpPort}");
    }

    public EntityResolutionService.EntityResolutionServiceClient Client { get; }

    public Uri HttpAddress { get; }

    /// <param name="connectionString">The database.</param>
    /// <param name="settings">Further configuration, e.g. ("entityResolution:refreshInterval", "01:00:00").</param>
    public static async Task<ReplicaProcess> StartAsync(string connectionString, params (string Key, string Value)[] settings)
    {
        var (grpc, http) = (FreePort(), FreePort());
        var start = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "Platform.EntityResolution.dll")])
        {
            WorkingDirectory = AppContext.BaseDirectory,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["PLATFORM_CONFIG"] = Path.Combine(TestData.RepositoryRoot, "config");
        start.Environment["ConnectionStrings__platform"] = connectionString;
        start.Environment["Kestrel__Endpoints__grpc__Url"] = $"http://127.0.0.1:{grpc}";
        start.Environment["Kestrel__Endpoints__grpc__Protocols"] = "Http2";
        start.Environment["Kestrel__Endpoints__http__Url"] = $"http://127.0.0.1:{http}";
        start.Environment["Kestrel__Endpoints__http__Protocols"] = "Http1";
        foreach (var (key, value) in settings)
        {
            start.Environment["PLATFORM__" + key.Replace(":", "__", StringComparison.Ordinal)] = value;
        }

        var process = Process.Start(start)!;
        _ = process.StandardOutput.ReadToEndAsync(CancellationToken.None);
        _ = process.StandardError.ReadToEndAsync(CancellationToken.None);
        var replica = new ReplicaProcess(process, grpc, http);
        try
        {
            await Eventually.HoldsAsync(replica.AnswersAsync, "the replica answers");
            return replica;
        }
        catch
        {
            await replica.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        _channel.Dispose();
        if (!_process.HasExited)
        {
            _process.Kill();
        }

        await _process.WaitForExitAsync(CancellationToken.None);
        _process.Dispose();
    }

    private async Task<bool> AnswersAsync()
    {
        Assert.False(_process.HasExited, "The replica ended.");
        try
        {
            return (await Client.GetRegistryStatusAsync(new GetRegistryStatusRequest(), cancellationToken: TestContext.Current.CancellationToken)).AsOf is not null;
        }
        catch (RpcException)
        {
            return false;
        }
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
