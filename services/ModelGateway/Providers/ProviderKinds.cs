namespace Platform.ModelGateway.Providers;

/// <summary>The protocols, as they are named in the configuration and by ListProviders.</summary>
internal static class ProviderKinds
{
    internal const string OpenAi = "openai";
    internal const string OpenAiCompatible = "openai-compatible";
    internal const string AzureOpenAi = "azure-openai";
    internal const string Anthropic = "anthropic";
}
