using System.Collections.Frozen;
using Platform.EntityResolution.Names;
using Platform.EntityResolution.Registry;

namespace Platform.EntityResolution.Choices;

/// <summary>Reads which of the offered customers an answer describes: by place, by who ordered last, by who owes more.</summary>
internal static class FactReader
{
    private const int LongestAnswer = 12;

    private static readonly FrozenSet<string> Filler =
        "the one ones in from at of that which who is it its s i mean meant please a based located located near with has have owes owe and customer company city country take choose pick was they"
            .Split(' ').ToFrozenSet();

    private static readonly FrozenSet<string> Most = "largest biggest highest higher bigger larger more most greater greatest".Split(' ').ToFrozenSet();
    private static readonly FrozenSet<string> Least = "smallest lowest lower smaller less least".Split(' ').ToFrozenSet();
    private static readonly FrozenSet<string> Newest = "last latest newest recent recently newer later".Split(' ').ToFrozenSet();
    private static readonly FrozenSet<string> Oldest = "oldest older earliest earlier".Split(' ').ToFrozenSet();

    /// <summary>True when an answer is short enough to be one; a longer text is a question of its own.</summary>
    public static bool MayTell(string answer) => NameText.Tokenize(answer).Count is >= 1 and <= LongestAnswer;

    /// <summary>Index of the only customer that is described; null when there is none, or more than one.</summary>
    /// <param name="answer">What the user said.</param>
    /// <param name="facts">Of each offered entity; null where nothing is known.</param>
    public static int? Read(string answer, IReadOnlyList<CustomerFacts?> facts)
    {
        var words = NameText.Tokenize(answer).Select(t => t.Stem ?? t.Text).ToList();
        var telling = words.Where(w => !Filler.Contains(w)).ToList();
        if (telling.Count == 0)
        {
            return null;
        }

        if (telling.TrueForAll(w => w is "balance" or "amount" or "debt" || Most.Contains(w) || Least.Contains(w)))
        {
            // Amounts of several currencies have no order.
            return facts.All(f => f is not null) && facts.Select(f => f!.Currency).Distinct().Count() == 1
                ? Extreme(facts, f => f.Balance, telling.Exists(Least.Contains), telling.Exists(w => Most.Contains(w) || Least.Contains(w)))
                : null;
        }

        if (telling.Exists(w => w.StartsWith("order", StringComparison.Ordinal)) && telling.TrueForAll(w => w.StartsWith("order", StringComparison.Ordinal) || Newest.Contains(w) || Oldest.Contains(w) || w == "most"))
        {
            return Extreme(facts, f => f.LastOrder ?? DateOnly.MinValue, telling.Exists(Oldest.Contains), telling.Exists(w => Newest.Contains(w) || Oldest.Contains(w)));
        }

        return Only(facts, f => telling.TrueForAll(w => Places(f).Any(p => WordLikeness.Between(w, p) >= WordLikeness.Readable)));
    }

    private static IEnumerable<string> Places(CustomerFacts facts) =>
        NameText.Tokenize($"{facts.City} {facts.Country}").Select(t => t.Text);

    private static int? Extreme<T>(IReadOnlyList<CustomerFacts?> facts, Func<CustomerFacts, T> figure, bool least, bool asked)
        where T : IComparable<T>
    {
        if (!asked)
        {
            return null;
        }

        var known = facts.OfType<CustomerFacts>().Select(figure).ToList();
        if (known.Count == 0)
        {
            return null;
        }

        var wanted = least ? known.Min()! : known.Max()!;
        return Only(facts, f => figure(f).CompareTo(wanted) == 0);
    }

    private static int? Only(IReadOnlyList<CustomerFacts?> facts, Func<CustomerFacts, bool> condition)
    {
        int? found = null;
        for (var i = 0; i < facts.Count; i++)
        {
            if (facts[i] is { } known && condition(known))
            {
                if (found is not null)
                {
                    return null;
                }

                found = i;
            }
        }

        return found;
    }
}
