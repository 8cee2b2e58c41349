using Platform.ContextSynthesis.Decisions;
using Platform.ContextSynthesis.Questions;
using Platform.ContextSynthesis.Questions.Models;
using Platform.ContextSynthesis.Synthesis;
using Platform.Contracts.ModelGateway.V1;
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
        builder.AddPlatformGrpcClient<ModelGatewayService.ModelGatewayServiceClient>("model-gateway");
        builder.Services.AddSingleton<IntentModel>();
        builder.Services.AddSingleton<Synthesizer>();
        builder.Services.AddSingleton<Contexts>();
        builder.Services.AddSingleton<DecisionAnalyst>();
        builder.Services.AddSingleton<ContextSynthesisMetrics>();
        return builder;
    }
}
