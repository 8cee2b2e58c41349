using Microsoft.Extensions.AI;
using Platform.ModelGateway.Providers;

namespace Platform.ModelGateway.Usage;

/// <summary>Counts tokens and prices them.</summary>
internal static class Pricing
{
    /// <summary>English text has about four characters a token in the tokenizers of the large models.</summary>
    private const int CharactersPerToken = 4;

    private const decimal Million = 1_000_000m;

    internal static TokenCount Count(UsageDetails? usage, long inputCharacters, long outputCharacters) => usage?.InputTokenCount is { } input
        ? new TokenCount(input, usage.OutputTokenCount ?? 0, usage.CachedInputTokenCount ?? 0, usage.ReasoningTokenCount ?? 0, Estimated: false)
        : new TokenCount(Estimate(inputCharacters), Estimate(outputCharacters), 0, 0, Estimated: true);

    internal static Price Cost(ProviderOptions? provider, string model, TokenCount tokens) =>
        provider?.Prices.GetValueOrDefault(model) is { } price
            ? new Price((tokens.Input * price.InputPerMillion / Million) + (tokens.Output * price.OutputPerMillion / Million), price.Currency, price.Version)
            : new Price(0, "USD", "none");

    private static long Estimate(long characters) => (characters + CharactersPerToken - 1) / CharactersPerToken;
}
