using Microsoft.Extensions.Options;
using Platform.Contracts.ModelGateway.V1;
using Platform.ResponseGeneration.Generation;
using Platform.ResponseGeneration.Models;
using Platform.ResponseGeneration.Writing;
using Platform.ServiceDefaults;

namespace Platform.ResponseGeneration;

internal static class ResponseGenerationRegistration
{
    public static IHostApplicationBuilder AddResponseGeneration(this IHostApplicationBuilder builder)
    {
        builder.AddPlatformOptions<GenerationOptions>(GenerationOptions.Section);
        builder.Services.AddSingleton<IValidateOptions<GenerationOptions>, KnownCulture>();
        builder.AddPlatformGrpcClient<ModelGatewayService.ModelGatewayServiceClient>("model-gateway");
        builder.Services.AddSingleton<ModelAvailability>();
        builder.Services.AddSingleton<GenerationMetrics>();
        builder.Services.AddSingleton<Drafts>();
        builder.Services.AddTransient<ModelAttempt>();
        builder.Services.AddTransient<ModelWriter>();
        builder.Services.AddTransient<AnswerGenerator>();
        return builder;
    }

    private sealed class KnownCulture : IValidateOptions<GenerationOptions>
    {
        public ValidateOptionsResult Validate(string? name, GenerationOptions options) =>
            !Language.TryFind(options.Culture, out _) ? Unknown("Culture", options.Culture)
                : options.Cultures.FirstOrDefault(c => !Language.TryFind(c.Value, out _)) is { Key: { } organization } other ? Unknown($"Cultures:{organization}", other.Value)
                : ValidateOptionsResult.Success;

        private static ValidateOptionsResult Unknown(string key, string tag) =>
            ValidateOptionsResult.Fail($"generation:{key} is \"{tag}\"; allowed is a culture tag such as \"en-US\" or \"en-GB\".");
    }
}
