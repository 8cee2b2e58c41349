using Microsoft.Extensions.Options;
using Platform.ModelGateway.Completions;

namespace Platform.ModelGateway.Providers;

/// <summary>Rules across keys.</summary>
internal sealed class ModelGatewayOptionsValidator : IValidateOptions<ModelGatewayOptions>
{
    public ValidateOptionsResult Validate(string? name, ModelGatewayOptions options)
    {
        var problems = options.Providers
            .GroupBy(provider => provider.Name, StringComparer.OrdinalIgnoreCase)
            .Where(group => group.Count() > 1)
            .Select(group => $"modelGateway:providers has \"{group.Key}\" {group.Count()} times. Allowed: one provider of each name.")
            .Concat(options.Stages
                .Where(stage => !CompletionStages.Names.Contains(stage))
                .Select(stage => $"modelGateway:stages = \"{stage}\" is not allowed. Allowed: {string.Join(", ", CompletionStages.Names)}."))
            .Concat(options.Providers
                .Where(provider => provider.Models.Count == 0)
                .Select(provider => $"modelGateway:providers \"{provider.Name}\" has no models. Allowed: at least one logical model, e.g. primary."))
            .Concat(options.Providers
                .Where(provider => provider.Kind == ProviderKinds.Anthropic)
                .SelectMany(provider => provider.Models.Keys.Where(model => model.ToLowerInvariant() is ModelOptions.Embedding or ModelOptions.Moderation)
                    .Select(model => $"modelGateway:providers \"{provider.Name}\" serves {model}. Allowed: chat models only, because the kind anthropic has nothing else.")))
            .ToArray();
        return problems.Length == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(problems);
    }
}
