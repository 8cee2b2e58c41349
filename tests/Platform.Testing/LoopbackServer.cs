using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Platform.Testing;

/// <summary>A server of a test's own on a free port of loopback, cleartext, which stands in for a service or a provider.</summary>
public sealed class LoopbackServer : IAsyncDisposable
{
    private readonly WebApplication app;

    private LoopbackServer(WebApplication app) => this.app = app;

    /// <summary>As in http://127.0.0.1:5000.</summary>
    public string Address => app.Urls.Single();

    /// <param name="protocols">HTTP/2 for gRPC.</param>
    /// <param name="services">Adds what the endpoints need.</param>
    /// <param name="map">Adds the endpoints.</param>
    /// <param name="cancellationToken">Ends the start.</param>
    public static async Task<LoopbackServer> StartAsync(
        HttpProtocols protocols, Action<IServiceCollection> services, Action<WebApplication> map, CancellationToken cancellationToken)
    {
        // Elsewhere than beside the settings of the service under test, which name its ports.
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { ContentRootPath = Path.GetTempPath() });
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0, listen => listen.Protocols = protocols));
        services(builder.Services);
        var app = builder.Build();
        map(app);
        await app.StartAsync(cancellationToken);
        return new LoopbackServer(app);
    }

    public ValueTask DisposeAsync() => app.DisposeAsync();
}
