using Platform.EntityResolution.Index;
using Platform.EntityResolution.Mentions;
using Platform.EntityResolution.Registry;

namespace Platform.EntityResolution.Resolution;

/// <summary>Names that compete for one span, and whether one of them wins.</summary>
/// <param name="Span">Where they are asked for.</param>
/// <param name="Candidates">Best first.</param>
/// <param name="Outcome">Whether the best is taken, several are too close, or none is likely enough.</param>
/// <param name="Asked">Share of what was asked for that the best accounts for, 0 to 1.</param>
/// <param name="Held">Probability that one of the candidates is meant.</param>
internal sealed record Contest(Span Span, IReadOnlyList<FoundCandidate> Candidates, MentionOutcome Outcome, double Asked, double Held)
{
    // Shown to people: however sure, a name that is only alike is not certain.
    private const double MostOfAlike = 0.97;

    // Nobody guesses between names of which one is half as likely as the other.
    private const double NearEqual = 0.5;
    private const float NearlyWhole = 0.85f;
    private const float Whole = 0.999f;

    public static Contest Nothing(Span span) => new(span, [], MentionOutcome.NotFound, 0, 0);

    /// <summary>
    /// Decides by the probabilities of the names that are alike: taken when one is likely enough, asked back when one of several is
    /// but none of them alone; never between near-equals.
    /// </summary>
    public static Contest Decide(QuestionText question, Span span, IReadOnlyList<LayeredMatch> alike, RegistrySnapshot names, ResolutionOptions options)
    {
        var held = alike.Sum(found => found.Match.Probability);
        if (alike.Count == 0 || held < options.ListConfidence)
        {
            return Nothing(span);
        }

        var words = ExactSpans.WordsOf(question, span);
        var best = alike[0].Match;
        var shown = alike.Where((found, i) => i == 0 || found.Match.Probability >= options.RivalShare * best.Probability || IsNearEqual(found.Match, best))
            .OrderByDescending(found => found.Match.LogOdds).ThenBy(found => found.Owner.Name, StringComparer.Ordinal);
        List<FoundCandidate> candidates = [.. shown.Select(found => Candidate(found, words, names))];
        var outcome = best.Kind == MatchKind.Exact ? OfEqual(alike)
            : best.Probability >= options.AcceptConfidence && !alike.Skip(1).Any(found => IsNearEqual(found.Match, best)) ? MentionOutcome.Matched
            : candidates.Count > 1 ? MentionOutcome.Ambiguous
            : MentionOutcome.NotFound;
        return new Contest(span, candidates, outcome, best.Evidence.Asked, held);
    }

    /// <summary>An equal name is taken, unless another one is as equal.</summary>
    private static MentionOutcome OfEqual(IReadOnlyList<LayeredMatch> alike) =>
        alike.Count > 1 && alike[1].Match.Kind == MatchKind.Exact && alike[1].Match.LogOdds == alike[0].Match.LogOdds ? MentionOutcome.Ambiguous : MentionOutcome.Matched;

    /// <summary>
    /// Half as likely is too close; so is any name that holds all that was asked for and more, when the best one holds more too: how much more
    /// says nothing of which is meant.
    /// </summary>
    private static bool IsNearEqual(in NameMatch second, in NameMatch best) =>
        second.Probability >= best.Probability * NearEqual || (best.Evidence.Named < NearlyWhole && second.Evidence.Asked >= Math.Max(Whole, best.Evidence.Asked));

    private static FoundCandidate Candidate(LayeredMatch found, string[] words, RegistrySnapshot names)
    {
        var match = found.Match;
        var confidence = match.Kind != MatchKind.Exact ? Math.Min(MostOfAlike, match.Probability) : match.LogOdds >= MatchModel.SameKey ? 1 : 0.98;
        return new FoundCandidate(
            new EntityKey("customer", found.Owner.Id, found.Owner.Name),
            found.IsAlias ? MatchKind.Alias : match.Kind,
            found.IsAlias ? Math.Min(MostOfAlike, confidence) : confidence,
            found.Explain(words))
        {
            Alias = found.IsAlias ? names.Alias(found.FoundName) : null,
        };
    }
}
