using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using Platform.Contracts.Common.V1;
using Platform.Contracts.EntityResolution.V1;

namespace Platform.ContextSynthesis.Questions;

/// <summary>
/// A question whose names are replaced by slots, so that rules never mistake a word of a name ("Order Logistics Ltd") for
/// a word of the question, and so that a name can be exchanged for another.
/// </summary>
internal sealed partial record QuestionDraft(string Text, IReadOnlyList<NamedSlot> Slots)
{
    public static QuestionDraft From(string query, IReadOnlyList<Mention> mentions)
    {
        var slots = new List<NamedSlot>();
        var text = new StringBuilder();
        var at = 0;
        foreach (var mention in mentions.OrderBy(m => m.Start))
        {
            var slot = NamedSlot.From(mention);
            if (slot is null)
            {
                continue;
            }

            var inText = mention.Length > 0 && mention.Start >= at && mention.Start <= query.Length - mention.Length;
            if (inText)
            {
                text.Append(query, at, mention.Start - at).Append(Mark(slots.Count));
                if (Possessive().IsMatch(query.Substring(mention.Start, mention.Length)))
                {
                    text.Append("'s");
                }

                at = mention.Start + mention.Length;
            }

            slots.Add(slot);
        }

        text.Append(query, at, query.Length - at);
        return new QuestionDraft(Tidy(text.ToString()), slots);
    }

    /// <summary>An earlier question: the names of known entities become slots wherever they are written out.</summary>
    public static QuestionDraft FromEarlier(string query, IReadOnlyList<EntityRef> known)
    {
        var text = query;
        var slots = new List<NamedSlot>();
        foreach (var entity in known.Where(e => e.Name.Length > 0).OrderByDescending(e => e.Name.Length))
        {
            var position = text.IndexOf(entity.Name, StringComparison.OrdinalIgnoreCase);
            if (position < 0)
            {
                continue;
            }

            text = text.Replace(entity.Name, Mark(slots.Count), StringComparison.OrdinalIgnoreCase);
            slots.Add(new NamedSlot(entity.Name, entity, null));
        }

        return new QuestionDraft(Tidy(text), slots);
    }

    public static string Mark(int slot) => "\u27E6" + slot.ToString(CultureInfo.InvariantCulture) + "\u27E7";

    public bool HasSlotInText => SlotMark().IsMatch(Text);

    /// <summary>Words outside of names.</summary>
    public int WordCount => SlotMark().Replace(Text, " ").Split(' ', StringSplitOptions.RemoveEmptyEntries).Length;

    public IEnumerable<EntityRef> Entities =>
        Slots.Where(s => s.Entity is not null).SelectMany(s => s.Customer is null ? [s.Entity!] : new[] { s.Entity!, s.Customer })
            .DistinctBy(e => (e.Type, e.Id));

    /// <summary>The same question about other names.</summary>
    public QuestionDraft WithSlots(IReadOnlyList<NamedSlot> slots) => this with { Slots = slots };

    /// <summary>Names a slot that the text does not mention: "What is overdue?" → "What is overdue for …?".</summary>
    public QuestionDraft Naming(NamedSlot slot)
    {
        var slots = Slots.Append(slot).ToList();
        var end = Text.TrimEnd('?', '!', '.', ' ');
        var mark = Text.Length > end.Length ? Text[end.Length..].Trim() : "?";
        return new QuestionDraft($"{end} for {Mark(slots.Count - 1)}{mark}", slots);
    }

    /// <summary>The question with the names written out.</summary>
    public string Render()
    {
        var text = SlotMark().Replace(Text, match =>
        {
            var index = int.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture);
            var name = index < Slots.Count ? Slots[index].Name : string.Empty;
            return match.Groups[2].Success ? name + (name.EndsWith('s') ? "'" : "'s") : name;
        });
        return text.Length > 0 ? char.ToUpperInvariant(text[0]) + text[1..] : text;
    }

    private static string Tidy(string text) =>
        Spaces().Replace(text.Replace('\u2019', '\'').Replace('\u2018', '\''), " ").Trim();

    [GeneratedRegex("\u27E6(\\d+)\u27E7('s)?")]
    private static partial Regex SlotMark();

    [GeneratedRegex(@"^(?:their|its|his|her|theirs)$", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Possessive();

    [GeneratedRegex(@"\s+")]
    private static partial Regex Spaces();
}

/// <summary>A name in a question. Entity is absent for a name that the registry does not hold.</summary>
internal sealed record NamedSlot(string Name, EntityRef? Entity, EntityRef? Customer)
{
    public static NamedSlot? From(Mention mention)
    {
        if (mention.Match?.Entity is { } entity)
        {
            return new NamedSlot(entity.Name.Length > 0 ? entity.Name : mention.Text, entity, mention.Match.Customer);
        }

        return mention.NotFound && mention.Text.Length > 0 ? new NamedSlot(mention.Text, null, null) : null;
    }
}
