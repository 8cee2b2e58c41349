using System.Diagnostics;
using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using OpenTelemetry.Logs;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;
using Xunit;

namespace OpenTelemetry.Tests;

public sealed class HostingTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task StartAsync_Tracing_RecordsWithoutAnybodyAskingForTheProvider()
    {
        using var source = new ActivitySource("hosting.traces");
        var recording = new Recording();
        using var host = Build(services => services.AddOpenTelemetry().WithTracing(tracing => tracing.AddSource(source.Name).AddRecording(recording)));

        Assert.False(source.HasListeners());
        await host.StartAsync(Cancellation);
        source.StartActivity("work")?.Dispose();
        await host.StopAsync(Cancellation);

        Assert.Equal("work", Assert.Single(recording.Ended).DisplayName);
    }

    [Fact]
    public async Task StartAsync_OtherHostedServices_AreRecordedFromTheirStart()
    {
        var recording = new Recording();
        using var host = Build(services =>
        {
            services.AddHostedService<StartsWork>();
            services.AddOpenTelemetry().WithTracing(tracing => tracing.AddSource(StartsWork.Source.Name).AddRecording(recording));
        });

        await host.StartAsync(Cancellation);

        Assert.Equal("start", Assert.Single(recording.Ended).DisplayName);
    }

    [Fact]
    public void AddOpenTelemetry_Twice_AddsOneHostedServiceAndUpTheProviders()
    {
        var recording = new Recording();
        using var one = new ActivitySource("hosting.one");
        using var two = new ActivitySource("hosting.two");
        var services = new ServiceCollection();
        services.AddOpenTelemetry().WithTracing(tracing => tracing.AddSource(one.Name).AddRecording(recording));
        services.AddOpenTelemetry().WithTracing(tracing => tracing.AddSource(two.Name));
        using var provider = services.BuildServiceProvider();

        provider.GetRequiredService<ITelemetryHostInitializer>().Initialize();
        one.StartActivity("first")?.Dispose();
        two.StartActivity("second")?.Dispose();

        Assert.Single(services, service => service.ServiceType == typeof(IHostedService));
        Assert.Equal(["first", "second"], recording.Ended.Select(activity => activity.DisplayName));
    }

    [Fact]
    public async Task ConfigureResource_AllSignals_HaveIt()
    {
        using var host = Build(services => services.AddOpenTelemetry()
            .ConfigureResource(resource => resource.AddService("shop"))
            .WithTracing()
            .WithMetrics()
            .WithLogging());
        await host.StartAsync(Cancellation);

        BaseProvider[] providers =
        [
            host.Services.GetRequiredService<TracerProvider>(),
            host.Services.GetRequiredService<MeterProvider>(),
            host.Services.GetRequiredService<LoggerProvider>(),
        ];
        Assert.All(providers, provider => Assert.Contains(provider.GetResource().Attributes, attribute => attribute is { Key: "service.name", Value: "shop" }));
    }

    [Fact]
    public async Task WithLogging_LoggerFactory_WritesThere()
    {
        var logs = new List<string?>();
        using var host = Build(services => services.AddOpenTelemetry().WithLogging(
            logging => logging.AddProcessor(new Lines(logs)),
            options => options.IncludeFormattedMessage = true));
        await host.StartAsync(Cancellation);

        host.Services.GetRequiredService<ILoggerFactory>().CreateLogger("test").LogWarning("stock of {Item} is low", "bolts");

        Assert.Contains("stock of bolts is low", logs);
    }

    [Fact]
    public async Task WithMetrics_Meter_IsCollected()
    {
        using var meter = new Meter("hosting.metrics");
        List<string> collected = [];
        using var host = Build(services => services.AddOpenTelemetry()
            .WithMetrics(metrics => metrics.AddMeter(meter.Name).AddReader(new BaseExportingMetricReader(new Names(collected)))));
        await host.StartAsync(Cancellation);

        meter.CreateCounter<int>("orders").Add(1);
        host.Services.GetRequiredService<MeterProvider>().ForceFlush();

        Assert.Equal(["orders"], collected);
    }

    private static IHost Build(Action<IServiceCollection> configure)
    {
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        configure(builder.Services);
        return builder.Build();
    }

    private sealed class StartsWork : IHostedService
    {
        public static readonly ActivitySource Source = new("hosting.start");

        public Task StartAsync(CancellationToken cancellationToken)
        {
            Source.StartActivity("start")?.Dispose();
            return Task.CompletedTask;
        }

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }

    private sealed class Lines(List<string?> lines) : BaseProcessor<LogRecord>
    {
        public override void OnEnd(LogRecord data) => lines.Add(data.FormattedMessage);
    }

    private sealed class Names(List<string> names) : BaseExporter<Metric>
    {
        public override ExportResult Export(in Batch<Metric> batch)
        {
            foreach (var metric in batch)
            {
                names.Add(metric.Name);
            }

            return ExportResult.Success;
        }
    }
}
