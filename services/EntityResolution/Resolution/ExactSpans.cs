using Platform.EntityResolution.Mentions;
using Platform.EntityResolution.Names;
using Platform.EntityResolution.Registry;

namespace Platform.EntityResolution.Resolution;

/// <summary>Words that equal a name, an id or an alias of the registry.</summary>
internal sealed record ExactSpan(Span Span, IReadOnlyList<FoundCandidate> Candidates);

/// <summary>Looks every run of words up in the snapshot; longer names win over the shorter ones inside them.</summary>
internal static class ExactSpans
{
    public static List<ExactSpan> Find(QuestionText question, RegistrySnapshot names)
    {
        var words = question.Words;
        var found = new List<ExactSpan>();
        for (var i = 0; i < words.Count; i++)
        {
            var longest = Math.Max(names.LongestFrom(words[i].Text), names.LongestFrom(words[i].Name));
            for (var last = Math.Min(words.Count, i + longest) - 1; last >= i; last--)
            {
                var span = new Span(i, last);
                if (words[i].Quote != words[last].Quote)
                {
                    continue;
                }

                // "the" at an end belongs to the sentence, unless the name is known with it only.
                if (span.Count > 1 && ((Vocabulary.IsFunctionWord(words[last].Text) && Lookup(question, new Span(i, last - 1), names).Count > 0)
                    || (Vocabulary.IsFunctionWord(words[i].Text) && Lookup(question, new Span(i + 1, last), names).Count > 0)))
                {
                    continue;
                }

                var candidates = Lookup(question, span, names);
                if (candidates.Count > 0 && NameSupport.Holds(question, span))
                {
                    found.Add(new ExactSpan(span, candidates));
                }
            }
        }

        var chosen = new List<ExactSpan>();
        foreach (var span in found.OrderByDescending(f => f.Span.Count).ThenBy(f => f.Span.First))
        {
            if (!chosen.Any(c => c.Span.Overlaps(span.Span)))
            {
                chosen.Add(span);
            }
        }

        return [.. chosen.OrderBy(c => c.Span.First)];
    }

    /// <summary>Entities that the words name exactly; a full name before one that differs by its legal form, both before an alias.</summary>
    public static IReadOnlyList<FoundCandidate> Lookup(QuestionText question, Span span, RegistrySnapshot names)
    {
        var plain = NameOf(question, span, withoutPossessive: true);
        var candidates = Lookup(plain, names);
        if (candidates.Count > 0 || !question.Words[span.Last].Token.IsPossessive)
        {
            return candidates;
        }

        // "McDonald's" is a name, not the possessive of one.
        return Lookup(NameOf(question, span, withoutPossessive: false), names);
    }

    public static NormalizedName NameOf(QuestionText question, Span span, bool withoutPossessive = true) => NormalizedName.From(WordsOf(question, span, withoutPossessive));

    /// <summary>The folded words of the span, the last one without its possessive ending if that is not wanted.</summary>
    public static string[] WordsOf(QuestionText question, Span span, bool withoutPossessive = true)
    {
        var words = new string[span.Count];
        for (var i = 0; i < words.Length; i++)
        {
            var word = question.Words[span.First + i];
            words[i] = withoutPossessive && span.First + i == span.Last ? word.Name : word.Text;
        }

        return words;
    }

    private static IReadOnlyList<FoundCandidate> Lookup(NormalizedName name, RegistrySnapshot names)
    {
        if (names.ByIdKey(name.Key) is { Count: > 0 } byId)
        {
            return [.. byId.Select(c => new FoundCandidate(Entity(c), MatchKind.Exact, 1, ["customer id"]))];
        }

        var sameCore = names.ByCore(name.Core);
        var full = sameCore.Where(c => c.Normalized.Key == name.Key).ToList();
        var alias = names.Alias(name.Key);
        if (full.Count > 1 && alias is { EntityType: "customer" } && full.Find(c => c.Id == alias.EntityId) is { } chosen)
        {
            // Several bear the name, and someone said which is meant; the others stay in sight.
            return [ByAlias(alias, Entity(chosen)), .. full.Where(c => c != chosen).Select(c => new FoundCandidate(Entity(c), MatchKind.Exact, 0.5, ["same name"]))];
        }

        if (full.Count > 0)
        {
            return [.. full.Select(c => new FoundCandidate(Entity(c), MatchKind.Exact, 1, ["same name"]))];
        }

        if (alias is not null && (sameCore.Count != 1 || sameCore[0].Id == alias.EntityId) && Entity(alias, names) is { } meant)
        {
            return [ByAlias(alias, meant)];
        }

        if (sameCore.Count > 0)
        {
            return [.. sameCore.Select(c => new FoundCandidate(Entity(c), MatchKind.Exact, name.LegalForm.Length == 0 ? 0.98 : 0.9, [ForgivenForm(name, c.Normalized)]))];
        }

        return [];
    }

    public static FoundCandidate ByAlias(RegisteredAlias alias, EntityKey entity) => new(entity, MatchKind.Alias, 0.97, ["alias"]) { Alias = alias };

    public static EntityKey Entity(RegisteredCustomer customer) => new("customer", customer.Id, customer.Name);

    /// <summary>The alias's entity; null when the registry no longer holds it.</summary>
    /// <param name="alias">What is said.</param>
    /// <param name="names">The names in memory.</param>
    /// <param name="read">Names by id that the database gave; null when it was not asked.</param>
    public static EntityKey? Entity(RegisteredAlias alias, RegistrySnapshot names, IReadOnlyDictionary<string, string>? read = null)
    {
        if (alias.EntityType != "customer")
        {
            return new EntityKey(alias.EntityType, alias.EntityId, alias.EntityId);
        }

        return names.ById(alias.EntityId) is { } customer ? Entity(customer)
            : read?.GetValueOrDefault(alias.EntityId) is { } name ? new EntityKey("customer", alias.EntityId, name) : null;
    }

    private static string ForgivenForm(NormalizedName asked, NormalizedName name) => (asked.LegalForm, name.LegalForm) switch
    {
        ("", var form) => $"legal form left out: {form}",
        (var form, "") => $"legal form ignored: {form}",
        var (left, right) => $"legal form {left} read as {right}",
    };
}
