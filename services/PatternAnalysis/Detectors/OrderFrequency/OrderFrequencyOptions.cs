using System.ComponentModel.DataAnnotations;

namespace Platform.PatternAnalysis.Detectors.OrderFrequency;

/// <summary>Section <c>patterns:frequency</c>.</summary>
internal sealed class OrderFrequencyOptions
{
    public const string Section = "patterns:frequency";

    /// <summary>Fewest gaps between days with orders.</summary>
    [Range(12, 1000)]
    public int MinimumGaps { get; set; } = 16;

    /// <summary>Fewest gaps before and since the change, each.</summary>
    [Range(3, 100)]
    public int MinimumSegment { get; set; } = 5;

    /// <summary>Only the latest this many gaps are looked at.</summary>
    [Range(20, 10_000)]
    public int MaximumGaps { get; set; } = 400;

    /// <summary>Smallest change of the rate that matters: 1.5 is half as many orders again, or a third fewer.</summary>
    [Range(1.0, 100.0)]
    public double MinimumRatio { get; set; } = 1.5;

    /// <summary>Random orders that the change is compared with; five times as many where fewer than three of them are as clear.</summary>
    [Range(199, 100_000)]
    public int Permutations { get; set; } = 1999;
}
