using System.Collections.Concurrent;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Platform.Testing;

namespace Platform.ServiceDefaults.Tests.Telemetry;

public sealed class OtlpTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Export_CollectorNamed_ReceivesTracesMetricsAndLogs()
    {
        var received = new ConcurrentDictionary<string, long>();
        await using var collector = await StartCollectorAsync(received);
        using var folder = new ConfigurationFolder();
        var address = collector.Services.GetRequiredService<IServer>().Features.GetRequiredFeature<IServerAddressesFeature>().Addresses.Single();
        var service = await RunningService.StartAsync(
            RunningService.Builder(folder, ("OTEL_EXPORTER_OTLP_ENDPOINT", address), ("OTEL_EXPORTER_OTLP_PROTOCOL", "http/protobuf")),
            app => app.MapGet("/work", (ILogger<OtlpTests> logger) => logger.LogWarning("worked")),
            Token);
        await using (service)
        {
            await service.Http.GetStringAsync("/work", Token);
        }

        // Stopping flushes what has not been sent yet.
        await Eventually.HoldsAsync(
            () => new[] { "/v1/traces", "/v1/metrics", "/v1/logs" }.All(signal => received.GetValueOrDefault(signal) > 0),
            "all three signals arrive");
    }

    private static async Task<WebApplication> StartCollectorAsync(ConcurrentDictionary<string, long> received)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var app = builder.Build();
        app.Run(async http =>
        {
            using var body = new MemoryStream();
            await http.Request.Body.CopyToAsync(body, http.RequestAborted);
            received.AddOrUpdate(http.Request.Path.Value!, body.Length, (_, bytes) => bytes + body.Length);
            http.Response.StatusCode = StatusCodes.Status200OK;
        });
        await app.StartAsync(Token);
        return app;
    }
}
