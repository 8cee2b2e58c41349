using System.ComponentModel.DataAnnotations;

namespace Platform.PatternAnalysis.Refreshing;

/// <summary>Section <c>patterns:refresh</c>: the worker that looks anew at what changed and, nightly, at every customer.</summary>
internal sealed class RefreshOptions
{
    public const string Section = "patterns:refresh";

    public bool Enabled { get; set; } = true;

    /// <summary>Time of the day, UTC, after which every customer is looked at anew.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "23:59:59")]
    public TimeSpan NightlyAt { get; set; } = TimeSpan.FromHours(2);

    /// <summary>Time after the start before the worker begins.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "1.00:00:00")]
    public TimeSpan StartDelay { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>Time between two looks for something to do.</summary>
    [Range(typeof(TimeSpan), "00:00:00.050", "01:00:00")]
    public TimeSpan PollInterval { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>
    /// Orders, invoices and payments that a run over all customers holds in memory, at about 60 bytes each. An organization with more is
    /// read in several passes.
    /// </summary>
    [Range(1000, 100_000_000)]
    public int RowsInMemory { get; set; } = 3_000_000;

    /// <summary>Customers that are judged and stored together. What a crash loses is at most three times this many.</summary>
    [Range(1, 10_000)]
    public int BatchSize { get; set; } = 500;

    /// <summary>Share of the time in which the worker works; the rest it leaves to questions.</summary>
    [Range(0.01, 1.0)]
    public double DutyCycle { get; set; } = 0.3;

    /// <summary>Threads that judge.</summary>
    [Range(1, 64)]
    public int Parallelism { get; set; } = 2;

    /// <summary>How long another replica waits before it takes over from one that gives no sign of life. Each batch is one.</summary>
    [Range(typeof(TimeSpan), "00:00:00.500", "01:00:00")]
    public TimeSpan LeaseDuration { get; set; } = TimeSpan.FromSeconds(30);
}
