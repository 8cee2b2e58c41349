using System.Diagnostics.CodeAnalysis;
using System.Text.RegularExpressions;
using Platform.Contracts.Common.V1;
using Platform.Contracts.ContextSynthesis.V1;
using Platform.Contracts.Memory.V1;

namespace Platform.ContextSynthesis.Questions;

/// <summary>What a question means once the conversation is taken into account.</summary>
/// <param name="Draft">The question, standing by itself.</param>
/// <param name="IsFollowUp">It needed the conversation.</param>
/// <param name="Unresolved">It refers to something that the conversation does not hold.</param>
/// <param name="IsAboutData">It asks for rows or a sum, as the question before did.</param>
internal sealed record CompletedQuestion(QuestionDraft Draft, bool IsFollowUp = false, bool Unresolved = false, bool IsAboutData = false);

/// <summary>Completes "and last year?", "why?", "what about Delta?" and "do they pay late?" from the conversation.</summary>
internal static partial class FollowUps
{
    /// <param name="draft">What was asked, with the names that it says or leaves to the conversation.</param>
    /// <param name="said">The same with the names that it says itself.</param>
    /// <param name="conversation">What was said before; null when nothing was.</param>
    public static CompletedQuestion Complete(QuestionDraft draft, QuestionDraft said, Conversation? conversation)
    {
        var earlier = Earlier(conversation);
        if (conversation is not null && Listed(said, earlier, conversation) is { } listed)
        {
            return listed.Slots.Count == 0
                ? new CompletedQuestion(draft, IsFollowUp: true, Unresolved: true)
                : CompleteSaid(listed, listed, earlier, conversation) with { IsFollowUp = true };
        }

        return CompleteSaid(draft, said, earlier, conversation);
    }

    private static QuestionDraft? Listed(QuestionDraft said, QuestionDraft? earlier, Conversation conversation) =>
        ListedRows.Numbered(said, earlier, conversation)
        ?? (ListsJustNow(earlier, conversation) && DataFollowUps.InPlace(said.Text, earlier) is null ? ListedRows.Together(said, conversation) : null);

    // A data question about nobody in particular has just been answered; its rows, if any, are what was listed.
    private static bool ListsJustNow([NotNullWhen(true)] QuestionDraft? earlier, Conversation conversation) =>
        earlier is { Slots.Count: 0 } && Follows(Intent.DataQuestion, earlier, conversation);

    private static bool Follows(Intent intent, [NotNullWhen(true)] QuestionDraft? earlier, [NotNullWhen(true)] Conversation? conversation) =>
        earlier is not null && conversation is not null && Intents.Named(conversation.LastIntent) == intent;

    private static CompletedQuestion CompleteSaid(QuestionDraft draft, QuestionDraft said, QuestionDraft? earlier, Conversation? conversation)
    {
        // The one row that was listed is who "it" and "they" are; a row that is named is asked about, not the rows that it is one of.
        var isOfOneRow = conversation is { Listed.Count: 1 } && ListsJustNow(earlier, conversation);
        if (Follows(Intent.DataQuestion, earlier, conversation) && !(earlier.Slots.Count == 0 && IsOfListed(said, conversation))
            && DataFollowUps.Complete(said, earlier, aboutRows: !isOfOneRow) is { } data)
        {
            return data;
        }

        var subject = Subject(draft, conversation);
        var text = draft.Text;

        if (Why().IsMatch(text))
        {
            return CompleteWhy(draft, earlier, subject, conversation);
        }

        if (Follows(Intent.Decision, earlier, conversation) && WhatWouldChange().IsMatch(text))
        {
            return new CompletedQuestion(WithSubject(earlier, subject), IsFollowUp: true);
        }

        if (AsOfPhrase.IsOnly(text))
        {
            return earlier is null || (subject is null && earlier.Slots.Count == 0)
                ? new CompletedQuestion(draft, IsFollowUp: true, Unresolved: true)
                : new CompletedQuestion(AtAnotherTime(earlier, text, subject), IsFollowUp: true);
        }

        if (More().IsMatch(text))
        {
            return earlier is null
                ? new CompletedQuestion(draft, IsFollowUp: true, Unresolved: true)
                : new CompletedQuestion(WithSubject(earlier, subject), IsFollowUp: true);
        }

        if (OtherName().Match(text) is { Success: true } && draft.Slots.Count > 0)
        {
            return new CompletedQuestion(AboutAnother(draft, earlier, conversation), IsFollowUp: earlier is not null);
        }

        if (OtherTopic().Match(text) is { Success: true } topic && !draft.HasSlotInText && Topics.Of(topic.Groups["topic"].Value).Count > 0)
        {
            return subject is null
                ? new CompletedQuestion(draft, IsFollowUp: true, Unresolved: earlier is not null && !AllCustomers(topic.Groups["topic"].Value))
                : new CompletedQuestion(
                    new QuestionDraft($"What is the status of the {Bare(topic.Groups["topic"].Value)} of {QuestionDraft.Mark(0)}?", [subject]), IsFollowUp: true);
        }

        return Pronouns.Complete(draft, subject);
    }

    private static CompletedQuestion CompleteWhy(QuestionDraft draft, QuestionDraft? earlier, NamedSlot? subject, Conversation? conversation)
    {
        if (Follows(Intent.Decision, earlier, conversation))
        {
            return new CompletedQuestion(WithSubject(earlier, subject), IsFollowUp: true);
        }

        var about = subject ?? earlier?.Slots.FirstOrDefault();
        return about is null
            ? new CompletedQuestion(draft, IsFollowUp: true, Unresolved: true)
            : new CompletedQuestion(new QuestionDraft($"What changed in the patterns of {QuestionDraft.Mark(0)}?", [about]), IsFollowUp: true);
    }

    private static QuestionDraft AtAnotherTime(QuestionDraft earlier, string text, NamedSlot? subject)
    {
        var phrase = AsOfPhrase.Find(text)!;
        var led = Regex.IsMatch(phrase, @"^(?:q[1-4] |20\d{2}$|[a-z]+(?: 20\d{2})?$)", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)
            && !phrase.StartsWith("yesterday", StringComparison.OrdinalIgnoreCase)
                ? "in " + phrase
                : char.IsAsciiDigit(phrase[0]) && phrase.Length == 10 ? "as of " + phrase : phrase;
        var whole = WithSubject(earlier with { Text = AsOfPhrase.Without(earlier.Text) }, subject);
        var end = whole.Text.TrimEnd('?', '!', '.', ' ');
        return whole with { Text = $"{end} {led}?" };
    }

    private static QuestionDraft AboutAnother(QuestionDraft draft, QuestionDraft? earlier, Conversation? conversation)
    {
        var named = draft.Slots[0];
        if (earlier is { Slots.Count: > 0 } && !IsElliptic(earlier.Text))
        {
            return earlier.WithSlots([named, .. earlier.Slots.Skip(1)]);
        }

        var text = (conversation is null ? Intent.Status : Intents.Named(conversation.LastIntent)) switch
        {
            Intent.Pattern => "What patterns do you see with {0}?",
            Intent.Decision when earlier is not null && !IsElliptic(earlier.Text) => earlier.Text.TrimEnd('?', ' ') + " for {0}?",
            _ => "What is the status of {0}?",
        };
        return new QuestionDraft(text.Replace("{0}", QuestionDraft.Mark(0), StringComparison.Ordinal), [named]);
    }

    private static QuestionDraft WithSubject(QuestionDraft earlier, NamedSlot? subject)
    {
        if (earlier.Slots.Count > 0 || subject is null)
        {
            return earlier;
        }

        var completed = Pronouns.Complete(earlier, subject);
        return completed.IsFollowUp ? completed.Draft : AllCustomers(earlier.Text) ? earlier : earlier.Naming(subject);
    }

    private static QuestionDraft? Earlier(Conversation? conversation) =>
        conversation is { LastQuery.Length: > 0 } ? QuestionDraft.FromEarlier(conversation.LastQuery, conversation.Entities) : null;

    private static NamedSlot? Subject(QuestionDraft draft, Conversation? conversation) =>
        draft.Slots.Count > 0 ? draft.Slots[0]
        : conversation is { Entities.Count: > 0 } ? FromConversation(conversation.Entities)
        : null;

    private static NamedSlot FromConversation(IEnumerable<EntityRef> entities)
    {
        var newest = entities.First();
        return new NamedSlot(newest.Name.Length > 0 ? newest.Name : newest.Id, newest, null);
    }

    private static bool IsOfListed(QuestionDraft said, Conversation conversation) =>
        said.Slots.Any(slot => ListedRows.Holds(conversation, slot.Entity));

    private static bool AllCustomers(string text) => Intents.Portfolio().IsMatch(text);

    private static bool IsElliptic(string text) =>
        OtherName().IsMatch(text) || AsOfPhrase.IsOnly(text) || Why().IsMatch(text) || More().IsMatch(text);

    private static string Bare(string topic) => Regex.Replace(topic.Trim(' ', '?', '.', '!'), @"^(?:the|their|its|any|for|with)\s+", string.Empty, RegexOptions.IgnoreCase | RegexOptions.CultureInvariant);

    [GeneratedRegex(@"^(?:and |but |so |ok,? |then )?(?:why(?: is| are| was| were| do| did| does)?(?: that| this| it| they| so| not)?(?: so| late| recommended| your recommendation)?|how come|how so|what(?:'s| is| are) the reasons?(?: for (?:that|this|it))?|what explains (?:it|that|this)|what caused (?:it|that|this)|explain(?: that| this| it)?(?:,? please)?|on what basis|based on what)\s*[?!.]*$", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Why();

    [GeneratedRegex(@"^(?:please )?(?:(?:tell|show|give) me more(?: details?)?(?: about (?:that|this|it))?|more(?: details?)?|(?:the )?details|go on|continue|elaborate|what else|anything else|and then|again)(?:,? please)?\s*[?!.]*$", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex More();

    [GeneratedRegex("^(?:(?:and|but|or|ok|okay|so|now|then)[ ,]+)?(?:(?:what|how) about|the same(?: question)? (?:for|with|about)|same(?: question)? (?:for|with|about)|and|or|also)?\\s*(?:for |with |of |about )?\u27E6\\d+\u27E7(?:,? (?:then|too|please))?\\s*[?!.]*$", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex OtherName();

    [GeneratedRegex(@"^(?:(?:and|but|or|ok|okay|so)[ ,]+(?:(?:what|how) about )?|(?:what|how) about )(?<topic>(?!(?:how|what|which|who|when|why|where|does|do|did|is|are|was|has|have|will|can)\b)(?:the |their |its |any |with |for )?[\w' -]{3,40})\s*[?!.]*$", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex OtherTopic();

    /// <summary>What would have to be different for another recommendation.</summary>
    [GeneratedRegex(@"^(?:and |but |so |ok,? )?(?:what (?:would|could|might|will|has to|must|needs? to) (?:it take to |have to |need to |make you )?(?:change|alter|sway|tip|flip|reverse)\b(?: (?:your (?:mind|view|opinion|answer|recommendation|advice)|(?:the|this|that) (?:answer|recommendation|advice|decision|outcome|result)|that|this|it))?|what if (?:it|they|(?:the|that|this) customer)\b[^?]*)\s*[?!.]*$", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex WhatWouldChange();
}
