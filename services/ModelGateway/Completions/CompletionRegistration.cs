using Microsoft.Extensions.AI;
using Platform.ModelGateway.Limits;

namespace Platform.ModelGateway.Completions;

internal static class CompletionRegistration
{
    internal const string Pipeline = "completions";

    internal static void AddCompletions(this IHostApplicationBuilder builder)
    {
        builder.Services.AddSingleton<ModelLimiter>();
        builder.Services.AddSingleton<RetryBudget>();
        builder.Services.AddSingleton<ProviderRests>();
        builder.Services.AddSingleton<ProviderRouter>();
        builder.Services.AddSingleton<RoutingChatClient>();
        builder.Services.AddKeyedSingleton<IChatClient>(Pipeline, (services, _) => CompletionStages.Build(services));
        builder.Services.AddSingleton<CompletionCalls>();
    }
}
