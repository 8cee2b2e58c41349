using Microsoft.Extensions.AI;

namespace Platform.ModelGateway.Completions;

internal static class CompletionRegistration
{
    internal const string Pipeline = "completions";

    internal static void AddCompletions(this IHostApplicationBuilder builder)
    {
        builder.Services.AddSingleton<RetryBudget>();
        builder.Services.AddSingleton<ProviderRests>();
        builder.Services.AddSingleton<ProviderRouter>();
        builder.Services.AddSingleton<RoutingChatClient>();
        builder.Services.AddKeyedSingleton<IChatClient>(Pipeline, (services, _) => CompletionStages.Build(services));
        builder.Services.AddSingleton<CompletionCalls>();
        builder.Services.AddSingleton<CompletionPrompt>();
    }
}
