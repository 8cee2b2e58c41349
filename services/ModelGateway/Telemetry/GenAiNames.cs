using Platform.ModelGateway.Providers;

namespace Platform.ModelGateway.Telemetry;

/// <summary>Values that the conventions fix.</summary>
internal static class GenAiNames
{
    internal const string Chat = "chat";
    internal const string Embeddings = "embeddings";

    /// <summary>Not one of the conventions: they know no moderation.</summary>
    internal const string Moderation = "moderation";

    /// <summary>The well-known name of a kind of provider; a compatible server has the name that it is configured under.</summary>
    internal static string Provider(ModelProvider? provider) => provider?.Options.Kind switch
    {
        null => "unknown",
        "openai" => "openai",
        "azure-openai" => "azure.ai.openai",
        "anthropic" => "anthropic",
        _ => provider.Name,
    };
}
