using Platform.EntityResolution.Mentions;
using Platform.EntityResolution.Names;
using Platform.EntityResolution.Registry;

namespace Platform.EntityResolution.Resolution;

/// <summary>Names that compete for one span, and whether one of them wins.</summary>
internal sealed record Contest(Span Span, IReadOnlyList<FoundCandidate> Candidates, MentionOutcome Outcome, double Asked)
{
    // The index's probability counts the rivals already.
    private const double Sure = 0.93;
    private const double OtherNumber = 0.5;

    /// <summary>Compares the names that are alike with the words of the span and decides; never between near-equals.</summary>
    public static Contest Decide(
        QuestionText question, Span span, IEnumerable<LikelyCustomer> alike, RegistrySnapshot names, ResolutionOptions options)
    {
        var asked = ExactSpans.NameOf(question, span);
        var scored = new List<(FoundCandidate Candidate, Agreement Agreement)>();
        foreach (var likely in alike.DistinctBy(l => l.Customer.Id))
        {
            var customer = likely.Customer;
            if (asked.Key == customer.Normalized.Key || asked.Core == customer.Normalized.Core)
            {
                var same = asked.Key == customer.Normalized.Key;
                scored.Add((
                    new FoundCandidate(ExactSpans.Entity(customer), MatchKind.Exact, same ? 1 : 0.98, [same ? "same name" : "legal form ignored"]),
                    new Agreement(1, 1, [])));
                continue;
            }

            var agreement = AgreementOf(asked, likely, names);
            if (agreement.Confidence >= options.ListConfidence && agreement.Asked >= 0.6)
            {
                scored.Add((new FoundCandidate(ExactSpans.Entity(customer), MatchKind.Fuzzy, agreement.Confidence, agreement.Explanation), agreement));
            }
        }

        scored.Sort((a, b) => b.Candidate.Confidence.CompareTo(a.Candidate.Confidence) is var order && order != 0
            ? order
            : string.CompareOrdinal(a.Candidate.Entity.Name, b.Candidate.Entity.Name));
        if (scored.Count == 0)
        {
            return new Contest(span, [], MentionOutcome.NotFound, 0);
        }

        var candidates = scored.Select(s => s.Candidate).ToList();
        var best = scored[0];
        if (best.Candidate.Kind == MatchKind.Exact)
        {
            var same = scored.TakeWhile(s => s.Candidate.Confidence == best.Candidate.Confidence).Count();
            return new Contest(span, candidates, same == 1 ? MentionOutcome.Matched : MentionOutcome.Ambiguous, 1);
        }

        // All that was asked for may fit several names equally; how much else a name holds says nothing about which is meant.
        // A name that is accounted for nearly whole beats those that hold more words than were asked for.
        var rivals = scored.Skip(1).Count(s => !(best.Agreement.Named >= 0.85 && best.Agreement.Named - s.Agreement.Named >= 0.15 && best.Agreement.Asked >= s.Agreement.Asked) && (
            s.Candidate.Confidence >= best.Candidate.Confidence - options.AmbiguityMargin
            || (s.Agreement.Asked >= best.Agreement.Asked - 0.03 && !(best.Agreement.Named >= 0.97 && s.Agreement.Named < 0.85))));
        var outcome = best.Agreement.Probability >= Sure ? MentionOutcome.Matched
            : rivals > 0 ? MentionOutcome.Ambiguous
            : best.Candidate.Confidence >= options.AcceptConfidence ? MentionOutcome.Matched
            : MentionOutcome.NotFound;
        return new Contest(span, candidates, outcome, best.Agreement.Asked);
    }

    private static Agreement AgreementOf(NormalizedName asked, LikelyCustomer likely, RegistrySnapshot names)
    {
        var agreement = NameSimilarity.Compare(asked.Words, likely.Customer.Normalized.Words, names.Weight);
        return likely.Match switch
        {
            { Probability: >= (float)Sure } match when match.Probability > agreement.Confidence =>
                new Agreement(Math.Max(agreement.Asked, match.Evidence.Asked), match.Evidence.Named, likely.Explanation) { Probability = match.Probability },
            // "Fund II" is never "Fund III".
            { Evidence.NumberDiffers: true } => agreement with { Probability = Math.Min(agreement.Confidence, OtherNumber) },
            _ => agreement,
        };
    }
}
