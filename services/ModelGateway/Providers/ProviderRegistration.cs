using Microsoft.Extensions.Options;
using Platform.ModelGateway.Breakers;
using Platform.ServiceDefaults;

namespace Platform.ModelGateway.Providers;

internal static class ProviderRegistration
{
    private const string DefaultKey = "openai-api-key";

    internal static void AddProviders(this IHostApplicationBuilder builder)
    {
        builder.AddPlatformOptions<ModelGatewayOptions>(ModelGatewayOptions.Section);
        builder.Services.AddSingleton<IValidateOptions<ModelGatewayOptions>, ModelGatewayOptionsValidator>();
        builder.Services.AddSingleton<IPostConfigureOptions<ModelGatewayOptions>, KeyIsEnough>();
        builder.Services.AddSingleton<ProviderKeys>();
        builder.Services.AddSingleton<ProviderDirectory>();
        builder.Services.AddSingleton<SharedBreakers>();
        builder.Services.AddSingleton<BreakerRegistry>();
        builder.Services.AddHostedService<BreakerListener>();
        builder.Services.AddSingleton<ProviderConnections>();
    }

    /// <summary>
    /// Setting OPENAI_API_KEY (or the parameter openai-api-key) alone is enough: without configured providers it makes one,
    /// whose address and models OPENAI_BASE_URL, OPENAI_MODEL and OPENAI_EMBEDDING_MODEL may change.
    /// </summary>
    private sealed class KeyIsEnough(IConfiguration configuration, ProviderKeys keys) : IPostConfigureOptions<ModelGatewayOptions>
    {
        public void PostConfigure(string? name, ModelGatewayOptions options)
        {
            if (options.Providers.Count > 0 || keys.Find(DefaultKey) is null)
            {
                return;
            }

            var model = Value("OPENAI_MODEL", "gpt-4o-mini");
            options.Providers.Add(new ProviderOptions
            {
                Name = "openai",
                Kind = configuration["OPENAI_BASE_URL"] is { Length: > 0 } ? ProviderKinds.OpenAiCompatible : ProviderKinds.OpenAi,
                BaseUrl = Value("OPENAI_BASE_URL", "https://api.openai.com/v1"),
                KeyName = DefaultKey,
                Models = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase)
                {
                    [ModelOptions.Primary] = model,
                    [ModelOptions.Fallback] = model,
                    [ModelOptions.Embedding] = Value("OPENAI_EMBEDDING_MODEL", "text-embedding-3-small"),
                },
            });
        }

        private string Value(string variable, string otherwise) =>
            configuration[variable] is { Length: > 0 } value ? value : otherwise;
    }
}
