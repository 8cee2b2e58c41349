using Platform.ModelGateway.Budgets;
using Platform.ModelGateway.Telemetry;

namespace Platform.ModelGateway.Usage;

internal static class UsageRegistration
{
    /// <summary>What calls use and cost, and the limits and budgets that keep it within bounds.</summary>
    internal static void AddUsage(this IHostApplicationBuilder builder)
    {
        builder.AddLimits();
        builder.Services.AddSingleton<ModelGatewayMetrics>();
        builder.Services.AddSingleton<PriceTable>();
        builder.Services.AddSingleton<UsageStore>();
        builder.Services.AddSingleton<JournalFolder>();
        builder.Services.AddSingleton<UsageJournal>();
        builder.Services.AddSingleton<UsageLedger>();
        builder.Services.AddSingleton<CallAccounts>();
        builder.Services.AddHostedService(services => services.GetRequiredService<UsageLedger>());
    }
}
