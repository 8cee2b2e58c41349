using System.ComponentModel.DataAnnotations;

namespace Platform.PatternAnalysis.Patterns;

/// <summary>Section <c>patterns:reading</c>.</summary>
internal sealed class PatternOptions
{
    public const string Section = "patterns:reading";

    /// <summary>Insights below it are not shown unless a request asks for them (requirement C3).</summary>
    [Range(0.0, 1.0)]
    public double MinimumConfidence { get; set; } = 0.6;

    /// <summary>Customers of one request that are looked up at the same time.</summary>
    [Range(1, 64)]
    public int Parallelism { get; set; } = 4;

}
