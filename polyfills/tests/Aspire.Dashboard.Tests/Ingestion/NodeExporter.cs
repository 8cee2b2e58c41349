using System.Diagnostics;
using Xunit;

namespace Aspire.Dashboard.Tests.Ingestion;

/// <summary>Spans from the OpenTelemetry SDK of npm, installed once into a folder of the temporary files; skipped without npm.</summary>
internal static class NodeExporter
{
    private static readonly TimeSpan InstallLimit = TimeSpan.FromSeconds(90);
    private static readonly TimeSpan RunLimit = TimeSpan.FromSeconds(30);

    private const string Script = """
        import { BasicTracerProvider, SimpleSpanProcessor } from '@opentelemetry/sdk-trace-base';
        import { resourceFromAttributes } from '@opentelemetry/resources';
        import { OTLPTraceExporter as HttpExporter } from '@opentelemetry/exporter-trace-otlp-proto';
        import { OTLPTraceExporter as GrpcExporter } from '@opentelemetry/exporter-trace-otlp-grpc';
        import { Metadata } from '@grpc/grpc-js';
        const key = process.env.OTLP_KEY;
        const metadata = new Metadata();
        metadata.set('x-otlp-api-key', key);
        for (const [name, exporter] of [
          ['node-http', new HttpExporter({ url: `${process.env.OTLP_HTTP}/v1/traces`, headers: { 'x-otlp-api-key': key } })],
          ['node-grpc', new GrpcExporter({ url: process.env.OTLP_GRPC, metadata })]]) {
          const provider = new BasicTracerProvider({ resource: resourceFromAttributes({ 'service.name': name }), spanProcessors: [new SimpleSpanProcessor(exporter)] });
          provider.getTracer('tests').startSpan('from node', { attributes: { 'http.request.method': 'GET' } }).end();
          await provider.forceFlush();
          await provider.shutdown();
        }
        """;

    public static async Task SendAsync(DashboardApplication dashboard, CancellationToken cancellationToken)
    {
        var folder = Path.Combine(Path.GetTempPath(), "platform-otel-npm-1");
        if (!Directory.Exists(Path.Combine(folder, "node_modules", "@opentelemetry", "exporter-trace-otlp-grpc")))
        {
            Directory.CreateDirectory(folder);
            await File.WriteAllTextAsync(Path.Combine(folder, "package.json"), """{"private":true,"type":"module"}""", cancellationToken);
            var installed = await RunAsync(
                folder, "npm", "install --silent --no-audit --no-fund @opentelemetry/sdk-trace-base@2 @opentelemetry/resources@2 @opentelemetry/exporter-trace-otlp-proto @opentelemetry/exporter-trace-otlp-grpc @grpc/grpc-js @opentelemetry/api",
                new Dictionary<string, string>(), InstallLimit, cancellationToken);
            Assert.SkipUnless(installed == 0, "The OpenTelemetry SDK of npm could not be installed: npm or its registry is absent.");
        }

        await File.WriteAllTextAsync(Path.Combine(folder, "send.mjs"), Script, cancellationToken);
        var sent = await RunAsync(
            folder, "node", "send.mjs",
            new Dictionary<string, string>
            {
                ["OTLP_KEY"] = dashboard.OtlpApiKey,
                ["OTLP_HTTP"] = $"http://127.0.0.1:{dashboard.OtlpHttpPort}",
                ["OTLP_GRPC"] = $"http://127.0.0.1:{dashboard.OtlpGrpcPort}",
            },
            RunLimit, cancellationToken);
        Assert.Equal(0, sent);
    }

    private static async Task<int> RunAsync(
        string folder, string program, string arguments, IReadOnlyDictionary<string, string> environment, TimeSpan limit, CancellationToken cancellationToken)
    {
        var start = new ProcessStartInfo(program, arguments) { WorkingDirectory = folder };
        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        using var bound = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        bound.CancelAfter(limit);
        try
        {
            using var process = Process.Start(start)!;
            try
            {
                await process.WaitForExitAsync(bound.Token);
                return process.ExitCode;
            }
            catch (OperationCanceledException)
            {
                process.Kill(entireProcessTree: true);
                return -1;
            }
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return -1;
        }
    }
}
