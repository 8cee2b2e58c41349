using Platform.EntityResolution.Mentions;
using Platform.EntityResolution.Names;

namespace Platform.EntityResolution.Resolution;

/// <summary>Whether words that are like a registered name are likely meant as one, where they stand.</summary>
internal static class Plausibility
{
    private const double NearlyWhole = 0.85;

    public static bool Holds(QuestionText question, Contest contest)
    {
        var words = question.Words;
        var span = contest.Span;
        var best = contest.Candidates[0];
        var whole = best.Kind is MatchKind.Exact or MatchKind.Alias;
        var (quoted, allOrdinary, allKnown) = (false, true, true);
        for (var i = span.First; i <= span.Last; i++)
        {
            quoted |= words[i].IsQuoted;
            allOrdinary &= Vocabulary.IsOrdinary(words[i].Text);
            allKnown &= Vocabulary.IsKnown(words[i].Text);
        }

        if (quoted || best.Kind == MatchKind.Acronym)
        {
            return true;
        }

        if (whole)
        {
            return NameSupport.Holds(question, span);
        }

        var before = question.Before(span);
        var next = question.After(span);
        var possessive = words[span.Last].Token.IsPossessive;

        // "in New York", "the Nordic region": places and properties, not companies.
        if (allKnown && !possessive && !Vocabulary.IsDomainNoun(next)
            && (question.IsPlaced(span) || before == "as" || (Vocabulary.IsDeterminer(before) && !Vocabulary.IsCustomerNoun(next))))
        {
            return false;
        }

        if (question.IsPlaced(span) && !possessive && best.Confidence < NearlyWhole)
        {
            return false;
        }

        // A slip of the finger seldom makes a known word of a name: "methods" is no "Methode".
        if (allKnown && (best.Confidence < NearlyWhole && allOrdinary || !BeginsWith(question, span, best.Entity.Name)))
        {
            return false;
        }

        return !IsLaterWordOnly(question, contest);
    }

    private static bool BeginsWith(QuestionText question, Span span, string name)
    {
        var first = question.Words[span.First];
        return NameText.Normalize(name).Words is { Count: > 0 } words && words.Any(w => w == first.Name || w == first.Text);
    }

    /// <summary>Nobody is called by a later word of the name alone ("the beverage industry"), unless the words before say so.</summary>
    private static bool IsLaterWordOnly(QuestionText question, Contest contest)
    {
        var word = question.Words[contest.Span.First];
        if (contest.Span.Count > 1 || word.Token.IsPossessive || contest.Candidates is not [{ Kind: MatchKind.Fuzzy, Confidence: < 0.9 }, ..]
            || Vocabulary.IntroducesStrongly(question.Before(contest.Span)))
        {
            return false;
        }

        return !contest.Candidates.Any(c => NameText.Normalize(c.Entity.Name).Words is { Count: > 0 } words && WordLikeness.Between(word.Name, words[0]) >= WordLikeness.Readable);
    }
}
