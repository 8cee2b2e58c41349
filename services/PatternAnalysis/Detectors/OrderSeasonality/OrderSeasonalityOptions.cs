using System.ComponentModel.DataAnnotations;

namespace Platform.PatternAnalysis.Detectors.OrderSeasonality;

/// <summary>Section <c>patterns:seasonality</c>.</summary>
internal sealed class OrderSeasonalityOptions
{
    public const string Section = "patterns:seasonality";

    /// <summary>Fewest whole months: a season is known when it has come twice.</summary>
    [Range(24, 48)]
    public int MinimumMonths { get; set; } = 24;

    /// <summary>Fewest orders in them.</summary>
    [Range(12, 10_000)]
    public int MinimumOrders { get; set; } = 48;

    /// <summary>Smallest swing to either side that matters, as a share of the mean.</summary>
    [Range(0.0, 10.0)]
    public double MinimumSwing { get; set; } = 0.25;
}
