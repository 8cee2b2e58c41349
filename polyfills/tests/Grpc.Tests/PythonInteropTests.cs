using System.Diagnostics;
using Google.Protobuf;
using Grpc.Core;
using Grpc.Net.Client;

namespace Grpc.Tests;

/// <summary>Against grpcio, in both directions.</summary>
public sealed class PythonInteropTests
{
    private const string Python = "/usr/bin/python3";
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Server_CalledByGrpcio_PassesEveryCheck()
    {
        await SkipWithoutGrpcioAsync();
        await using var host = await ProbeHost.StartAsync(options => options.ResponseCompressionAlgorithm = "gzip");
        using var peer = Start("call", new Uri(host.Address).Port.ToString(System.Globalization.CultureInfo.InvariantCulture));

        var output = await peer.StandardOutput.ReadToEndAsync(Token).WaitAsync(Limit, Token);
        await peer.WaitForExitAsync(Token).WaitAsync(Limit, Token);

        Assert.DoesNotContain("FAILED", output, StringComparison.Ordinal);
        Assert.Equal(13, output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length);
        Assert.Equal(0, peer.ExitCode);
    }

    [Fact]
    public async Task Client_CallsGrpcio_EveryKindOfCallWorks()
    {
        await SkipWithoutGrpcioAsync();
        using var peer = Start("serve");
        try
        {
            var port = await peer.StandardOutput.ReadLineAsync(Token).AsTask().WaitAsync(Limit, Token);
            using var channel = GrpcChannel.ForAddress($"http://127.0.0.1:{port}");
            await CheckAsync(new Probe.ProbeClient(channel));
        }
        finally
        {
            peer.Kill();
        }
    }

    internal static async Task CheckAsync(Probe.ProbeClient client)
    {
        var gzip = new Metadata { { "grpc-internal-encoding-request", "gzip" } };
        var zeros = ByteString.CopyFrom(new byte[100_000]);
        Assert.Equal("hi", (await client.OneAsync(new Ask { Text = "hi" }, cancellationToken: Token)).Text);
        Assert.Equal(zeros, (await client.OneAsync(new Ask { Payload = zeros }, gzip, cancellationToken: Token)).Payload);

        using (var down = client.Down(new Ask { Count = 100 }, cancellationToken: Token))
        {
            var counts = new List<int>();
            await foreach (var reply in down.ResponseStream.ReadAllAsync(Token))
            {
                counts.Add(reply.Count);
            }

            Assert.Equal(Enumerable.Range(0, 100), counts);
            Assert.Equal("reached", down.GetTrailers().GetValue("end"));
        }

        using (var up = client.Up(cancellationToken: Token))
        {
            for (var i = 0; i < 100; i++)
            {
                await up.RequestStream.WriteAsync(new Ask { Text = "a", Count = i }, Token);
            }

            await up.RequestStream.CompleteAsync();
            Assert.Equal(4950, (await up).Count);
        }

        using (var both = client.Both(cancellationToken: Token))
        {
            for (var i = 0; i < 50; i++)
            {
                await both.RequestStream.WriteAsync(new Ask { Count = i }, Token);
                Assert.True(await both.ResponseStream.MoveNext(Token));
                Assert.Equal(i + 1, both.ResponseStream.Current.Count);
            }

            await both.RequestStream.CompleteAsync();
            Assert.False(await both.ResponseStream.MoveNext(Token));
        }

        var failure = await Assert.ThrowsAsync<RpcException>(async () => await client.OneAsync(new Ask { Text = "fail" }, cancellationToken: Token));
        Assert.Equal(new Status(StatusCode.NotFound, "no «such» thing 100 %\n€"), failure.Status);
        Assert.Equal([0, 1, 254, 255], failure.Trailers.GetValueBytes("raw-bin")!);
        Assert.Equal("rich", failure.GetRpcStatus()?.Message);
        Assert.Equal(StatusCode.Unknown, (await Assert.ThrowsAsync<RpcException>(async () => await client.OneAsync(new Ask { Text = "crash" }, cancellationToken: Token))).StatusCode);
        Assert.Equal(StatusCode.Unimplemented, (await Assert.ThrowsAsync<RpcException>(async () => await client.MissingAsync(new Ask(), cancellationToken: Token))).StatusCode);

        using (var call = client.OneAsync(new Ask { Text = "metadata" }, new Metadata { { "x-text", "v" }, { "x-raw-bin", [0, 200] } }, cancellationToken: Token))
        {
            Assert.Equal([0, 200], (await call.ResponseHeadersAsync).GetValueBytes("x-raw-bin")!);
            await call;
            Assert.Equal("v", call.GetTrailers().GetValue("t-x-text"));
        }

        var soon = TimeProvider.System.GetUtcNow().UtcDateTime.AddMilliseconds(300);
        Assert.Equal(StatusCode.DeadlineExceeded, (await Assert.ThrowsAsync<RpcException>(async () => await client.OneAsync(new Ask { Text = "wait" }, deadline: soon, cancellationToken: Token))).StatusCode);
        Assert.Equal(StatusCode.ResourceExhausted, (await Assert.ThrowsAsync<RpcException>(async () => await client.OneAsync(new Ask { Text = "large", Count = 4_300_000 }, cancellationToken: Token))).StatusCode);

        using var cancel = CancellationTokenSource.CreateLinkedTokenSource(Token);
        using var endless = client.Down(new Ask { Text = "endless" }, cancellationToken: cancel.Token);
        Assert.True(await endless.ResponseStream.MoveNext(Token));
        await cancel.CancelAsync();
        var cancelled = await Assert.ThrowsAsync<RpcException>(async () =>
        {
            while (await endless.ResponseStream.MoveNext(Token))
            {
            }
        });
        Assert.Equal(StatusCode.Cancelled, cancelled.StatusCode);
    }

    private static async Task SkipWithoutGrpcioAsync()
    {
        if (!File.Exists(Python) || await RunAsync(Python, "-c", "import grpc") != 0)
        {
            if (!File.Exists("/usr/bin/apt-get") || Environment.UserName != "root")
            {
                Assert.Skip("grpcio for Python is absent: install the Debian package python3-grpcio.");
            }

            TestContext.Current.SendDiagnosticMessage("Installing the Debian package python3-grpcio.");
            if (await RunAsync("/usr/bin/apt-get", "install", "-y", "-qq", "python3-grpcio") != 0)
            {
                Assert.Skip("grpcio for Python is absent and apt-get could not install it: install the Debian package python3-grpcio.");
            }
        }
    }

    private static async Task<int> RunAsync(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        var read = Task.WhenAll(process.StandardOutput.ReadToEndAsync(Token), process.StandardError.ReadToEndAsync(Token));
        await process.WaitForExitAsync(Token).WaitAsync(TimeSpan.FromMinutes(3), Token);
        await read;
        return process.ExitCode;
    }

    private static Process Start(params string[] arguments)
        => Process.Start(new ProcessStartInfo(Python, [Path.Combine(AppContext.BaseDirectory, "Interop", "peer.py"), .. arguments])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        })!;
}
