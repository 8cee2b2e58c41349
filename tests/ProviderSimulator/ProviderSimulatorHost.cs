using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Platform.ProviderSimulator.Faults;
using Platform.ProviderSimulator.Records;

namespace Platform.ProviderSimulator;

/// <summary>The simulator inside a test: a server on a free port of this machine.</summary>
public sealed class ProviderSimulatorHost : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly Simulator _simulator;
    private readonly DeadAddresses _dead = new();

    private ProviderSimulatorHost(WebApplication app, Simulator simulator) => (_app, _simulator) = (app, simulator);

    /// <summary>Such as <c>http://127.0.0.1:40123</c>.</summary>
    public string Address =>
        _app.Services.GetRequiredService<IServer>().Features.GetRequiredFeature<IServerAddressesFeature>().Addresses.Single();

    /// <summary>Base address of the OpenAI-shaped provider.</summary>
    public string OpenAiUrl => $"{Address}/v1";

    /// <summary>Endpoint of the Azure-shaped provider; deployments may have any name.</summary>
    public string AzureUrl => Address;

    /// <summary>Base address of the Anthropic-shaped provider.</summary>
    public string AnthropicUrl => $"{Address}/v1";

    /// <summary>A base address on which every connection is refused.</summary>
    public string RefusingUrl => $"{_dead.Refusing}/v1";

    /// <summary>A base address on which no connection is ever made nor refused.</summary>
    public string BlackHoleUrl => $"{_dead.BlackHole}/v1";

    /// <summary>What is done with the next requests.</summary>
    public Script Script => _simulator.Script;

    /// <summary>What was asked, what was done, and when the client left.</summary>
    public RequestLog Requests => _simulator.Requests;

    /// <summary>Starts it on <paramref name="port"/>, 0 for a free one.</summary>
    public static async Task<ProviderSimulatorHost> StartAsync(
        SimulatorOptions? options = null, TimeProvider? time = null, int port = 0, CancellationToken cancellationToken = default)
    {
        // Not the folder of the binaries, nor the variables of the test: another service's settings may lie there.
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions { ContentRootPath = Path.GetTempPath() });
        builder.WebHost.UseKestrelCore().ConfigureKestrel(Configure).UseUrls($"http://127.0.0.1:{port}");
        builder.Services.AddRoutingCore();
        builder.Logging.ClearProviders();
        var app = builder.Build();
        var simulator = new Simulator(options ?? new SimulatorOptions(), time ?? TimeProvider.System);
        app.UseRouting();
        app.MapSimulator(simulator);
        try
        {
            await app.StartAsync(cancellationToken);
        }
        catch
        {
            await app.DisposeAsync();
            throw;
        }

        return new ProviderSimulatorHost(app, simulator);
    }

    public async ValueTask DisposeAsync()
    {
        // Hanging requests must not hold the end of a test up.
        using var soon = new CancellationTokenSource(TimeSpan.FromSeconds(1));
        await _app.StopAsync(soon.Token);
        await _app.DisposeAsync();
        _dead.Dispose();
    }

    internal static void Configure(KestrelServerOptions kestrel)
    {
        kestrel.AddServerHeader = false;
        kestrel.Limits.MaxRequestBodySize = 64 * 1024 * 1024;
        kestrel.Limits.MinResponseDataRate = null;
    }
}
