using System.ComponentModel.DataAnnotations;

namespace Platform.PatternAnalysis.Detectors.AmountAnomaly;

/// <summary>Section <c>patterns:amounts</c>.</summary>
internal sealed class AmountAnomalyOptions
{
    public const string Section = "patterns:amounts";

    /// <summary>The recent days in which an unusual order is looked for.</summary>
    [Range(7, 365)]
    public int RecentDays { get; set; } = 60;

    /// <summary>How far back the customer's usual amounts are learned from.</summary>
    [Range(60, 1400)]
    public int BaselineDays { get; set; } = 730;

    /// <summary>Fewest earlier orders.</summary>
    [Range(8, 1000)]
    public int MinimumOrders { get; set; } = 15;

    /// <summary>Smallest multiple of the typical amount that matters.</summary>
    [Range(1.1, 100.0)]
    public double MinimumMultiple { get; set; } = 2.5;
}
