using Microsoft.Extensions.Options;
using Platform.ModelGateway.Providers;

namespace Platform.ModelGateway.Usage;

/// <summary>
/// What calls cost, by the price lists of the configuration. Arithmetic is decimal; the sum over all token classes is rounded
/// once, half to even, to a billionth of the currency, and from there on only added, so that totals are exact.
/// </summary>
internal sealed class PriceTable(IOptionsMonitor<ModelGatewayOptions> options)
{
    /// <summary>Digits after the point of a cost: the smallest unit that is stored, counted and added.</summary>
    internal const int Decimals = 9;

    private const decimal Million = 1_000_000m;

    /// <summary>The price that holds at the moment; null when no list names the model.</summary>
    internal ModelPrice? Find(ProviderOptions provider, string model, DateTimeOffset at)
    {
        if (provider.Prices.GetValueOrDefault(model) is { } own)
        {
            return new ModelPrice(own, own.Currency, own.Version);
        }

        var day = DateOnly.FromDateTime(at.UtcDateTime);
        return options.CurrentValue.Prices
            .Where(list => list.EffectiveFrom <= day)
            .OrderByDescending(list => list.EffectiveFrom)
            .ThenByDescending(list => list.Version, StringComparer.Ordinal)
            .Select(list => Entry(list, provider.Name, model) is { } entry ? new ModelPrice(entry, list.Currency, list.Version) : null)
            .FirstOrDefault(price => price is not null);
    }

    /// <summary>What the tokens cost. Nothing costs nothing; anything of a model without a price costs what nobody knows.</summary>
    internal Price Cost(ProviderOptions? provider, string model, TokenCount tokens, DateTimeOffset at)
    {
        var price = provider is null ? null : Find(provider, model, at);
        return price is not null ? new Price(Cost(price.Tokens, tokens), price.Currency, price.Version)
            : tokens.Total == 0 ? Price.Nothing
            : Price.Unknown;
    }

    internal static decimal Cost(TokenPriceOptions price, TokenCount tokens)
    {
        var cached = Math.Clamp(tokens.CachedInput, 0, tokens.Input);
        var reasoning = Math.Clamp(tokens.Reasoning, 0, tokens.Output);
        var exact = ((tokens.Input - cached) * price.InputPerMillion)
            + (cached * (price.CachedInputPerMillion ?? price.InputPerMillion))
            + ((tokens.Output - reasoning) * price.OutputPerMillion)
            + (reasoning * (price.ReasoningPerMillion ?? price.OutputPerMillion));
        return decimal.Round(exact / Million, Decimals, MidpointRounding.ToEven);
    }

    private static ModelPriceOptions? Entry(PriceListOptions list, string provider, string model)
    {
        var named = list.Models.Where(entry => string.Equals(entry.Model, model, StringComparison.OrdinalIgnoreCase)).ToArray();
        return named.FirstOrDefault(entry => string.Equals(entry.Provider, provider, StringComparison.OrdinalIgnoreCase))
            ?? named.FirstOrDefault(entry => entry.Provider.Length == 0);
    }
}

/// <summary>A price, and the list that it stands in.</summary>
internal sealed record ModelPrice(TokenPriceOptions Tokens, string Currency, string Version);
