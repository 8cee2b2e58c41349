using System.ComponentModel.DataAnnotations;

namespace Platform.ModelGateway.Usage;

/// <summary>What a million tokens of each class cost, in the currency of the list.</summary>
internal abstract class TokenPriceOptions
{
    [Range(typeof(decimal), "0", "1000000")]
    public decimal InputPerMillion { get; set; }

    [Range(typeof(decimal), "0", "1000000")]
    public decimal OutputPerMillion { get; set; }

    /// <summary>Input tokens that the provider had in its cache; absent: they cost what other input costs.</summary>
    [Range(typeof(decimal), "0", "1000000")]
    public decimal? CachedInputPerMillion { get; set; }

    /// <summary>Output tokens that were spent on reasoning; absent: they cost what other output costs.</summary>
    [Range(typeof(decimal), "0", "1000000")]
    public decimal? ReasoningPerMillion { get; set; }
}

/// <summary>A price that stands at its provider and holds at all times; price lists are not looked at for the model.</summary>
internal sealed class PriceOptions : TokenPriceOptions
{
    /// <summary>ISO 4217, <c>USD</c>.</summary>
    [RegularExpression("^[A-Z]{3}$")]
    public string Currency { get; set; } = "USD";

    /// <summary>Names this price in usage rows, so that old costs stay explicable.</summary>
    [Required]
    public string Version { get; set; } = "configured";
}

/// <summary>Prices of models from one day on. The newest list that is in effect and names a model decides.</summary>
internal sealed class PriceListOptions
{
    /// <summary>Unique; stands in every usage row that the list priced.</summary>
    [Required]
    [RegularExpression("^[A-Za-z0-9][A-Za-z0-9._-]{0,62}$")]
    public string Version { get; set; } = "";

    /// <summary>First day, UTC, on which the list holds.</summary>
    public DateOnly EffectiveFrom { get; set; }

    /// <summary>ISO 4217, <c>USD</c>.</summary>
    [RegularExpression("^[A-Z]{3}$")]
    public string Currency { get; set; } = "USD";

    public List<ModelPriceOptions> Models { get; set; } = [];
}

/// <summary>The price of one model in a list.</summary>
internal sealed class ModelPriceOptions : TokenPriceOptions
{
    /// <summary>The provider's name of the model.</summary>
    [Required]
    public string Model { get; set; } = "";

    /// <summary>Name of the provider; empty: any provider that the list does not name for this model.</summary>
    public string Provider { get; set; } = "";
}
