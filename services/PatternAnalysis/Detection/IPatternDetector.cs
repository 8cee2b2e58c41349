using Platform.PatternAnalysis.Histories;

namespace Platform.PatternAnalysis.Detection;

/// <summary>
/// Looks for one kind of pattern in one customer's history. Detectors know nothing of each other and read nothing: the
/// history is in memory, so that one detector serves a question about one customer and the nightly run over all alike.
/// </summary>
internal interface IPatternDetector
{
    /// <summary>Name of the pattern, e.g. "payment_timing_shift".</summary>
    string Name { get; }

    string Title { get; }

    /// <summary>Formula, source and assumptions, for a reader who wants to check.</summary>
    string Method { get; }

    /// <summary>Fewest observations with which it says anything.</summary>
    int MinimumSample { get; }

    /// <summary>
    /// Its part of the promised error rate, relative to that of the others: where changes are worth more, a larger part of the
    /// false alarms may be spent.
    /// </summary>
    double ErrorShare => 1;

    /// <summary>What it looks at; the rest of the history it is given may be empty.</summary>
    HistoryParts Needs { get; }

    /// <summary>Tests the history. The same history and peers give the same verdict.</summary>
    /// <param name="history">One customer up to <see cref="Subject.AsOf"/>.</param>
    /// <param name="peers">What is usual among the organization's customers; its parts are null when they are not known.</param>
    /// <param name="cancellationToken">Asked now and then where the work grows with the history.</param>
    Verdict Detect(CustomerHistory history, PeerStatistics peers, CancellationToken cancellationToken);
}
