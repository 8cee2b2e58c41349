using Platform.ModelGateway.Providers;

namespace Platform.ModelGateway.OpenAiEndpoint;

/// <summary>The models that clients may name: the platform's logical ones, and the providers' own names of them.</summary>
internal sealed class EndpointModels(ProviderDirectory providers)
{
    /// <summary>Every name with the provider that serves it first, in alphabetical order.</summary>
    internal IReadOnlyList<(string Name, string Owner)> All() => [.. Served()
        .SelectMany(served => ((string, string)[])[(served.Logical, "platform"), (served.Own, served.Provider)])
        .GroupBy(model => model.Item1, StringComparer.OrdinalIgnoreCase)
        .Select(model => (model.First().Item1, model.First().Item2))
        .OrderBy(model => model.Item1, StringComparer.Ordinal)];

    /// <summary>The logical model behind a name.</summary>
    /// <exception cref="EndpointRefusedException">There is none.</exception>
    internal string Logical(string name)
    {
        string? byOwnName = null;
        foreach (var (logical, own, _) in Served())
        {
            if (string.Equals(logical, name, StringComparison.OrdinalIgnoreCase))
            {
                return logical;
            }

            byOwnName ??= string.Equals(own, name, StringComparison.OrdinalIgnoreCase) ? logical : null;
        }

        return byOwnName ?? throw Unknown(name);
    }

    internal EndpointRefusedException Unknown(string name) => new(new EndpointRefusal(
        StatusCodes.Status404NotFound, "invalid_request_error", "model_not_found",
        All() is { Count: > 0 } models
            ? $"The model \"{name}\" does not exist. Allowed: {string.Join(", ", models.Select(model => model.Name))}."
            : $"The model \"{name}\" does not exist, because no provider is configured.",
        "model"));

    private IEnumerable<(string Logical, string Own, string Provider)> Served() => providers.All
        .Where(provider => provider.HasKey)
        .OrderBy(provider => provider.Options.Priority)
        .SelectMany(provider => provider.Options.Models.Select(model => (model.Key, model.Value, provider.Name)));
}
