namespace Platform.EntityResolution.Mentions;

/// <summary>Finds runs of words that look like names: quoted, capitalised, possessive, or simply unknown words.</summary>
internal static class NameRuns
{
    private const int LongestRun = 12;

    /// <param name="question">The text.</param>
    /// <param name="inRegistry">Whether some name of the registry holds the word.</param>
    public static List<NameRun> Find(QuestionText question, Func<string, bool> inRegistry)
    {
        var words = question.Words;
        var runs = new List<NameRun>();
        for (var i = 0; i < words.Count; i++)
        {
            if (words[i].IsQuoted)
            {
                var last = i;
                while (last + 1 < words.Count && words[last + 1].Quote == words[i].Quote)
                {
                    last++;
                }

                var quoted = new Span(i, last);
                if (quoted.Count <= LongestRun)
                {
                    runs.Add(new NameRun(quoted, Any(words, quoted, w => !Vocabulary.IsKnown(w.Text) || w.Capitalised)));
                }

                i = last;
                continue;
            }

            if (!IsNameLike(question, i) && !IsKnownName(question, i, inRegistry))
            {
                continue;
            }

            var span = Trim(words, new Span(ExtendBack(words, runs, i, inRegistry), ExtendForward(question, i, inRegistry)));
            if (span.Count > 0 && Any(words, span, w => w.Text.Any(char.IsLetter)))
            {
                runs.Add(new NameRun(span, IsExpected(question, span)));
                i = Math.Max(i, span.Last);
            }
        }

        return runs;
    }

    /// <summary>The pieces of a span that an "and" joins.</summary>
    public static IEnumerable<Span> Parts(QuestionText question, Span span)
    {
        var first = span.First;
        for (var i = span.First; i <= span.Last + 1; i++)
        {
            if (i <= span.Last && question.Words[i].Text != "and")
            {
                continue;
            }

            if (i > first)
            {
                yield return new Span(first, i - 1);
            }

            first = i + 1;
        }
    }

    /// <summary>True when some word of the span says by itself that a name is meant.</summary>
    public static bool HoldsNameLike(QuestionText question, Span span)
    {
        for (var i = span.First; i <= span.Last; i++)
        {
            if (question.Words[i].IsQuoted || IsNameLike(question, i))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>True for words that a run may have taken in without need: known ones, in small letters where capitals tell.</summary>
    public static bool IsDispensable(QuestionText question, int index)
    {
        var word = question.Words[index];
        return !word.IsQuoted && (Vocabulary.IsKnown(word.Text) || (question.CaseTells && question.CapitalisesNames && !word.Capitalised));
    }

    private static bool IsNameLike(QuestionText question, int index)
    {
        var word = question.Words[index];
        if (word.IsQuoted || Vocabulary.IsFunctionWord(word.Text) || !word.Text.Any(char.IsLetter))
        {
            return false;
        }

        if (question.CaseTells && word.Capitalised && !(word.StartsSentence && Vocabulary.IsKnown(word.Text)))
        {
            return !Vocabulary.IsDomainNoun(word.Text);
        }

        return !Vocabulary.IsKnown(word.Text) && !Vocabulary.IsKnown(word.Name) && word.Text.Length >= 2
            && !word.HasDigit && !Vocabulary.ResemblesDomainNoun(word.Text);
    }

    /// <summary>A word of the dictionary that begins a registered name, where a name is likely: "how is kestrel doing".</summary>
    private static bool IsKnownName(QuestionText question, int index, Func<string, bool> inRegistry)
    {
        var word = question.Words[index];
        if (word.IsQuoted || Vocabulary.IsOrdinary(word.Text) || WordLists.IsPlace(word.Text) || !inRegistry(word.Name) || Vocabulary.IsCustomerNoun(word.Text))
        {
            return false;
        }

        var span = new Span(index, index);
        var before = question.Before(span);
        var next = question.After(span);
        if (word.StartsSentence)
        {
            return word.Token.IsPossessive || Vocabulary.IsDomainNoun(next) || Vocabulary.IsVerbOfNames(next);
        }

        return !question.CapitalisesNames && !Vocabulary.IsDeterminer(before)
            && (word.Token.IsPossessive || Vocabulary.IsDomainNoun(next) || ((Vocabulary.Introduces(before) || Vocabulary.IsDomainNoun(before)) && before is not ("to" or "and" or "or" or "as" or "by" or "in")));
    }

    private static int ExtendBack(IReadOnlyList<Word> words, List<NameRun> runs, int index, Func<string, bool> inRegistry)
    {
        var floor = runs.Count == 0 ? 0 : runs[^1].Span.Last + 1;
        while (index > floor && !words[index].BreakBefore && !words[index - 1].Token.IsPossessive && !words[index - 1].IsQuoted && IsRegistryWord(words[index - 1], inRegistry))
        {
            index--;
        }

        return index;
    }

    private static int ExtendForward(QuestionText question, int index, Func<string, bool> inRegistry)
    {
        var words = question.Words;
        var last = index;
        while (last + 1 < words.Count && last - index < LongestRun && !words[last].Token.IsPossessive)
        {
            var next = last + 1;
            if (words[next].IsQuoted || (words[next].BreakBefore && !Names.LegalForms.IsLegalForm(words[next].Text)))
            {
                break;
            }

            if (IsNameLike(question, next) || IsRegistryWord(words[next], inRegistry) || Names.LegalForms.IsLegalForm(words[next].Text))
            {
                last = next;
            }
            else if (next + 1 < words.Count && JoinsNames(question, next) && (IsNameLike(question, next + 1) || (words[next].Text == "and" && IsRegistryWord(words[next + 1], inRegistry))) && !words[next + 1].BreakBefore)
            {
                last = next + 1;
            }
            else
            {
                break;
            }
        }

        return last;
    }

    private static bool JoinsNames(QuestionText question, int index)
    {
        var word = question.Words[index];
        return word.Text == "and" || (Vocabulary.Joins(word.Text) && (!question.CaseTells || (question.Words[index - 1].Capitalised && question.Words[index + 1].Capitalised)));
    }

    private static bool IsRegistryWord(Word word, Func<string, bool> inRegistry) =>
        !Vocabulary.IsFunctionWord(word.Text) && !Vocabulary.IsDomainNoun(word.Text) && !Vocabulary.IsCustomerNoun(word.Text) && inRegistry(word.Name);

    private static Span Trim(IReadOnlyList<Word> words, Span span)
    {
        var (first, last) = (span.First, span.Last);
        while (first <= last && (Vocabulary.IsFunctionWord(words[first].Text) || Vocabulary.IsDomainNoun(words[first].Text) || Vocabulary.IsCustomerNoun(words[first].Text)))
        {
            first++;
        }

        while (last >= first && (Vocabulary.IsFunctionWord(words[last].Text) || Vocabulary.IsDomainNoun(words[last].Text)))
        {
            last--;
        }

        return new Span(first, last);
    }

    /// <summary>True when a name is meant with little doubt, so that finding nothing is worth saying.</summary>
    public static bool IsExpected(QuestionText question, Span span)
    {
        var words = question.Words;
        if (!Any(words, span, w => !Vocabulary.IsKnown(w.Text) || w.IsQuoted))
        {
            // Capitals and a second word make a name even of known words: "Blue Heron".
            if (!(question.CaseTells && span.Count >= 2 && All(words, span, w => w.Capitalised) && Any(words, span, w => !Vocabulary.IsOrdinary(w.Text) && !WordLists.IsPlace(w.Text))))
            {
                return false;
            }
        }

        var before = question.Before(span);
        if (question.IsPlaced(span) || before == "as" || (Vocabulary.IsDeterminer(before) && !Vocabulary.IsDomainNoun(question.After(span)) && !Vocabulary.IsCustomerNoun(question.After(span))))
        {
            return false;
        }

        if (words[span.Last].Token.IsPossessive || Vocabulary.IntroducesStrongly(before))
        {
            return true;
        }

        // A lone word in capitals is more often an abbreviation than a company.
        return question.CaseTells && words[span.First].Capitalised && (span.Count >= 2 || (!words[span.First].StartsSentence && !IsAllCapitals(question, words[span.First])));
    }

    private static bool IsAllCapitals(QuestionText question, Word word) =>
        question.Text.AsSpan(word.Token.Start, word.Token.Length).IndexOfAnyInRange('a', 'z') < 0;

    private static bool All(IReadOnlyList<Word> words, Span span, Func<Word, bool> condition) => !Any(words, span, w => !condition(w));

    private static bool Any(IReadOnlyList<Word> words, Span span, Func<Word, bool> condition)
    {
        for (var i = span.First; i <= span.Last; i++)
        {
            if (condition(words[i]))
            {
                return true;
            }
        }

        return false;
    }
}
