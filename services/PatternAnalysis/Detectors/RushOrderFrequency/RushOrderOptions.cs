using System.ComponentModel.DataAnnotations;

namespace Platform.PatternAnalysis.Detectors.RushOrderFrequency;

/// <summary>Section <c>patterns:rushOrders</c>.</summary>
internal sealed class RushOrderOptions
{
    public const string Section = "patterns:rushOrders";

    /// <summary>How far back orders are looked at.</summary>
    [Range(90, 1460)]
    public int WindowDays { get; set; } = 730;

    /// <summary>The recent days that are held against the time before, besides the search over all days.</summary>
    [Range(14, 365)]
    public int RecentDays { get; set; } = 90;

    /// <summary>
    /// Fewest orders in the window. With fewer than 14 not even 7 rush orders after 7 ordinary ones are clearer than the error
    /// rate that is promised.
    /// </summary>
    [Range(10, 1000)]
    public int MinimumOrders { get; set; } = 14;

    /// <summary>Fewest orders before and since the change, each.</summary>
    [Range(2, 100)]
    public int MinimumSegment { get; set; } = 3;

    /// <summary>Smallest change of the share that matters: 0.10 is ten percentage points.</summary>
    [Range(0.0, 1.0)]
    public double MinimumChange { get; set; } = 0.10;

    /// <summary>Random orders that the change is compared with; five times as many where fewer than three of them are as clear.</summary>
    [Range(199, 100_000)]
    public int Permutations { get; set; } = 1999;

    /// <summary>A change is put down to all customers when chance explains the rest of it with at least this probability.</summary>
    [Range(0.0, 1.0)]
    public double PeerLevel { get; set; } = 0.05;
}
