using System.Diagnostics;
using System.Globalization;
using Platform.Testing;

namespace Platform.Benchmarks.ModelGateway;

/// <summary>npm's @portkey-ai/gateway, installed once into the temporary folder of this machine.</summary>
internal static class Portkey
{
    private const string Version = "1.15.2";

    // It listens everywhere and its streams fail with newer versions of what it depends on.
    private const string Manifest = $$"""
        {
          "private": true,
          "dependencies": { "@portkey-ai/gateway": "{{Version}}" },
          "overrides": { "@hono/node-server": "1.14.0", "hono": "4.9.7" }
        }
        """;

    private const string Loopback = """
        const { Server } = require('net');
        const listen = Server.prototype.listen;
        Server.prototype.listen = function (options, ...rest) {
          if (typeof options === 'object' && options !== null && options.port !== undefined) return listen.call(this, { ...options, host: '127.0.0.1' }, ...rest);
          const callback = rest.find(argument => typeof argument === 'function');
          return listen.call(this, { port: options, host: '127.0.0.1' }, ...(callback ? [callback] : []));
        };
        """;

    /// <summary>Starts it; null, with a sentence on the console, when npm or node cannot be used.</summary>
    internal static async Task<ChildProcess?> TryStartAsync(CancellationToken cancellationToken)
    {
        var folder = Path.Combine(Path.GetTempPath(), $"platform-benchmarks-portkey-{Version}");
        var server = Path.Combine(folder, "node_modules", "@portkey-ai", "gateway", "build", "start-server.js");
        try
        {
            if (!File.Exists(server))
            {
                Directory.CreateDirectory(folder);
                await File.WriteAllTextAsync(Path.Combine(folder, "package.json"), Manifest, cancellationToken);
                await RunAsync("npm", ["install", "--no-audit", "--no-fund", "--ignore-scripts"], folder, cancellationToken);
            }

            await File.WriteAllTextAsync(Path.Combine(folder, "loopback.cjs"), Loopback, cancellationToken);
            var port = ChildProcess.FreePort();
            return await ChildProcess.StartAsync(
                "node", ["-r", "./loopback.cjs", server, string.Create(CultureInfo.InvariantCulture, $"--port={port}"), "--headless"],
                port, folder, new Dictionary<string, string> { ["NODE_ENV"] = "production" }, cancellationToken);
        }
        catch (Exception missing) when (missing is System.ComponentModel.Win32Exception or InvalidOperationException or IOException || (missing is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            Console.WriteLine($"@portkey-ai/gateway {Version} is left out: {missing.Message}");
            return null;
        }
    }

    private static async Task RunAsync(string program, string[] arguments, string folder, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(TimeSpan.FromMinutes(2));
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { WorkingDirectory = folder, RedirectStandardError = true, RedirectStandardOutput = true })!;
        var said = process.StandardError.ReadToEndAsync(limit.Token);
        await process.WaitForExitAsync(limit.Token);
        if (process.ExitCode != 0)
        {
            throw new InvalidOperationException($"{program} failed: {await said}");
        }
    }
}
