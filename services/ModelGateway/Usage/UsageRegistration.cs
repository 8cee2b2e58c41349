using Platform.ModelGateway.Telemetry;

namespace Platform.ModelGateway.Usage;

internal static class UsageRegistration
{
    internal static void AddUsage(this IHostApplicationBuilder builder)
    {
        builder.Services.AddSingleton<ModelGatewayMetrics>();
        builder.Services.AddSingleton<UsageStore>();
        builder.Services.AddSingleton<UsageLedger>();
        builder.Services.AddHostedService(services => services.GetRequiredService<UsageLedger>());
    }
}
