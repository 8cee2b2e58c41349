namespace Platform.ModelGateway.Prompts;

internal static class PromptRegistration
{
    internal static void AddPrompts(this IHostApplicationBuilder builder)
    {
        builder.Services.AddSingleton<PromptStore>();
        builder.Services.AddSingleton<PromptSelection>();
        builder.Services.AddSingleton<PromptRenderer>();
        builder.Services.AddSingleton<PromptPerformanceStore>();
        builder.Services.AddSingleton<PromptComparer>();
        builder.Services.AddSingleton<PromptGuard>();
        builder.Services.AddHostedService(services => services.GetRequiredService<PromptGuard>());
    }
}
