using Grpc.Net.Client;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Mvc.Testing;
using Platform.Contracts.ResponseGeneration.V1;
using Platform.ResponseGeneration.Generation;
using Xunit;

namespace Platform.ResponseGeneration.Tests;

/// <summary>The service over gRPC in front of a model gateway that a test speaks for.</summary>
internal sealed class ModelHost : IAsyncDisposable
{
    private readonly WebApplicationFactory<GenerationOptions> _factory;
    private readonly GrpcChannel _channel;

    private ModelHost(FakeModelGateway models, (string Key, string Value)[] settings)
    {
        Models = models;
        _factory = new WebApplicationFactory<GenerationOptions>().WithWebHostBuilder(host =>
        {
            host.UseEnvironment("Testing");
            host.UseSetting("services:model-gateway:grpc:0", models.Address);
            host.UseSetting("generation:backoff", "00:00:00");
            foreach (var (key, value) in settings)
            {
                host.UseSetting(key, value);
            }
        });
        _channel = GrpcChannel.ForAddress(_factory.Server.BaseAddress, new GrpcChannelOptions { HttpHandler = _factory.Server.CreateHandler() });
    }

    /// <summary>Whose models forget what an earlier test made them say.</summary>
    public ModelHost Fresh()
    {
        Models.Forget();
        return this;
    }

    public FakeModelGateway Models { get; }

    public ResponseGenerationService.ResponseGenerationServiceClient Client => new(_channel);

    public static async Task<ModelHost> StartAsync(CancellationToken cancellationToken, params (string Key, string Value)[] settings) =>
        new(await FakeModelGateway.StartAsync(cancellationToken), settings);

    public async ValueTask DisposeAsync()
    {
        _channel.Dispose();
        await _factory.DisposeAsync();
        await Models.DisposeAsync();
    }
}

/// <summary>One host for the tests of a class, which follow each other.</summary>
public sealed class SharedModelHost : IAsyncLifetime
{
    internal ModelHost Host { get; private set; } = null!;

    public async ValueTask InitializeAsync() => Host = await ModelHost.StartAsync(TestContext.Current.CancellationToken);

    public ValueTask DisposeAsync() => Host.DisposeAsync();
}
