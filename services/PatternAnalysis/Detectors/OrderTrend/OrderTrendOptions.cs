using System.ComponentModel.DataAnnotations;

namespace Platform.PatternAnalysis.Detectors.OrderTrend;

/// <summary>Section <c>patterns:trend</c>.</summary>
internal sealed class OrderTrendOptions
{
    public const string Section = "patterns:trend";

    /// <summary>Fewest whole months.</summary>
    [Range(12, 48)]
    public int MinimumMonths { get; set; } = 18;

    /// <summary>Fewest orders in them.</summary>
    [Range(12, 10_000)]
    public int MinimumOrders { get; set; } = 36;

    /// <summary>Smallest change within a year that matters, as a share of the mean.</summary>
    [Range(0.0, 10.0)]
    public double MinimumChange { get; set; } = 0.15;
}
