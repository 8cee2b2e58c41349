using Microsoft.Extensions.AI;

namespace Platform.ModelGateway.Providers;

/// <summary>Settings of a chat that <see cref="ChatOptions"/> has no property for.</summary>
internal static class ChatSettings
{
    private const string EffortName = "platform.reasoning_effort";
    private const string UserName = "platform.end_user";
    private const string StrictName = "platform.strict_schema";

    /// <summary>How much the model may reason, in OpenAI's words; null: as the provider has it.</summary>
    internal static string? ReasoningEffort(this ChatOptions options) => options.AdditionalProperties?.GetValueOrDefault(EffortName) as string;

    /// <summary>Stands for the person for whom the call is made, without telling who it is.</summary>
    internal static string? EndUser(this ChatOptions options) => options.AdditionalProperties?.GetValueOrDefault(UserName) as string;

    /// <summary>The answer must satisfy its schema; null: as the provider has it.</summary>
    internal static bool? StrictSchema(this ChatOptions options) => options.AdditionalProperties?.GetValueOrDefault(StrictName) as bool?;

    internal static void Set(ChatOptions options, string reasoningEffort, string endUser, bool? strictSchema)
    {
        var properties = options.AdditionalProperties ??= [];
        if (reasoningEffort.Length > 0)
        {
            properties[EffortName] = reasoningEffort;
        }

        if (endUser.Length > 0)
        {
            properties[UserName] = endUser;
        }

        if (strictSchema is { } strict)
        {
            properties[StrictName] = strict;
        }
    }

    private static object? GetValueOrDefault(this AdditionalPropertiesDictionary properties, string name) => properties.TryGetValue(name, out var value) ? value : null;
}
