using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Runtime;
using Google.Protobuf;
using Grpc.Core;
using Grpc.Net.Client;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Platform.Benchmarks.Grpc;

/// <summary>P1 and P2: a unary call against a bare echo of the same frame over cleartext HTTP/2, both on Kestrel and in one process.</summary>
internal sealed class GrpcBenchmark : IBenchmark
{
    private const int PayloadLength = 100;
    private const int Connections = 4;
    private const int StreamsOfConnection = 8;

    public string Name => "grpc";

    public async Task RunAsync(bool isShort, CancellationToken cancellationToken)
    {
        var rounds = isShort ? 3 : 9;
        var time = TimeSpan.FromSeconds(isShort ? 0.5 : 1.2);
        var builder = WebApplication.CreateSlimBuilder();

        // The folder may hold the settings of a service, with endpoints that nobody asked for here.
        builder.Configuration.Sources.Clear();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0, listen => listen.Protocols = HttpProtocols.Http2));
        builder.Services.AddGrpc();
        await using var app = builder.Build();
        app.MapGrpcService<EchoService>();
        app.MapBareEcho();
        await app.StartAsync(cancellationToken);
        var address = new Uri(app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single());

        using var bare = new BareClients(address, Connections, PayloadLength);
        using var grpc = new GrpcClients(address);
        await WarmUpAsync(bare.CallAsync, grpc.CallAsync, time, cancellationToken);

        var hop = new Comparison("P1 p50", "us");
        var rate = new Comparison("P2 calls/s", "/s");
        var tail = new Comparison("P2 p99", "us");
        var work = new Comparison("P2 CPU", "us");
        for (var round = 0; round < rounds; round++)
        {
            var bareAlone = await MeasureAsync(bare.CallAsync, 1, time, cancellationToken);
            var grpcAlone = await MeasureAsync(grpc.CallAsync, 1, time, cancellationToken);
            var bareFull = await MeasureAsync(bare.CallAsync, Connections * StreamsOfConnection, time, cancellationToken);
            var grpcFull = await MeasureAsync(grpc.CallAsync, Connections * StreamsOfConnection, time, cancellationToken);
            hop.Add(bareAlone.P50, grpcAlone.P50);
            rate.Add(bareFull.Rate, grpcFull.Rate);
            tail.Add(bareFull.P99, grpcFull.P99);
            work.Add(bareFull.Cpu, grpcFull.Cpu);
        }

        hop.Print("<= 1.30", ratio => ratio <= 1.3);
        rate.Print(">= 0.70", ratio => ratio >= 0.7);
        tail.Print("<= 2.00", ratio => ratio <= 2.0);

        // What a call costs both sides says how the two compare even when other processes take most of the machine.
        work.Print("none", _ => true);

        var before = GC.GetTotalAllocatedBytes(precise: true);
        for (var i = 0; i < 2000; i++)
        {
            await grpc.CallAsync(0, cancellationToken);
        }

        var middle = GC.GetTotalAllocatedBytes(precise: true);
        for (var i = 0; i < 2000; i++)
        {
            await bare.CallAsync(0, cancellationToken);
        }

        var after = GC.GetTotalAllocatedBytes(precise: true);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"allocated for a call, both sides: gRPC {(middle - before) / 2000} B, bare {(after - middle) / 2000} B"));
    }

    // The framework comes compiled, this solution does not: rounds count once the just-in-time compiler has little left to replace.
    private static async Task WarmUpAsync(Func<int, CancellationToken, Task> limit, Func<int, CancellationToken, Task> measured, TimeSpan time, CancellationToken cancellationToken)
    {
        const int mostRounds = 12;
        const int fewMethods = 25;
        var rounds = 0;
        long compiled;
        long before;
        do
        {
            before = JitInfo.GetCompiledMethodCount();
            await MeasureAsync(limit, Connections * StreamsOfConnection, time, cancellationToken);
            await MeasureAsync(measured, Connections * StreamsOfConnection, time, cancellationToken);
            await MeasureAsync(limit, 1, time / 4, cancellationToken);
            await MeasureAsync(measured, 1, time / 4, cancellationToken);
            compiled = JitInfo.GetCompiledMethodCount() - before;
        }
        while (++rounds < mostRounds && compiled > fewMethods);

        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"warm after {rounds} rounds; methods compiled in the last one: {compiled}"));
    }

    private static async Task<(double Rate, double P50, double P99, double Cpu)> MeasureAsync(Func<int, CancellationToken, Task> call, int callers, TimeSpan time, CancellationToken cancellationToken)
    {
        using var process = Process.GetCurrentProcess();
        var cpuBefore = process.TotalProcessorTime;
        var started = Stopwatch.GetTimestamp();
        var took = await Task.WhenAll(Enumerable.Range(0, callers).Select(caller => Task.Run(
            async () =>
            {
                var all = new List<double>(40_000);
                while (Stopwatch.GetElapsedTime(started) < time)
                {
                    var from = Stopwatch.GetTimestamp();
                    await call(caller, cancellationToken);
                    all.Add(Stopwatch.GetElapsedTime(from).TotalMicroseconds);
                }

                return all;
            },
            cancellationToken)));
        var elapsed = Stopwatch.GetElapsedTime(started).TotalSeconds;
        process.Refresh();
        var cpu = (process.TotalProcessorTime - cpuBefore).TotalMicroseconds;
        var sorted = took.SelectMany(all => all).ToArray();
        Array.Sort(sorted);
        return (sorted.Length / elapsed, sorted[sorted.Length / 2], sorted[(int)(sorted.Length * 0.99)], cpu / sorted.Length);
    }

    private sealed class EchoService : Echo.EchoBase
    {
        public override Task<EchoMessage> Say(EchoMessage request, ServerCallContext context) => Task.FromResult(request);
    }

    private sealed class GrpcClients : IDisposable
    {
        private readonly GrpcChannel[] _channels;
        private readonly Echo.EchoClient[] _clients;
        private readonly EchoMessage _message = new() { Payload = ByteString.CopyFrom(new byte[PayloadLength]) };

        public GrpcClients(Uri address)
        {
            _channels = [.. Enumerable.Range(0, Connections).Select(_ => GrpcChannel.ForAddress(address, new GrpcChannelOptions { HttpHandler = BareClients.OneConnection(), DisposeHttpClient = true }))];
            _clients = [.. _channels.Select(channel => new Echo.EchoClient(channel))];
        }

        public async Task CallAsync(int caller, CancellationToken cancellationToken)
        {
            var reply = await _clients[caller % Connections].SayAsync(_message, cancellationToken: cancellationToken);
            if (reply.Payload.Length != PayloadLength)
            {
                throw new InvalidOperationException("The echo is not what was sent.");
            }
        }

        public void Dispose()
        {
            foreach (var channel in _channels)
            {
                channel.Dispose();
            }
        }
    }
}
