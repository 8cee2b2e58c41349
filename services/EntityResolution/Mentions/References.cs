namespace Platform.EntityResolution.Mentions;

/// <summary>Finds words that point back into the conversation.</summary>
internal static class References
{
    /// <param name="question">The text.</param>
    /// <param name="firstNamed">Offset of the first entity that the text itself names; null when it names none.</param>
    public static List<Reference> Find(QuestionText question, int? firstNamed)
    {
        var words = question.Words;
        var found = new List<Reference>();
        var plural = false;
        for (var i = 0; i < words.Count; i++)
        {
            var word = words[i].Text;
            plural |= Vocabulary.IsPluralCustomer(word);
            var start = words[i].Token.Start;
            var next = i + 1 < words.Count && !words[i + 1].BreakBefore ? words[i + 1].Name : "";
            var namedBefore = firstNamed < start;

            if (word == "other" && i > 0 && words[i - 1].Text == "the" && !namedBefore && (TypeOf(next) is not null || next.Length == 0))
            {
                // "the other one", "the other customer", but not "the other quarter".
                var noun = TypeOf(next);
                var end = noun is null ? words[i].Token.End : words[i + 1].Token.End;
                found.Add(new Reference(words[i - 1].Token.Start, end - words[i - 1].Token.Start, noun?.Type ?? "customer", Referent.Other));
                i += noun is null ? 0 : 1;
            }
            else if (word == "both" && firstNamed is null && IsBothOfThem(words, i, plural))
            {
                found.Add(new Reference(start, words[i].Token.Length, "customer", Referent.Both));
            }
            else if (word is "that" or "this" or "same" && TypeOf(next) is { } pointed)
            {
                found.Add(new Reference(start, words[i + 1].Token.End - start, pointed.Type));
                i++;
            }
            else if (word == "the" && next is "customer" or "client" && !namedBefore && EndsThere(words, i + 2))
            {
                found.Add(new Reference(start, words[i + 1].Token.End - start, "customer"));
                i++;
            }
            else if (word is "they" or "them" or "their" or "theirs" or "theyre" or "theyve" && !plural && !namedBefore && !found.Exists(r => r.Which == Referent.Both) && !(next == "both"))
            {
                found.Add(new Reference(start, words[i].Token.Length, "customer"));
            }
            else if (word == "its" && !namedBefore && !plural && next.Length > 0)
            {
                found.Add(new Reference(start, words[i].Token.Length, null));
            }
            else if (word == "it" && !namedBefore && !plural && IsThing(i > 0 ? words[i - 1].Text : "", next))
            {
                found.Add(new Reference(start, words[i].Token.Length, null));
            }
        }

        if (found.Count == 0 && firstNamed is null && !plural && IsFollowUp(words))
        {
            found.Add(new Reference(0, 0, null));
        }

        return found;
    }

    // "both", "both of them", "both customers", but not "both quarters".
    private static bool IsBothOfThem(IReadOnlyList<Word> words, int index, bool plural)
    {
        var next = index + 1 < words.Count && !words[index + 1].BreakBefore ? words[index + 1].Text : "";
        return !plural && (next.Length == 0 || Vocabulary.IsFunctionWord(next) || Vocabulary.IsPluralCustomer(next) || Vocabulary.IsVerbOfNames(next) || next is "late" or "overdue" or "paying" or "pay" or "owe" or "order");
    }

    private static (string? Type, bool Any)? TypeOf(string noun) => noun switch
    {
        "customer" or "client" or "company" or "account" or "firm" => ("customer", false),
        "order" => ("order", false),
        "invoice" or "bill" => ("invoice", false),
        "one" => (null, true),
        _ => null,
    };

    // "has the customer paid", but not "the customer with the largest balance".
    private static bool EndsThere(IReadOnlyList<Word> words, int index) =>
        index >= words.Count || words[index].BreakBefore
        || words[index].Text is "is" or "was" or "has" or "have" or "does" or "did" or "do" or "pay" or "pays" or "paid" or "owe" or "owes" or "still" or "ever" or "and";

    // "about it", "is it paid", but not "is it possible".
    private static bool IsThing(string before, string next) =>
        (before is "of" or "about" or "for" or "with" or "on" && next.Length == 0)
        || (before is "is" or "was" or "has" && next is "paid" or "overdue" or "late" or "open" or "due" or "shipped" or "delivered" or "disputed" or "been");

    private static bool IsFollowUp(IReadOnlyList<Word> words) =>
        words.Count is >= 2 and <= 8
        && (words[0].Text is "and" or "also" || (words[0].Text is "what" or "how" && words[1].Text == "about"));
}
