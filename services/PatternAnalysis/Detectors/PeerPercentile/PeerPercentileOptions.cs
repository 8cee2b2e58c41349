using System.ComponentModel.DataAnnotations;

namespace Platform.PatternAnalysis.Detectors.PeerPercentile;

/// <summary>Section <c>patterns:peers</c>.</summary>
internal sealed class PeerPercentileOptions
{
    public const string Section = "patterns:peers";

    /// <summary>Share of all customers that a customer must surely pay later than.</summary>
    [Range(0.5, 0.999)]
    public double Percentile { get; set; } = 0.95;

    /// <summary>Fewest invoices due in the last 12 months.</summary>
    [Range(8, 1000)]
    public int MinimumInvoices { get; set; } = 12;

    /// <summary>Fewest customers that are compared with.</summary>
    [Range(20, 1000)]
    public int MinimumCustomers { get; set; } = 40;

    /// <summary>Smallest distance from the middle customer that matters, days.</summary>
    [Range(0.0, 365.0)]
    public double MinimumDays { get; set; } = 5;
}
