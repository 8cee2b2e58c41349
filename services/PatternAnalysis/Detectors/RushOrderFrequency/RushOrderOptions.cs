using System.ComponentModel.DataAnnotations;

namespace Platform.PatternAnalysis.Detectors.RushOrderFrequency;

/// <summary>Section <c>patterns:rushOrders</c>.</summary>
internal sealed class RushOrderOptions
{
    public const string Section = "patterns:rushOrders";

    /// <summary>The recent days that are compared with the time before.</summary>
    [Range(14, 365)]
    public int RecentDays { get; set; } = 90;

    /// <summary>How far back the customer's own past goes before the recent days.</summary>
    [Range(30, 1400)]
    public int BaselineDays { get; set; } = 365;

    /// <summary>Fewest orders in the recent days and before, each.</summary>
    [Range(3, 1000)]
    public int MinimumOrders { get; set; } = 8;

    /// <summary>Smallest change of the share that matters: 0.10 is ten percentage points.</summary>
    [Range(0.0, 1.0)]
    public double MinimumChange { get; set; } = 0.10;
}
