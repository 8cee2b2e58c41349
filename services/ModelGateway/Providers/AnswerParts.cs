using System.Text.Json;
using Microsoft.Extensions.AI;

namespace Platform.ModelGateway.Providers;

/// <summary>What the answers of all protocols have in common.</summary>
internal static class AnswerParts
{
    /// <summary>A filter may take everything away, and reasoning may use all tokens up.</summary>
    internal static bool MayBeMissing(ChatFinishReason finish) => finish == ChatFinishReason.ContentFilter || finish == ChatFinishReason.Length;

    /// <exception cref="ProviderException">The arguments are no JSON object, or the function has no name.</exception>
    internal static FunctionCallContent ToolCall(string provider, string id, string name, string? arguments)
    {
        if (name.Length == 0)
        {
            throw ProviderErrors.Garbage(provider, "a tool call has no name");
        }

        try
        {
            return new FunctionCallContent(id, name, string.IsNullOrEmpty(arguments) ? null : JsonSerializer.Deserialize<Dictionary<string, object?>>(arguments));
        }
        catch (JsonException error)
        {
            throw ProviderErrors.Garbage(provider, "the arguments of a tool call are not JSON", error);
        }
    }
}
