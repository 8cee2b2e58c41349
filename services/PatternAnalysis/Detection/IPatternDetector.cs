namespace Platform.PatternAnalysis.Detection;

/// <summary>Looks for one kind of pattern in one customer's history. Detectors know nothing of each other.</summary>
internal interface IPatternDetector
{
    /// <summary>Name of the pattern, e.g. "payment_timing_shift".</summary>
    string Name { get; }

    string Title { get; }

    /// <summary>Formula, source and assumptions, for a reader who wants to check.</summary>
    string Method { get; }

    /// <summary>Fewest observations with which it says anything.</summary>
    int MinimumSample { get; }

    /// <summary>Reads what it needs and tests it. Cancellation stops the query.</summary>
    Task<Verdict> DetectAsync(Subject subject, CancellationToken cancellationToken);
}

/// <summary>The customer that is looked at, and the last day whose rows are seen.</summary>
internal sealed record Subject(string OrganizationId, string CustomerId, string Name, string Currency, string Status, DateOnly AsOf)
{
    /// <summary>First instant that is not seen.</summary>
    public DateTime Until => AsOf.AddDays(1).ToDateTime(TimeOnly.MinValue, DateTimeKind.Utc);
}
