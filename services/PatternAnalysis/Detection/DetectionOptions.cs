using System.ComponentModel.DataAnnotations;

namespace Platform.PatternAnalysis.Detection;

/// <summary>Section <c>patterns:detection</c>.</summary>
internal sealed class DetectionOptions
{
    public const string Section = "patterns:detection";

    /// <summary>Longest time of one detector (requirement C2).</summary>
    [Range(typeof(TimeSpan), "00:00:00.050", "00:01:00")]
    public TimeSpan DetectorTimeout { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>
    /// Promised probability of any false finding for a customer in whom nothing changed, over all detectors. They share it
    /// by <see cref="IPatternDetector.ErrorShare"/>.
    /// </summary>
    [Range(0.0001, 0.2)]
    public double FamilyErrorRate { get; set; } = 0.01;

    /// <summary>Money at stake, in the customer's currency, that weighs half of what unlimited money would.</summary>
    [Range(1, 1e12)]
    public double ReferenceAmount { get; set; } = 25_000;
}
