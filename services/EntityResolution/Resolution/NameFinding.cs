using Platform.EntityResolution.Index;
using Platform.EntityResolution.Mentions;
using Platform.EntityResolution.Registry;

namespace Platform.EntityResolution.Resolution;

/// <summary>
/// Names of one text: exact ones first, then runs that look like names, each with the piece that a registered name explains best.
/// Where names alike come from is the caller's: the snapshot, or the database.
/// </summary>
/// <param name="question">The text.</param>
/// <param name="names">The names in memory.</param>
/// <param name="known">What settles a span without comparison, such as an alias; null when nothing does.</param>
/// <param name="alike">Names alike a span.</param>
/// <param name="settings">Limits and thresholds.</param>
internal sealed class NameFinding(
    QuestionText question, RegistrySnapshot names, Func<Span, Contest?> known, Func<Span, IReadOnlyList<LayeredMatch>> alike, ResolutionOptions settings)
{
    private const double NearlyAll = 0.85;

    private readonly Dictionary<Span, Contest> _judged = [];

    /// <summary>Spans that look like names and that nothing explains.</summary>
    public List<Span> Unexplained { get; } = [];

    public List<FoundMention> Find(IReadOnlyList<NameRun> runs, IReadOnlyList<ExactSpan> exact)
    {
        var mentions = new List<FoundMention>();
        var remaining = exact.ToList();
        foreach (var run in runs)
        {
            if (!remaining.Any(e => e.Span.First <= run.Span.First && e.Span.Last >= run.Span.Last))
            {
                Settle(run.Span, run.Expected, remaining, mentions);
            }
        }

        foreach (var span in remaining)
        {
            var outcome = span.Candidates.Count == 1 || span.Candidates[0].Kind == MatchKind.Alias ? MentionOutcome.Matched : MentionOutcome.Ambiguous;
            mentions.Add(Mention(span.Span, span.Candidates, outcome));
        }

        return mentions;
    }

    private void Settle(Span run, bool expected, List<ExactSpan> exact, List<FoundMention> mentions)
    {
        var inside = exact.Where(e => e.Span.Overlaps(run)).ToList();
        var best = Best(run, inside);
        // A longer name that explains the words around an exact shorter one is what is meant.
        if (best is not null && inside.Exists(e => e.Span.Overlaps(best.Span)))
        {
            exact.RemoveAll(e => e.Span.Overlaps(best.Span));
            inside.Clear();
        }

        if (best is null && inside.Count == 0)
        {
            Add(mentions, Contest.Nothing(Core(run)), expected);
            return;
        }

        if (best is not null)
        {
            Add(mentions, best, expected);
        }

        var taken = inside.Select(e => e.Span).Concat(best is null ? [] : [best.Span]).OrderBy(s => s.First).ToList();
        foreach (var piece in Pieces(run, taken))
        {
            if (NameRuns.HoldsNameLike(question, piece))
            {
                Settle(piece, expected && NameRuns.IsExpected(question, piece), exact, mentions);
            }
        }
    }

    /// <summary>The piece of the run that a name explains best; null when none does.</summary>
    private Contest? Best(Span run, List<ExactSpan> exact)
    {
        Contest? best = null;
        var runHolds = NameRuns.HoldsNameLike(question, run);
        foreach (var span in SpanChoices.Of(question, run))
        {
            if (exact.Exists(e => e.Span.First <= span.First && e.Span.Last >= span.Last) || (runHolds && !NameRuns.HoldsNameLike(question, span)))
            {
                continue;
            }

            var contest = Judge(span);
            var overExact = exact.Exists(e => e.Span.Overlaps(span));
            if (contest.Outcome == MentionOutcome.NotFound || (overExact && (contest.Asked < NearlyAll || !AddsWord(span, exact))))
            {
                continue;
            }

            if (best is null || Weight(contest) > Weight(best) + 0.02)
            {
                best = contest;
            }
        }

        return best;
    }

    // "Delta Logistics GmbH and Delta Industries" are two names and an "and".
    private bool AddsWord(Span span, List<ExactSpan> exact)
    {
        for (var i = span.First; i <= span.Last; i++)
        {
            if (!exact.Exists(e => e.Span.First <= i && i <= e.Span.Last) && !Vocabulary.IsFunctionWord(question.Words[i].Text))
            {
                return true;
            }
        }

        return false;
    }

    // What was asked for and explained; between equals the longer span, which comes first.
    private static double Weight(Contest contest) => contest.Asked + (contest.Held / 2);

    private Contest Judge(Span span)
    {
        if (!_judged.TryGetValue(span, out var contest))
        {
            contest = known(span) ?? (_judged.Count < settings.MaxFuzzySpans ? Contest.Decide(question, span, alike(span), names, settings) : Contest.Nothing(span));
            if (contest.Outcome == MentionOutcome.NotFound && span.Count == 1 && Initials(span) is { Count: > 0 } initials)
            {
                contest = new Contest(span, initials, initials.Count == 1 ? MentionOutcome.Matched : MentionOutcome.Ambiguous, 1, 1);
            }

            _judged[span] = contest;
        }

        return contest;
    }

    /// <summary>Names whose words begin with the letters of a word in capitals, as "IBM" for "International Business Machines".</summary>
    private List<FoundCandidate> Initials(Span span)
    {
        var word = question.Words[span.First];
        var name = word.Name;
        return name.Length is >= 2 and <= 6 && question.CaseTells && !Vocabulary.IsOrdinary(word.Text) && question.Text.AsSpan(word.Token.Start, word.Token.Length).IndexOfAnyInRange('a', 'z') < 0
            ? [.. names.ByInitials(name).Select(c => new FoundCandidate(ExactSpans.Entity(c), MatchKind.Acronym, name.Length >= 3 ? 0.85 : 0.7, [$"initials: {name.ToUpperInvariant()}"]))]
            : [];
    }

    private void Add(List<FoundMention> mentions, Contest contest, bool expected)
    {
        if (contest.Outcome == MentionOutcome.NotFound)
        {
            if (expected)
            {
                Unexplained.Add(contest.Span);
                mentions.Add(Mention(contest.Span, contest.Candidates, contest.Outcome));
            }

            return;
        }

        if (Plausibility.Holds(question, contest))
        {
            mentions.Add(Mention(contest.Span, contest.Candidates, contest.Outcome));
        }
    }

    /// <summary>The run without known words at its ends, unless nothing else is left.</summary>
    private Span Core(Span run)
    {
        var (first, last) = (run.First, run.Last);
        while (last > first && !question.Words[last].Capitalised && NameRuns.IsDispensable(question, last))
        {
            last--;
        }

        while (first < last && !question.Words[first].Capitalised && NameRuns.IsDispensable(question, first))
        {
            first++;
        }

        return new Span(first, last);
    }

    private IEnumerable<Span> Pieces(Span run, List<Span> taken)
    {
        var first = run.First;
        foreach (var span in taken)
        {
            foreach (var piece in Between(first, span.First - 1))
            {
                yield return piece;
            }

            first = Math.Max(first, span.Last + 1);
        }

        foreach (var piece in Between(first, run.Last))
        {
            yield return piece;
        }
    }

    private IEnumerable<Span> Between(int first, int last) => first > last ? [] : NameRuns.Parts(question, new Span(first, last));

    private FoundMention Mention(Span span, IReadOnlyList<FoundCandidate> candidates, MentionOutcome outcome)
    {
        var start = question.Words[span.First].Token.Start;
        return new FoundMention(start, question.Words[span.Last].Token.End - start, candidates, outcome);
    }
}
