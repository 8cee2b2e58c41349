using Platform.ContextSynthesis.Decisions;
using Platform.ContextSynthesis.Questions;
using Platform.ContextSynthesis.Synthesis;
using Platform.ServiceDefaults;

namespace Platform.ContextSynthesis;

internal static class ContextSynthesisRegistration
{
    public static IHostApplicationBuilder AddContextSynthesis(this IHostApplicationBuilder builder)
    {
        builder.AddPlatformOptions<SynthesisOptions>(SynthesisOptions.Section);

        // Read here, so that a mistake in the frameworks stops the start and not the first decision.
        builder.Services.AddSingleton(FrameworkCatalog.BuiltIn());
        builder.Services.AddSingleton<QuestionReader>();
        builder.Services.AddSingleton<Synthesizer>();
        builder.Services.AddSingleton<DecisionAnalyst>();
        builder.Services.AddSingleton<ContextSynthesisMetrics>();
        return builder;
    }
}
