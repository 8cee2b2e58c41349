using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using Grpc.Net.Client;

namespace Grpc.Tests;

/// <summary>Against @grpc/grpc-js, in both directions.</summary>
public sealed class NodeInteropTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(90);
    private static readonly TimeSpan InstallLimit = TimeSpan.FromMinutes(3);
    private static readonly string Source = Path.Combine(AppContext.BaseDirectory, "Interop", "node");

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Server_CalledByGrpcJs_PassesEveryCheck()
    {
        var modules = await InstallAsync();
        await using var host = await ProbeHost.StartAsync(options => options.ResponseCompressionAlgorithm = "gzip");
        using var peer = Start(modules, "call", new Uri(host.Address).Port.ToString(CultureInfo.InvariantCulture));
        try
        {
            var output = await peer.StandardOutput.ReadToEndAsync(Token).WaitAsync(Limit, Token);
            await peer.WaitForExitAsync(Token).WaitAsync(Limit, Token);

            Assert.DoesNotContain("FAILED", output, StringComparison.Ordinal);
            Assert.Equal(14, output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length);
            Assert.Equal(0, peer.ExitCode);
        }
        finally
        {
            peer.Kill();
        }
    }

    [Fact]
    public async Task Client_CallsGrpcJs_EveryKindOfCallWorks()
    {
        var modules = await InstallAsync();
        using var peer = Start(modules, "serve");
        try
        {
            var port = await peer.StandardOutput.ReadLineAsync(Token).AsTask().WaitAsync(Limit, Token);
            using var channel = GrpcChannel.ForAddress($"http://127.0.0.1:{port}");
            await PythonInteropTests.CheckAsync(new Probe.ProbeClient(channel));
        }
        finally
        {
            peer.Kill();
        }
    }

    /// <summary>Brings what the committed lock names into artifacts/temp, once for each lock; returns the folder of modules.</summary>
    private static async Task<string> InstallAsync()
    {
        var folder = Path.Combine(RepositoryRoot(), "artifacts", "temp", "grpc-js-peer");
        var modules = Path.Combine(folder, "node_modules");
        var marker = Path.Combine(folder, "installed-lock.json");
        var wanted = await File.ReadAllTextAsync(Path.Combine(Source, "package-lock.json"), Token);
        Directory.CreateDirectory(folder);
        FileStream? alone = null;
        var until = TimeProvider.System.GetUtcNow() + InstallLimit;
        while (alone is null)
        {
            try
            {
                // The two tests, and two test runs, install one after the other.
                alone = new FileStream(Path.Combine(folder, "installing"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            }
            catch (IOException) when (TimeProvider.System.GetUtcNow() < until)
            {
                await Task.Delay(100, Token);
            }
        }

        await using (alone)
        {
            if (File.Exists(marker) && await File.ReadAllTextAsync(marker, Token) == wanted)
            {
                return modules;
            }

            File.Copy(Path.Combine(Source, "package.json"), Path.Combine(folder, "package.json"), overwrite: true);
            File.Copy(Path.Combine(Source, "package-lock.json"), Path.Combine(folder, "package-lock.json"), overwrite: true);
            try
            {
                using var node = Process.Start(new ProcessStartInfo("node", ["--version"]) { RedirectStandardOutput = true })!;
                await node.WaitForExitAsync(Token).WaitAsync(Limit, Token);
                using var npm = Process.Start(new ProcessStartInfo("npm", ["ci", "--silent", "--no-audit", "--no-fund"]) { WorkingDirectory = folder })!;
                await npm.WaitForExitAsync(Token).WaitAsync(InstallLimit, Token);
                if (npm.ExitCode != 0)
                {
                    Assert.Skip("npm could not install @grpc/grpc-js: a reachable npm registry is needed.");
                }
            }
            catch (Win32Exception)
            {
                Assert.Skip("node or npm is absent: install Node.js 18 or newer with npm.");
            }

            await File.WriteAllTextAsync(marker, wanted, Token);
            return modules;
        }
    }

    private static string RepositoryRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "Platform.sln")))
        {
            folder = folder.Parent;
        }

        return folder?.FullName ?? throw new InvalidOperationException($"Platform.sln is in no folder above {AppContext.BaseDirectory}.");
    }

    private static Process Start(string modules, params string[] arguments)
        => Process.Start(new ProcessStartInfo("node", [Path.Combine(Source, "peer.js"), arguments[0], Path.Combine(AppContext.BaseDirectory, "Protos", "probe.proto"), .. arguments[1..]])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            Environment = { ["NODE_PATH"] = modules },
        })!;
}
