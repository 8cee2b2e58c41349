using Google.Protobuf.WellKnownTypes;
using Platform.Contracts.ModelGateway.V1;

namespace Platform.ModelGateway.Prompts;

/// <summary>Versions of prompts as the contract tells of them.</summary>
internal static class PromptVersions
{
    internal static PromptVersion Describe(Prompt prompt)
    {
        var described = new PromptVersion
        {
            Id = prompt.Id?.ToString() ?? "",
            PromptName = prompt.Name,
            Version = prompt.Version,
            Content = prompt.Content,
            SystemMessage = prompt.SystemMessage,
            MaxTokens = prompt.MaximumTokens ?? 0,
            Model = prompt.Model,
            IsActive = prompt.IsActive,
            CreatedBy = prompt.CreatedBy,
            CreatedAt = prompt.CreatedAt?.ToTimestamp(),
            ActivatedAt = prompt.ActivatedAt?.ToTimestamp(),
            DeactivatedAt = prompt.DeactivatedAt?.ToTimestamp(),
            BuiltIn = prompt.BuiltIn,
        };
        described.Tags.AddRange(prompt.Tags);
        if (prompt.Temperature is { } temperature)
        {
            described.Temperature = temperature;
        }

        if (prompt.Weight is { } weight)
        {
            described.AbTestWeight = weight;
        }

        return described;
    }
}
