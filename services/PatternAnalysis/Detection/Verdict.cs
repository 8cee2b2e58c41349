using Platform.Contracts.Common.V1;
using Platform.Contracts.PatternAnalysis.V1;

namespace Platform.PatternAnalysis.Detection;

/// <summary>What a detector says.</summary>
internal abstract record Verdict
{
    private Verdict()
    {
    }

    /// <summary>Fewer observations than it needs; nothing is claimed.</summary>
    internal sealed record TooFew(string Reason) : Verdict;

    /// <summary>There was nothing to test, or the effect is too small to matter.</summary>
    internal sealed record Nothing(string Reason, double PValue = 1) : Verdict;

    /// <summary>Large enough to matter; whether it is reported depends on the p-value after correction.</summary>
    internal sealed record Candidate(double PValue, Finding Finding) : Verdict;
}

/// <summary>A pattern in figures and words.</summary>
internal sealed record Finding
{
    public required long SampleSize { get; init; }

    public required Effect Effect { get; init; }

    /// <summary>Size of the effect from 0 (none) to 1 (as large as it gets).</summary>
    public required double RelativeEffect { get; init; }

    /// <summary>Money that the effect touches, in the customer's currency.</summary>
    public required decimal MoneyAtStake { get; init; }

    public required DateOnly From { get; init; }

    /// <summary>First day after the period.</summary>
    public required DateOnly Until { get; init; }

    public DateOnly? ChangedOn { get; init; }

    public required IReadOnlyList<Evidence> Evidence { get; init; }

    public required string Text { get; init; }

    public required string Recommendation { get; init; }

    public required IReadOnlyDictionary<string, Value> Figures { get; init; }
}
