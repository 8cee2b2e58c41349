using System.Globalization;
using System.Text.RegularExpressions;
using Platform.Contracts.Common.V1;
using Platform.Contracts.Memory.V1;

namespace Platform.ContextSynthesis.Questions;

/// <summary>Finds the rows of a listed answer that a question speaks of: "the second one", "number 3", "which of them".</summary>
internal static partial class ListedRows
{
    /// <summary>Rows above which "which of them" is not answered one by one.</summary>
    private const int MostTogether = 10;

    private static readonly string[] Ordinals = ["first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth"];

    /// <summary>The question with the rows that it numbers written out.</summary>
    /// <returns>Null when it numbers none; without slots when a list has no such row.</returns>
    public static QuestionDraft? Numbered(QuestionDraft said, QuestionDraft? earlier, Conversation conversation)
    {
        var matches = conversation.Listed.Count > 0 ? Number().Matches(said.Text) : null;
        if (matches is not { Count: > 0 })
        {
            return null;
        }

        var slots = said.Slots.ToList();
        var text = said.Text;
        foreach (var match in matches.Reverse())
        {
            var type = TypeOf(match.Groups["noun"].Value);
            if (type is { } named && conversation.Listed.All(e => e.Type != named))
            {
                // "The last order" of somebody, when no orders were listed.
                return null;
            }

            var list = ListOf(type, earlier, conversation);
            var index = match.Groups["number"].Success ? int.Parse(match.Groups["number"].Value, CultureInfo.InvariantCulture) - 1
                : match.Groups["last"].Success ? list.Count - 1
                : Array.IndexOf(Ordinals, match.Groups["ordinal"].Value.ToLowerInvariant());
            if (index < 0 || index >= list.Count)
            {
                return said with { Slots = [] };
            }

            text = text.Remove(match.Index, match.Length).Insert(match.Index, QuestionDraft.Mark(slots.Count));
            slots.Add(new NamedSlot(list[index].Name, list[index], null));
        }

        return new QuestionDraft(text, slots);
    }

    /// <summary>It is one of the rows that were listed.</summary>
    public static bool Holds(Conversation conversation, EntityRef? entity) => entity is not null && conversation.Listed.Any(e => e.Type == entity.Type && e.Id == entity.Id);

    /// <summary>"Which of them pays late?" about the customers that the last answer listed; null when it is not asked so.</summary>
    public static QuestionDraft? Together(QuestionDraft said, Conversation conversation)
    {
        var customers = conversation.Listed.TakeWhile(e => e.Type == EntityType.Customer).DistinctBy(e => e.Id).ToList();
        var them = Them().Match(said.Text);
        if (customers.Count is < 2 or > MostTogether || said.HasSlotInText || !them.Success)
        {
            return null;
        }

        var marks = customers.Select((_, i) => QuestionDraft.Mark(i)).ToList();
        var names = string.Join(", ", marks.Take(marks.Count - 1)) + " and " + marks[^1];
        var text = said.Text.Remove(them.Index, them.Length).Insert(them.Index, them.Value.StartsWith("of ", StringComparison.OrdinalIgnoreCase) ? "of " + names : names);
        return new QuestionDraft(text, [.. customers.Select(e => new NamedSlot(e.Name, e, null))]);
    }

    // Going through a list, "what about the third?" exchanges the name of the question before: it is in the same list.
    private static List<EntityRef> ListOf(EntityType? type, QuestionDraft? earlier, Conversation conversation)
    {
        var before = earlier?.Slots.Select(slot => slot.Entity).FirstOrDefault(entity => Holds(conversation, entity));
        var wanted = type ?? before?.Type ?? conversation.Listed[0].Type;
        return [.. conversation.Listed.Where(e => e.Type == wanted)];
    }

    private static EntityType? TypeOf(string noun) => noun.ToLowerInvariant() switch
    {
        "customer" or "client" or "company" or "account" => EntityType.Customer,
        "invoice" or "bill" => EntityType.Invoice,
        "order" => EntityType.Order,
        _ => null,
    };

    // "The second one", "the 2nd customer", "the third" at the end; not "the first quarter" or "the second of October".
    [GeneratedRegex(@"\b(?:the )(?:(?<ordinal>first|second|third|fourth|fifth|sixth|seventh|eighth|ninth|tenth)|(?<number>[1-9]\d?)(?:st|nd|rd|th)|(?<last>last))(?: (?<noun>one|customer|client|company|account|invoice|bill|order)\b(?!')|(?=\s*(?:$|[?!.,]| of (?:them|these|those)\b| (?:in|on) (?:the|that|your) list\b| and the )))(?: of (?:them|these|those)\b| (?:in|on) (?:the|that|your) list\b)?|(?:\bthe )?(?:\b(?<noun>customer|invoice|order) )?(?:\b(?:number|no\.|nr\.?) ?|#)(?<number>[1-9]\d?)\b", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Number();

    [GeneratedRegex(@"(?<=^(?:and |but |so )?(?:which|who|do|does|are|is|have|has|can|should|how (?!many))\b.*)\b(?:of (?:them|these|those)|they|them)\b", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Them();
}
