using System.ComponentModel.DataAnnotations;

namespace Platform.PatternAnalysis.Detectors.OrderSilence;

/// <summary>Section <c>patterns:silence</c>.</summary>
internal sealed class OrderSilenceOptions
{
    public const string Section = "patterns:silence";

    /// <summary>Fewest gaps between days with orders.</summary>
    [Range(5, 1000)]
    public int MinimumGaps { get; set; } = 10;

    /// <summary>Only the latest this many gaps tell what is usual.</summary>
    [Range(10, 10_000)]
    public int MaximumGaps { get; set; } = 200;

    /// <summary>Smallest silence that matters, as a multiple of the typical gap.</summary>
    [Range(1.0, 100.0)]
    public double MinimumMultiple { get; set; } = 2;

    /// <summary>Largest shape of the gamma distribution of the gaps: keeps a customer like clockwork from raising an alarm after few days.</summary>
    [Range(1.0, 50.0)]
    public double MaximumShape { get; set; } = 8;
}
