namespace Platform.EntityResolution.Mentions;

/// <summary>Decides whether words that equal a registered name are meant as that name.</summary>
internal static class NameSupport
{
    /// <summary>
    /// True at once when a word of the span has no ordinary sense; a span of ordinary words ("Target", "Global Logistics") needs
    /// quotes, a possessive, capitals where capitals tell, or words around it that introduce a name.
    /// </summary>
    public static bool Holds(QuestionText question, Span span)
    {
        var words = question.Words;
        var (allOrdinary, allCapitalised, allFunction) = (true, true, true);
        for (var i = span.First; i <= span.Last; i++)
        {
            if (words[i].IsQuoted)
            {
                return true;
            }

            allOrdinary &= Vocabulary.IsOrdinary(words[i].Text);
            allCapitalised &= words[i].Capitalised || words[i].Text == "and" || Vocabulary.Joins(words[i].Text);
            allFunction &= Vocabulary.IsFunctionWord(words[i].Text);
        }

        if (!allOrdinary)
        {
            return true;
        }

        var first = words[span.First];
        var before = span.First > 0 && !first.BreakBefore ? words[span.First - 1].Text : "";
        var beforeThat = span.First > 1 && !words[span.First - 1].BreakBefore ? words[span.First - 2].Text : "";
        var next = span.Last + 1 < words.Count && !words[span.Last + 1].BreakBefore ? words[span.Last + 1].Text : "";

        if (Vocabulary.IsCustomerNoun(before))
        {
            return true;
        }

        if (question.CaseTells && allCapitalised)
        {
            if (!first.StartsSentence)
            {
                return !allFunction || span.Count > 1;
            }

            return !allFunction && (span.Count > 1 || words[span.Last].Token.IsPossessive || Vocabulary.IsDomainNoun(next));
        }

        if (allFunction || Vocabulary.IsDomainNoun(words[span.Last].Text) || question.CaseTells && question.Text.Any(char.IsUpper) && HasCapitalInside(question))
        {
            return false;
        }

        return span.Count > 1
            ? Vocabulary.Introduces(before)
            : Vocabulary.IntroducesStrongly(before) && Vocabulary.IsDomainNoun(beforeThat) && (next.Length == 0 || Vocabulary.IsFunctionWord(next));
    }

    // A writer who capitalises other names would have capitalised this one.
    private static bool HasCapitalInside(QuestionText question) =>
        question.Words.Any(w => w.Capitalised && !w.StartsSentence && w.Text != "i");
}
