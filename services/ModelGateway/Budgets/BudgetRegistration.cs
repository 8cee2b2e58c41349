using Platform.ModelGateway.Limits;

namespace Platform.ModelGateway.Budgets;

internal static class BudgetRegistration
{
    /// <summary>Limits and budgets, shared through Redis.</summary>
    internal static void AddLimits(this IHostApplicationBuilder builder)
    {
        // One for each user: that one gave up on Redis says nothing about another, who waits longer.
        builder.Services.AddTransient<SharedCalls>();
        builder.Services.AddSingleton<ReplicaCount>();
        builder.Services.AddHostedService(services => services.GetRequiredService<ReplicaCount>());
        builder.Services.AddSingleton<ModelLimiter>();
        builder.Services.AddSingleton<BudgetCounters>();
        builder.Services.AddSingleton<BudgetLedger>();
        builder.Services.AddSingleton<BudgetGuard>();
        builder.Services.AddSingleton<BudgetReconciliation>();
        builder.Services.AddHostedService(services => services.GetRequiredService<BudgetReconciliation>());
    }
}
