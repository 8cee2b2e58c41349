using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Platform.ModelGateway.Providers;
using Platform.ModelGateway.Safety;
using Platform.ModelGateway.Telemetry;
using Platform.Testing;

namespace Platform.ModelGateway.Tests.Safety;

/// <summary>A screen without a host.</summary>
internal static class Screens
{
    internal static ModelGatewayMetrics Metrics()
    {
        using var services = Services(new Platform.ModelGateway.Safety.Patterns.NumberRecognizer(), TimeProvider.System);
        return services.GetRequiredService<ModelGatewayMetrics>();
    }

    internal static ServiceProvider Services(IPiiRecognizer recognizer, TimeProvider time) => new ServiceCollection()
        .AddSingleton(recognizer)
        .AddSingleton(time)
        .AddSingleton<IMeterFactory, MeterFactory>()
        .AddSingleton<IOptionsMonitor<ModelGatewayOptions>>(new FixedOptions<ModelGatewayOptions>(new ModelGatewayOptions()))
        .AddSingleton<ILoggerFactory>(NullLoggerFactory.Instance)
        .AddSingleton(typeof(ILogger<>), typeof(NullLogger<>))
        .AddSingleton<ModelGatewayMetrics>()
        .AddSingleton<PiiDetector>()
        .AddSingleton<SafetyScreen>()
        .BuildServiceProvider();
}
