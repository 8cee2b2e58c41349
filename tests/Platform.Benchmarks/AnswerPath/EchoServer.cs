using System.Globalization;
using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Platform.Benchmarks.Grpc;
using Platform.Testing;

namespace Platform.Benchmarks.AnswerPath;

/// <summary>The other end of a bare hop, as a process of its own.</summary>
internal sealed class EchoServer : IBenchmark
{
    private const string ServerName = "answer-path-echo";
    private const string PortVariable = "BENCHMARK_ECHO_PORT";

    // The benchmark ends it earlier; a stray one ends by itself.
    private static readonly TimeSpan LongestLife = TimeSpan.FromMinutes(15);

    public string Name => ServerName;

    public static Task<ChildProcess> StartAsync(CancellationToken cancellationToken)
    {
        var port = ChildProcess.FreePort();
        return ChildProcess.StartAsync(
            "dotnet",
            [typeof(EchoServer).Assembly.Location, ServerName],
            port,
            AppContext.BaseDirectory,
            new Dictionary<string, string>
            {
                [PortVariable] = port.ToString(CultureInfo.InvariantCulture),
                // As the services have it; without the second they are slower beside each other.
                ["DOTNET_TieredPGO"] = "0",
                ["DOTNET_ThreadPool_UnfairSemaphoreSpinLimit"] = "0",
            },
            cancellationToken);
    }

    public async Task RunAsync(bool isShort, CancellationToken cancellationToken)
    {
        if (!int.TryParse(Environment.GetEnvironmentVariable(PortVariable), CultureInfo.InvariantCulture, out var port))
        {
            Console.WriteLine($"A server for the benchmark answer-path, which starts it with {PortVariable}.");
            return;
        }

        var builder = WebApplication.CreateSlimBuilder();
        builder.Configuration.Sources.Clear();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, port, listen => listen.Protocols = HttpProtocols.Http2));
        await using var app = builder.Build();
        app.MapBareEcho();
        using var life = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        life.CancelAfter(LongestLife);
        await app.StartAsync(life.Token);
        await app.WaitForShutdownAsync(life.Token);
    }
}
