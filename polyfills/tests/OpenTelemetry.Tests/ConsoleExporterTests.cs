using System.Diagnostics;
using System.Diagnostics.Metrics;
using Microsoft.Extensions.Logging;
using OpenTelemetry.Exporter;
using OpenTelemetry.Logs;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;
using Xunit;

namespace OpenTelemetry.Tests;

public sealed class ConsoleExporterTests
{
    [Fact]
    public void Spans_WhenEnded_AreWritten()
    {
        using var source = new ActivitySource("console.traces", "1.0");
        var text = Written(() =>
        {
            using var provider = Sdk.CreateTracerProviderBuilder()
                .SetResourceBuilder(ResourceBuilder.CreateEmpty().AddAttributes([new("service.name", "shop")]))
                .AddSource(source.Name)
                .AddConsoleExporter()
                .Build();
            using var span = source.StartActivity("work");
            span?.SetTag("order", 17).SetStatus(ActivityStatusCode.Error, "out of stock").AddEvent(new ActivityEvent("checked"));
        });

        Assert.Contains("Activity.DisplayName: work", text, StringComparison.Ordinal);
        Assert.Contains("    order: 17", text, StringComparison.Ordinal);
        Assert.Contains("StatusCode: Error", text, StringComparison.Ordinal);
        Assert.Contains("out of stock", text, StringComparison.Ordinal);
        Assert.Contains("checked", text, StringComparison.Ordinal);
        Assert.Contains("    service.name: shop", text, StringComparison.Ordinal);
        Assert.Contains("Instrumentation scope: console.traces 1.0", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Metrics_WhenFlushed_AreWritten()
    {
        using var meter = new Meter("console.metrics");
        var text = Written(() =>
        {
            using var provider = Sdk.CreateMeterProviderBuilder().AddMeter(meter.Name).AddConsoleExporter().Build();
            meter.CreateCounter<int>("orders", "{order}", "Orders.").Add(3, new KeyValuePair<string, object?>("rush", true));
            meter.CreateHistogram<double>("latency").Record(2.5);
            provider.ForceFlush();
        });

        Assert.Contains("Metric Name: orders", text, StringComparison.Ordinal);
        Assert.Contains("Value: 3", text, StringComparison.Ordinal);
        Assert.Contains("    rush: True", text, StringComparison.Ordinal);
        Assert.Contains("Sum: 2.5", text, StringComparison.Ordinal);
        Assert.Contains("(0,5]: 1", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Logs_WhenWritten_AreWritten()
    {
        var text = Written(() =>
        {
            using var loggers = LoggerFactory.Create(logging => logging.AddOpenTelemetry(options =>
            {
                options.IncludeFormattedMessage = true;
                options.AddConsoleExporter();
            }));
            loggers.CreateLogger("shop").LogError(new InvalidOperationException("boom"), "stock of {Item} is low", "bolts");
        });

        Assert.Contains("LogRecord.FormattedMessage: stock of bolts is low", text, StringComparison.Ordinal);
        Assert.Contains("LogRecord.LogLevel: Error", text, StringComparison.Ordinal);
        Assert.Contains("    Item: bolts", text, StringComparison.Ordinal);
        Assert.Contains("boom", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Targets_Debug_LeavesTheConsoleAlone()
    {
        using var source = new ActivitySource("console.debug");
        var text = Written(() =>
        {
            using var provider = Sdk.CreateTracerProviderBuilder()
                .AddSource(source.Name)
                .AddConsoleExporter(options => options.Targets = ConsoleExporterOutputTargets.Debug)
                .Build();
            source.StartActivity("work")?.Dispose();
        });

        Assert.Empty(text);
    }

    private static string Written(Action action)
    {
        var before = Console.Out;
        using var console = new StringWriter();
        Console.SetOut(console);
        try
        {
            action();
        }
        finally
        {
            Console.SetOut(before);
        }

        return console.ToString();
    }
}
