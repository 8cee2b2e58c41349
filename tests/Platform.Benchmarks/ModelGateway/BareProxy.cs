using System.Globalization;
using System.Net;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Platform.Benchmarks.ModelGateway;

/// <summary>The limit of <see cref="ModelGatewayBenchmark"/>: Kestrel, HttpClient, and JSON that is read and written both ways, nothing else.</summary>
internal sealed class BareProxy : IBenchmark
{
    internal const string ServerName = "model-gateway-proxy";
    internal const string PortVariable = "BENCHMARK_PROXY_PORT";
    internal const string UpstreamVariable = "BENCHMARK_PROXY_UPSTREAM";

    // The benchmark ends it earlier; a stray one ends by itself.
    private static readonly TimeSpan LongestLife = TimeSpan.FromMinutes(15);

    public string Name => ServerName;

    public async Task RunAsync(bool isShort, CancellationToken cancellationToken)
    {
        if (!int.TryParse(Environment.GetEnvironmentVariable(PortVariable), CultureInfo.InvariantCulture, out var port) || Environment.GetEnvironmentVariable(UpstreamVariable) is not { Length: > 0 } upstream)
        {
            Console.WriteLine($"A server for the benchmark model-gateway, which starts it with {PortVariable} and {UpstreamVariable}.");
            return;
        }

        using var http = new HttpClient(new SocketsHttpHandler { PooledConnectionLifetime = TimeSpan.FromMinutes(5), UseCookies = false, AllowAutoRedirect = false });
        var builder = WebApplication.CreateSlimBuilder();
        builder.Configuration.Sources.Clear();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, port, listen => listen.Protocols = HttpProtocols.Http1));
        await using var app = builder.Build();
        app.MapPost("/v1/chat/completions", async context =>
        {
            var asked = await JsonNode.ParseAsync(context.Request.Body, cancellationToken: context.RequestAborted);
            using var content = new ByteArrayContent(System.Text.Encoding.UTF8.GetBytes(asked!.ToJsonString())) { Headers = { ContentType = new("application/json") } };
            using var request = new HttpRequestMessage(HttpMethod.Post, $"{upstream}/v1/chat/completions") { Content = content };
            using var response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, context.RequestAborted);
            await using var body = await response.Content.ReadAsStreamAsync(context.RequestAborted);
            var answer = await JsonNode.ParseAsync(body, cancellationToken: context.RequestAborted);
            context.Response.StatusCode = (int)response.StatusCode;
            context.Response.ContentType = "application/json";
            await context.Response.Body.WriteAsync(System.Text.Encoding.UTF8.GetBytes(answer!.ToJsonString()), context.RequestAborted);
        });
        using var life = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        life.CancelAfter(LongestLife);
        await app.StartAsync(life.Token);
        await app.WaitForShutdownAsync(life.Token);
    }
}
