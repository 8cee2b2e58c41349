using System.ComponentModel.DataAnnotations;

namespace Platform.PatternAnalysis.Detectors.PaymentTimingShift;

/// <summary>Section <c>patterns:paymentTiming</c>.</summary>
internal sealed class PaymentTimingOptions
{
    public const string Section = "patterns:paymentTiming";

    /// <summary>Fewest paid invoices.</summary>
    [Range(10, 1000)]
    public int MinimumInvoices { get; set; } = 12;

    /// <summary>Fewest invoices before and after the change, each.</summary>
    [Range(3, 100)]
    public int MinimumSegment { get; set; } = 5;

    /// <summary>Smallest shift that matters, days.</summary>
    [Range(0.0, 365.0)]
    public double MinimumShiftDays { get; set; } = 3;

    /// <summary>
    /// Days after which an unpaid invoice says enough about its lateness. The size of a shift is taken from invoices due so long
    /// ago that nine in ten of the customer's are paid, or this many days when that is longer.
    /// </summary>
    [Range(0, 365)]
    public int LongestWait { get; set; } = 60;

    /// <summary>Only the latest this many invoices are looked at.</summary>
    [Range(20, 10_000)]
    public int MaximumInvoices { get; set; } = 500;

    /// <summary>Random orders that the change is compared with; five times as many where fewer than three of them are as clear.</summary>
    [Range(199, 100_000)]
    public int Permutations { get; set; } = 1999;
}
