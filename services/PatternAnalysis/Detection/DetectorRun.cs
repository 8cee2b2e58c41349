using Platform.Contracts.PatternAnalysis.V1;

namespace Platform.PatternAnalysis.Detection;

/// <summary>One detector on one history: its verdict, or why there is none.</summary>
internal sealed record DetectorRun(IPatternDetector Detector, Verdict? Verdict, TimeSpan Elapsed)
{
    /// <summary>Timed out or failed; set when there is no verdict.</summary>
    public DetectorStatus? Failure { get; init; }

    /// <summary>The data could not be read, as opposed to a mistake in the analysis.</summary>
    public bool IsDatabaseFault { get; init; }
}

/// <summary>What the detectors said about one customer.</summary>
/// <param name="Insights">By significance, largest first.</param>
/// <param name="Outcomes">One for each detector that was chosen.</param>
/// <param name="DataVersion">Of the history that was judged.</param>
internal sealed record DetectionResult(IReadOnlyList<Insight> Insights, IReadOnlyList<DetectorOutcome> Outcomes, string DataVersion)
{
    /// <summary>False when a detector failed or was late: such a result is shown, never kept.</summary>
    public bool IsComplete => !Outcomes.Any(outcome => IsMissing(outcome.Status));

    /// <summary>True when no detector got an answer out of the data.</summary>
    public bool IsLost => Outcomes.Count > 0 && Outcomes.All(outcome => IsMissing(outcome.Status));

    private static bool IsMissing(DetectorStatus status) => status is DetectorStatus.Failed or DetectorStatus.TimedOut;
}
