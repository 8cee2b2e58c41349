namespace Platform.ModelGateway.Prompts;

internal static class PromptRegistration
{
    internal static void AddPrompts(this IHostApplicationBuilder builder)
    {
        builder.Services.AddSingleton<PromptStore>();
        builder.Services.AddSingleton<PromptSelection>();
    }
}
