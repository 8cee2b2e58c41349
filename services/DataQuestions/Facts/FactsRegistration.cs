using Platform.ServiceDefaults;

namespace Platform.DataQuestions.Facts;

internal static class FactsRegistration
{
    public static IHostApplicationBuilder AddFacts(this IHostApplicationBuilder builder)
    {
        builder.AddPlatformOptions<FactsOptions>(FactsOptions.Section);
        builder.Services.AddSingleton<FactsReader>();
        builder.Services.AddSingleton<LastKnownFacts>();
        builder.Services.AddSingleton<FactBook>();
        return builder;
    }
}
