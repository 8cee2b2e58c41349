namespace Platform.EntityResolution.Mentions;

/// <summary>Decides whether words that equal a registered name are meant as that name.</summary>
internal static class NameSupport
{
    /// <summary>
    /// True at once when a word of the span is no known word; a span of known words ("Target", "Global Logistics") needs quotes, a
    /// possessive, capitals where capitals tell, or words around it that introduce a name. The more ordinary the words, the more.
    /// </summary>
    public static bool Holds(QuestionText question, Span span)
    {
        var words = question.Words;
        var (allOrdinary, allKnown, allCapitalised, allFunction, form, letters) = (true, true, true, true, false, false);
        for (var i = span.First; i <= span.Last; i++)
        {
            if (words[i].IsQuoted)
            {
                return true;
            }

            allOrdinary &= Vocabulary.IsOrdinary(words[i].Text);
            allKnown &= Vocabulary.IsKnown(words[i].Text) || Names.LegalForms.IsLegalForm(words[i].Text);
            allCapitalised &= words[i].Capitalised || words[i].Text == "and" || Vocabulary.Joins(words[i].Text) || char.IsAsciiDigit(words[i].Text[0]);
            letters |= words[i].Capitalised;
            form |= i > span.First && Names.LegalForms.IsLegalForm(words[i].Text) && !Vocabulary.IsKnown(words[i].Text);
            allFunction &= Vocabulary.IsFunctionWord(words[i].Text);
        }

        // Whoever writes the legal form means the company.
        if (!allKnown || form)
        {
            return true;
        }

        var before = question.Before(span);
        var next = question.After(span);
        if (Vocabulary.IsCustomerNoun(before))
        {
            return true;
        }

        if (question.CaseTells && allCapitalised && letters)
        {
            if (!words[span.First].StartsSentence)
            {
                return !allFunction || span.Count > 1;
            }

            return !allFunction && (span.Count > 1 || words[span.Last].Token.IsPossessive || Vocabulary.IsDomainNoun(next)
                || (Vocabulary.IsVerbOfNames(next) && !Vocabulary.IsFunctionWord(words[span.First].Text)));
        }

        // A writer who capitalises other names would have capitalised this one.
        if (allFunction || Vocabulary.IsDomainNoun(words[span.Last].Text) || (question.CapitalisesNames && (allOrdinary || span.Count == 1)))
        {
            return false;
        }

        return allOrdinary ? HoldsOrdinary(question, span, before, next) : HoldsKnown(question, span, before, next);
    }

    private static bool HoldsOrdinary(QuestionText question, Span span, string before, string next)
    {
        if (span.Count > 1)
        {
            return Vocabulary.Introduces(before) && !Vocabulary.IsDeterminer(before);
        }

        return question.IsIntroduced(span.First) && (next.Length == 0 || Vocabulary.IsFunctionWord(next));
    }

    private static bool HoldsKnown(QuestionText question, Span span, string before, string next)
    {
        if (Vocabulary.IsSubjectPronoun(before))
        {
            return false;
        }

        var possessive = question.Words[span.Last].Token.IsPossessive;
        if (Vocabulary.IsDeterminer(before))
        {
            // "that" and "which" join sentences too; "the" may belong to what somebody is called: "status of the printers".
            return (span.Count > 1 && (before is "that" or "which" or "what" || possessive || Vocabulary.IsDomainNoun(next)))
                || (before == "the" && question.IsIntroduced(span.First - 1));
        }

        if (span.Count > 1 || possessive)
        {
            return true;
        }

        return before.Length == 0
            ? Vocabulary.IsDomainNoun(next) || Vocabulary.IsVerbOfNames(next)
            : Vocabulary.Introduces(before) && !question.IsPlaced(span) && before != "as" && !(before == "to" && Vocabulary.IsDeterminer(next));
    }
}
