using System.ClientModel;
using System.ClientModel.Primitives;
using OpenAI;
using Platform.ProviderSimulator;
using Platform.Testing;

namespace Platform.ModelGateway.Tests.OpenAiEndpoint;

/// <summary>The service in front of a simulated provider.</summary>
internal sealed class GatewayOverSimulator(RunningGateway gateway, ProviderSimulatorHost simulator) : IAsyncDisposable
{
    internal RunningGateway Gateway => gateway;

    internal ProviderSimulatorHost Simulator => simulator;

    internal static async Task<GatewayOverSimulator> StartAsync(PlatformServers servers, CancellationToken cancellationToken, params (string Key, string? Value)[] settings)
    {
        var simulator = await ProviderSimulatorHost.StartAsync(cancellationToken: cancellationToken);
        return new GatewayOverSimulator(await RunningGateway.StartAsync(servers, [.. RunningGateway.Provider(simulator.OpenAiUrl), .. settings], cancellationToken), simulator);
    }

    /// <summary>A plain client as programs use it, without repetitions of its own: each request of a test is one request.</summary>
    internal OpenAIClient Client(string key = "any") => new(
        new ApiKeyCredential(key), new OpenAIClientOptions { Endpoint = gateway.OpenAiUrl, RetryPolicy = new ClientRetryPolicy(0) });

    public async ValueTask DisposeAsync()
    {
        await gateway.DisposeAsync();
        await simulator.DisposeAsync();
    }
}

/// <summary>One for all tests of a class; each uses up what it scripts.</summary>
public sealed class SharedGatewayOverSimulator(PlatformServers servers) : IAsyncLifetime
{
    internal GatewayOverSimulator Over { get; private set; } = null!;

    public async ValueTask InitializeAsync() => Over = await GatewayOverSimulator.StartAsync(
        servers, CancellationToken.None, ("modelGateway:breaker:failures", "1000"), ("modelGateway:models:primary:requestsPerMinute", "100000"));

    public ValueTask DisposeAsync() => Over.DisposeAsync();
}
