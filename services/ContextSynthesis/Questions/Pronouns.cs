using System.Text.RegularExpressions;

namespace Platform.ContextSynthesis.Questions;

/// <summary>Writes out who "they", "it" and "that customer" are.</summary>
internal static partial class Pronouns
{
    /// <param name="draft">The question.</param>
    /// <param name="subject">Who the conversation is about; null when nobody was named.</param>
    public static CompletedQuestion Complete(QuestionDraft draft, NamedSlot? subject)
    {
        var fromConversation = draft.Slots.Count > 0 && !draft.HasSlotInText;
        if (!Pronoun().IsMatch(draft.Text) || (!draft.HasSlotInText && Antecedent().IsMatch(draft.Text)))
        {
            return fromConversation
                ? new CompletedQuestion(draft.Slots.Aggregate(draft with { Slots = [] }, (d, s) => d.Naming(s)), IsFollowUp: true)
                : new CompletedQuestion(draft);
        }

        // A name in the question itself is what the pronoun means: "Delta is late again, should we call them?"
        var meant = draft.HasSlotInText ? null : subject;
        if (meant is null)
        {
            return new CompletedQuestion(draft, Unresolved: !draft.HasSlotInText && draft.Slots.Count == 0);
        }

        var slots = draft.Slots.Contains(meant) ? draft.Slots.ToList() : draft.Slots.Append(meant).ToList();
        var mark = QuestionDraft.Mark(slots.IndexOf(meant));
        var text = Pronoun().Replace(draft.Text, match => match.Value.ToLowerInvariant() is "their" or "its" ? mark + "'s" : mark);
        return new CompletedQuestion(new QuestionDraft(text, slots), IsFollowUp: true);
    }

    /// <summary>Words after an "it" that stands for no one: "is it wise to", "is it true that", "does it matter".</summary>
    private const string Expletive =
        @"(?: (?:be|not|really|still|ever|also|now))* (?:wise|safe|ok|okay|sensible|worth|worthwhile|reasonable|prudent|advisable|better|best|time|true|possible|impossible|because|clear|the case|an? (?:good|bad|great) (?:idea|time|moment)" +
        @"|(?:good|fine|fair|risky|smart|necessary|important|normal|usual|unusual|common|right|correct|legal|allowed|dangerous|clever|too \w+) (?:to|for us)|\w+(?: \w+)? (?:that|if|whether)" +
        @"|(?:make|take|matter|help|mean|seem|appear|look|depend|hurt|rain|snow|sound|turn out|go)(?:s|ing)?)\b";

    /// <summary>"It" where a customer may stand: what the sentence is about, or what it is done to.</summary>
    private const string It =
        @"(?<=(?:^|\b(?:is|was|does|did|has|had|will|can|could|would|must|might|may|of|about|for|with|from|by|to|on|against|because|that|if|when|while|since|why|how|where|whether|much|many|late|often|which|what|and|but|chase|call|contact|trust|visit|remind) ))(?<!\b(?:what time|how) (?:is|was) )it(?!'|" + Expletive + ")";

    /// <summary>"Which customers are over their limit": the question itself says whose limit.</summary>
    [GeneratedRegex(@"\b(?:(?:which|what|how many|all|any|our|the|of) (?:customers|clients|companies|accounts|buyers)|^customers|who|everyone|anyone)\b.*\b(?:they|them|their|its)\b", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Antecedent();

    [GeneratedRegex(@"\b(?:they|them|their|its|" + It + @"|(?:this|that|the same) (?:customer|company|client|account|buyer)|the (?:customer|company|client|buyer)(?! (?:with|who|that|base|list)))\b", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Pronoun();
}
