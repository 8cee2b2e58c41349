using System.ComponentModel.DataAnnotations;

namespace Platform.PatternAnalysis.Detectors.RevenueConcentration;

/// <summary>Section <c>patterns:concentration</c>.</summary>
internal sealed class RevenueConcentrationOptions
{
    public const string Section = "patterns:concentration";

    /// <summary>Share of what all customers ordered, above which one customer is a risk of its own.</summary>
    [Range(0.01, 0.9)]
    public double Share { get; set; } = 0.10;

    /// <summary>Fewest orders of the customer in the last 12 months.</summary>
    [Range(6, 1000)]
    public int MinimumOrders { get; set; } = 12;

    /// <summary>Fewest customers with orders in that time.</summary>
    [Range(5, 1000)]
    public int MinimumCustomers { get; set; } = 10;
}
