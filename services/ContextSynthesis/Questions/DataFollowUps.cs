using System.Globalization;
using System.Text.RegularExpressions;

namespace Platform.ContextSynthesis.Questions;

/// <summary>
/// What a follow-up of a data question asks for: the question before, with its time, place, currency, bound, grouping, rows or
/// name exchanged, or with "them" written out as its rows. Words that mean nothing to the data stay in, for the refusal to name.
/// </summary>
internal static partial class DataFollowUps
{
    /// <summary>Words above which a text is a question of its own.</summary>
    private const int MostWords = 12;

    /// <param name="draft">What was said, with the names that it says itself.</param>
    /// <param name="earlier">The question before, standing by itself.</param>
    /// <param name="aboutRows">"They" may be the rows of the question before.</param>
    /// <returns>Null when the text is no follow-up of a data question.</returns>
    public static CompletedQuestion? Complete(QuestionDraft draft, QuestionDraft earlier, bool aboutRows)
    {
        var text = SaidOfThem(draft.Text);
        if (draft.WordCount > MostWords)
        {
            return null;
        }

        if (aboutRows && InPlace(text, earlier) is { } placed)
        {
            return Asked(placed);
        }

        if (earlier.Slots.Count == 0 && AsksWhose().IsMatch(text) && TheOne().Match(Bare(earlier.Text)) is { Success: true } one)
        {
            return Asked(earlier with { Text = $"Which customer has the {one.Groups["one"].Value}?" });
        }

        if (OtherRank().Match(text) is { Success: true } rank && InRank(rank, earlier) is { } ranked)
        {
            return Asked(ranked);
        }

        // One row that was listed can be listed again; what else is said of "them" is said of what it is.
        if ((aboutRows || ListsThem().IsMatch(text)) && AboutItsRows(text, earlier) is { } rows)
        {
            return rows.Length > 0 ? Asked(new QuestionDraft(rows, earlier.Slots)) : Unknown(draft);
        }

        var lead = Lead().Match(text);
        var body = Tail().Replace(text[lead.Length..], string.Empty);
        var isLinked = lead.Groups["link"].Length > 0;
        var narrows = lead.Groups["only"].Success || OnlyTail().IsMatch(text);
        var parts = DataQuestionParts.Read(body);
        if (parts is null || !(isLinked || narrows || parts.All(IsElliptic)))
        {
            // About a customer, "and the balance?" asks for another figure of it.
            return isLinked && body.Length > 0 && earlier.Slots.Count == 0 && !draft.HasSlotInText && !HasVerb().IsMatch(body) ? Unknown(draft) : null;
        }

        QuestionDraft? question = earlier with { Text = Bare(earlier.Text) };
        foreach (var part in parts)
        {
            question = question is null ? null : With(question, part, draft, narrows);
        }

        return question is null ? Unknown(draft) : Asked(question with { Text = question.Text + "?" });
    }

    // "Overdue invoices" and "orders of Delta" are questions of their own; "by customer" and "the overdue ones" are not.
    private static bool IsElliptic(DataQuestionPart part) =>
        part.Kind is not (PartKind.Rows or PartKind.Top or PartKind.Name) && (part.Kind != PartKind.Filter || Ones().IsMatch(part.Words));

    private static QuestionDraft? With(QuestionDraft question, DataQuestionPart part, QuestionDraft said, bool narrows) => part.Kind switch
    {
        PartKind.EarlierTime => Earlier(question, part.Words),
        PartKind.Name => Naming(question, said.Slots[SlotOf(part.Words)]),
        PartKind.Rows => question with { Text = OfRows(question.Text, Article().Replace(part.Words, string.Empty)) },
        PartKind.Filter when Superlative().Match(part.Words) is { Success: true } most => MostOf(question, most.Groups["most"].Value, isOne: !part.Words.EndsWith('s')),
        PartKind.Filter => Filtered(question, DataQuestionParts.Filter().Match(part.Words).Groups["filter"].Value, narrows),
        PartKind.Average => question with { Text = $"{DataQuestionParts.Without(question.Text, PartKind.Average)} on average" },
        PartKind.Top => DataQuestionParts.Find(question.Text, PartKind.Top) is { } top ? question with { Text = question.Text.Replace(top, Article().Replace(part.Words, string.Empty), StringComparison.Ordinal) } : null,
        PartKind.Time when DataQuestionParts.Find(question.Text, PartKind.AsOf) is not null => Ending(question, PartKind.AsOf, "at the end of " + TimeLead().Replace(part.Words, string.Empty)),
        PartKind.Time => Ending(question, part.Kind, BareTime().IsMatch(part.Words) ? "in " + part.Words : part.Words),
        PartKind.Currency => Ending(question, part.Kind, part.Words.StartsWith("in ", StringComparison.OrdinalIgnoreCase) ? part.Words : "in " + part.Words),
        PartKind.Place => Ending(question, part.Kind, For().Replace(part.Words, "in ")),
        PartKind.Other => question with { Text = $"{question.Text} {part.Words}" },
        _ => Ending(question, part.Kind, part.Words),
    };

    private static QuestionDraft Ending(QuestionDraft question, PartKind kind, string words) =>
        question with { Text = $"{DataQuestionParts.Without(question.Text, kind)} {words}" };

    // "The week before" is told from the time of the question before: "the week before last week". What comes before a span of months is not said so.
    private static QuestionDraft? Earlier(QuestionDraft question, string words)
    {
        if (DataQuestionParts.Find(question.Text, PartKind.Time) is not { } time || time.StartsWith("since", StringComparison.OrdinalIgnoreCase) || DataQuestionParts.TimeSpan().IsMatch(time))
        {
            return null;
        }

        var unit = DataQuestionParts.EarlierTime().Match(words).Groups["unit"] is { Success: true } said ? said.Value.ToLowerInvariant() : "period";
        return Ending(question, PartKind.Time, $"in the {unit} before {TimeLead().Replace(time, string.Empty)}");
    }

    private static QuestionDraft Naming(QuestionDraft question, NamedSlot named)
    {
        var other = question.Slots.Count > 0 ? question.WithSlots([named, .. question.Slots.Skip(1)]) : question.Naming(named);
        return other with { Text = other.Text.TrimEnd('?') };
    }

    private static string OfRows(string question, string rows)
    {
        if (WrittenRows(question) is not { } before)
        {
            return $"What is the total amount of {rows}{Limits(question)}";
        }

        // Rows that say themselves which of them are meant leave out what the others had to be.
        var other = question.Replace(before, rows, StringComparison.Ordinal);
        return rows.Contains(' ', StringComparison.Ordinal) ? Predicate().Replace(other, string.Empty) : other;
    }

    // "Only the disputed ones" narrows what was asked, "and the disputed ones?" asks for others.
    private static QuestionDraft? Filtered(QuestionDraft question, string filter, bool narrows)
    {
        var text = question.Text;

        // What was delivered or paid was late or on time then; of what still waits, late is overdue.
        if (Punctuality().IsMatch(filter) && Ended().IsMatch(text))
        {
            return question with { Text = Ended().Replace(text, $"${{end}} {filter}", count: 1) };
        }

        if (DataQuestionParts.RowsOf(text) is not { } rows)
        {
            return null;
        }

        var isWritten = WrittenRows(text) is not null;
        rows = Article().Replace(rows, string.Empty);
        if (!narrows)
        {
            var others = Adjective().Replace(rows, string.Empty);
            text = Predicate().Replace(isWritten ? text.Replace(rows, others, StringComparison.Ordinal) : text, string.Empty);
            rows = others;
        }

        return question with { Text = isWritten ? text.Replace(rows, $"{filter} {rows}", StringComparison.Ordinal) : $"{text} of {filter} {rows}" };
    }

    /// <summary>Which customers were asked for, and now which of them are somewhere: the same question about that place.</summary>
    public static QuestionDraft? InPlace(string text, QuestionDraft earlier) =>
        OfThemInPlace().Match(SaidOfThem(text)) is { Success: true } said && earlier.Slots.Count == 0 && AsksCustomers().IsMatch(earlier.Text) && !Ranked().IsMatch(earlier.Text)
            ? Ending(earlier with { Text = Bare(earlier.Text) }, PartKind.Place, said.Groups["place"].Value + "?")
            : null;

    /// <summary>"Which customers placed them?" with the rows written out; empty when they cannot be; null when the text does not ask about them.</summary>
    private static string? AboutItsRows(string text, QuestionDraft earlier)
    {
        var lists = ListsThem().IsMatch(text);
        if (!lists && !(earlier.Slots.Count == 0 && AsksAboutRows().IsMatch(text)))
        {
            return null;
        }

        if (ItsRows(earlier) is not { } its)
        {
            return string.Empty;
        }

        var all = its.Rows + its.Bounds;
        return lists ? $"List {all}"
            : TheirTotal().IsMatch(text) ? $"What is the total amount of {all}?"
            : Them().Replace(WhoAsks().Replace(text, "Which customers"), all, 1) + "?";
    }

    // "And the lowest?" asks for the other end of a ranking, "which is the largest?" for one of the rows that were counted or listed.
    private static QuestionDraft? InRank(Match rank, QuestionDraft earlier)
    {
        var (bare, most) = (Bare(earlier.Text), rank.Groups["most"].Value);
        return AnyRank().IsMatch(bare) ? earlier with { Text = AnyRank().Replace(bare, most, 1) + "?" }
            : rank.Groups["extreme"].Success && MostOf(earlier with { Text = bare }, most, isOne: !rank.Groups["several"].Success) is { } one ? one with { Text = one.Text + "?" }
            : null;
    }

    // "The oldest one" is one of the rows that were counted or listed.
    private static QuestionDraft? MostOf(QuestionDraft question, string most, bool isOne) => ItsRows(question) is not { } its ? null
        : question with { Text = isOne ? $"What is the {most} {its.Rows.TrimEnd('s')}{its.Bounds}" : $"What are the {most} {its.Rows}{its.Bounds}" };

    /// <summary>"Overdue invoices" and " of Delta in Germany"; null when the words of the question do not name its rows: "top 3 customers" are three of them.</summary>
    private static (string Rows, string Bounds)? ItsRows(QuestionDraft question)
    {
        if (Ranked().IsMatch(question.Text))
        {
            return null;
        }

        if (Negated().Match(Bare(question.Text)) is { Success: true } negated)
        {
            return RowsThat(negated, question);
        }

        if (question.Slots.Count == 0 && CustomersThat().Match(Bare(question.Text)) is { Success: true } told)
        {
            return ($"customers that {told.Groups["predicate"].Value}", string.Empty);
        }

        if (DataQuestionParts.RowsOf(question.Text) is not { } rows)
        {
            return null;
        }

        var predicate = Predicate().Match(question.Text) is { Success: true } said ? said.Groups["adjective"].Value + " " : string.Empty;
        return (predicate + Article().Replace(rows, string.Empty), (question.Slots.Count > 0 ? " of " + QuestionDraft.Mark(0) : string.Empty) + Limits(question.Text));
    }

    // What did not happen tells the rows: "customers that have not ordered this year". Left out, they would be all the others, too.
    private static (string Rows, string Bounds)? RowsThat(Match negated, QuestionDraft question)
    {
        var before = question.Text[..negated.Index];
        var noun = DataQuestionParts.Rows().Matches(before).LastOrDefault()?.Value.Trim() ?? (WhoAsks().IsMatch(before) ? "customers" : null);
        return noun is null || question.Slots.Count > 0 ? null : ($"{Article().Replace(noun, string.Empty)} {(negated.Value.StartsWith("with", StringComparison.OrdinalIgnoreCase) ? "" : "that ")}{negated.Value.Trim()}", Limits(before));
    }

    private static string SaidOfThem(string text) => SomeOfThem().Replace(Bare(text), "${ask} of them");

    private static string Bare(string text) => text.TrimEnd('?', '!', '.', ' ');

    private static string? WrittenRows(string question) =>
        DataQuestionParts.RowsOf(question) is { } rows && Regex.IsMatch(question, $@"\b{Regex.Escape(rows)}\b", RegexOptions.CultureInvariant) ? rows : null;

    /// <summary>What bounds the rows of a question, as it ends: " in Germany last week".</summary>
    private static string Limits(string question) => string.Concat(
        new[] { PartKind.Bound, PartKind.Place, PartKind.Currency, PartKind.Time }.Select(kind => DataQuestionParts.Find(question, kind)).OfType<string>().Select(words => " " + words.Trim()));

    private static int SlotOf(string words) => int.Parse(Digits().Match(words).Value, CultureInfo.InvariantCulture);

    private static CompletedQuestion Asked(QuestionDraft question) => new(question, IsFollowUp: true, IsAboutData: true);

    private static CompletedQuestion Unknown(QuestionDraft draft) => new(draft, IsFollowUp: true, Unresolved: true);

    private const string Most = "oldest|earliest|newest|latest|most recent|largest|biggest|highest|smallest|lowest";

    private const string Ranks = "top|bottom|largest|biggest|highest|lowest|smallest|most|fewest|best|least";

    private const string Opening = "(?:and |but |so |ok,? |okay,? )?";

    private const string Conjunctions = "(?:(?:and|but|or|ok|okay|so|now|then|also|well)\\b,? *)*";

    [GeneratedRegex("^(?<link>" + Conjunctions + @"(?:(?:(?:what|how) about|(?:the )?same(?! (?:time|period|day|week|month|quarter|span)\b)(?: question| figures?)?(?: for| but)?|(?:what|how (?:much|many|high))(?:'s| is| are| was| were) (?:it|that|they|this|those)|(?:break|split|group) (?:it|that|them|this)(?: down)?)\b)?)\s*(?:(?:please )?(?:show|give|list)(?: me)?(?: (?:it|that|them|this))?\b|(?:which|what)(?:'s| is| are)(?= (?:the )?(?:" + Most + @") ones?$))?\s*(?<only>(?:only|just)\b)?\s*(?:(?:those|the ones|ones)\b(?! that))?\s*(?:for (?=the (?:day|week|month|quarter|year|period|same)\b))?", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Lead();

    [GeneratedRegex(@"(?:,? (?:then|too|please|instead|only|as well|alone))+$", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Tail();

    [GeneratedRegex(@"\b(?:what|which|who|whom|whose|how|why|when|where|should|shall|can|could|would|is|are|was|were|am|do|does|did|has|have|had|compare|tell|show|list|give|remember|note)\b", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex HasVerb();

    [GeneratedRegex(@"^(?:q[1-4]|20\d{2}|(?:january|february|march|april|may|june|july|august|september|october|november|december))\b", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex BareTime();

    [GeneratedRegex(@"^(?:in|during|over|for|within|on|from|of) (?:the (?=(?:day|week|month|quarter|year|period) before))?", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex TimeLead();

    [GeneratedRegex(@"^(?:the|those|these) ", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Article();

    [GeneratedRegex("^" + Opening + @"(?:which|what|how many|how much|who|whose|by whom|from which|of which|count|is any|are any|are there)\b.*\b(?:they|them|those|these)\b(?! (?:customers?|clients?|accounts?|companies|buyers?)\b)", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex AsksAboutRows();

    [GeneratedRegex("^" + Opening + @"(?:(?:please )?(?:list|show|display|name|give|see)(?: me)?(?: all(?: of)?)? (?:them|those|these|the (?:list|rows))(?: to me)?(?: all)?|which ones?(?: are (?:they|those|these|that))?|which are (?:they|those|these)|what are they|who are they)(?:,? please)?$", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex ListsThem();

    [GeneratedRegex("^" + Opening + @"(?:which|who|what)(?: ones?)? of (?:them|these|those) (?:are|is|were|was|come|sit) (?:based |located )?(?<place>(?:in|from) .+)$", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex OfThemInPlace();

    [GeneratedRegex("^" + Opening + @"(?:who|which (?:of (?:our|my|the) )?(?:customers?|clients?|accounts?))\b", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex AsksCustomers();

    /// <summary>"Which ones are new?" is asked of the rows as "which of them are new?" is.</summary>
    [GeneratedRegex("(?<=^" + Opening + @")(?<ask>which|how many) ones?(?= (?:are|is|were|was|have|has|had|did|do|does)\b(?! (?:they|those|these|that)\b))", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex SomeOfThem();

    /// <summary>Customers are asked for by what they did or have: they are the rows, not their orders or invoices.</summary>
    [GeneratedRegex("^" + Opening + @"(?:(?:how many|which|list|show(?: me)?|count)(?: (?:all|the|our|my|of|that))* (?:customers|clients|accounts)|who)(?: (?:that|who|which))? (?<predicate>(?:have|has|had|are|were|ordered|bought|paid|pay|owe|placed|exceed|exceeded|stopped|settled)\b.*)$", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex CustomersThat();

    /// <summary>What is said not to be, up to the end: "have not ordered this year", "without overdue invoices", "owe us nothing".</summary>
    [GeneratedRegex(@"\b(?:(?:have|has|had|did|do|does|are|is|were|was)(?:n['’]t| not| never| no)|(?<!\w['’])not|never|with no|without|\w+(?: us)? nothing)\b.*$", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Negated();

    [GeneratedRegex(@"^(?:and |but |so )?(?:how much|what) (?:are|is|was|were) (?:they|them|those|these|their)\b.*\b(?:worth|total|altogether|value|sum|amount)", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex TheirTotal();

    /// <summary>Who is behind the row that was asked for.</summary>
    [GeneratedRegex("^" + Opening + @"(?:(?:who|which (?:customer|client|account|company)) (?:made|placed|paid|ordered|sent|bought|has|had|owes|is behind|was behind) (?:it|this|that)(?: one)?|whose (?:is|was) (?:it|this|that)|(?:who|which (?:customer|client|account|company)) (?:is|was) (?:it|this|that)(?: (?:from|of|by|for))?|(?:from|by) (?:whom|who|which (?:customer|client|account|company)))$", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex AsksWhose();

    /// <summary>One row of all was asked for by its size or age: "what was the largest payment in 2025".</summary>
    [GeneratedRegex("^(?:(?:and |so )?(?:what|which)(?:'s| is| was)? |(?:please )?(?:show|give|tell)(?: me)? )?(?:(?:the|our) )?(?<one>(?:" + Most + @")\b.*\b(?:orders?|invoices?|payments?)\b.*)$", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex TheOne();

    [GeneratedRegex("^" + Opening + @"who\b", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex WhoAsks();

    [GeneratedRegex(@"\b(?:of )?(?:they|them|those|these)\b(?: ones)?", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Them();

    [GeneratedRegex(@"\b(?:" + Ranks + @")\b(?! than)", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Ranked();

    [GeneratedRegex(@"^(?:the )?(?<most>" + Most + ") ones?$", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Superlative();

    [GeneratedRegex("^" + Opening + @"(?:(?:what|how) about )?(?:(?:which|what)(?: (?:ones?|month|quarter|year|week|customer|country|city|industry|of (?:them|these|those)))? (?:is|was|has|had|(?<several>are|were)) )?(?:the )?(?<most>(?<extreme>" + Most + ")|least|fewest|most|worst|best)(?: one| (?<several>ones)| of (?:them|these|those|all))?$", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex OtherRank();

    [GeneratedRegex(@"\b(?:worst|" + Ranks + "|" + Most + @")\b(?! than)", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex AnyRank();

    [GeneratedRegex(@"\bones?\b", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Ones();

    [GeneratedRegex(@"\b(?:only|alone)$", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex OnlyTail();

    [GeneratedRegex("^for ", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex For();

    [GeneratedRegex(@"^(?:(?:" + DataQuestionParts.Adjectives + @") )+", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Adjective();

    /// <summary>"How many invoices are overdue?"</summary>
    [GeneratedRegex(@"\s(?:are|is|were|was) (?<adjective>" + DataQuestionParts.Adjectives + @")\b", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Predicate();

    [GeneratedRegex("^(?:late|on time)$", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Punctuality();

    [GeneratedRegex(@"(?<!\b(?:not|yet|be|being|not been|yet been) )\b(?<end>delivered|paid)(?: late| on time)?\b", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Ended();

    [GeneratedRegex(@"\d+")]
    private static partial Regex Digits();
}
