using Platform.Contracts.Common.V1;
using Platform.Contracts.ContextSynthesis.V1;
using Platform.Contracts.DataQuestions.V1;

namespace Platform.ResponseGeneration.Writing;

/// <summary>The facts of one entity, or of all customers, with their words and their references.</summary>
internal sealed class FactBook(SynthesizedContext context, EntityFacts facts, Language language)
{
    private readonly HashSet<string> _told = new(StringComparer.Ordinal);

    public EntityRef? Entity => facts.Entity;

    public bool IsPortfolio => facts.Entity is null;

    public Date? AsOf => facts.AsOf;

    public IEnumerable<Fact> Untold => facts.Facts.Where(f => !_told.Contains(f.Kind) && Known(f.Value));

    public Fact? Find(string kind)
    {
        var fact = facts.Facts.FirstOrDefault(f => f.Kind == kind);
        if (fact is not null)
        {
            _told.Add(kind);
        }

        return fact;
    }

    public Value? Known(string kind) => Find(kind) is { } fact && Known(fact.Value) ? fact.Value : null;

    public long? Count(string kind) => Known(kind) is { KindCase: Value.KindOneofCase.Count } value ? value.Count : null;

    public double? Ratio(string kind) => Known(kind) is { KindCase: Value.KindOneofCase.Ratio } value ? value.Ratio : null;

    public double? Days(string kind) => Known(kind) is { KindCase: Value.KindOneofCase.Days } value ? value.Days : null;

    public Money? Money(string kind) => Known(kind) is { KindCase: Value.KindOneofCase.Money } value ? value.Money : null;

    public string? Text(string kind) => Known(kind) is { } value ? language.Of(value) : null;

    /// <summary>An amount in words; several currencies are listed, never added up.</summary>
    public string? MoneyText(string kind) => Amounts(kind) is { Count: > 0 } amounts ? Language.Join([.. amounts.Select(language.Of)]) : null;

    /// <summary>The amounts by currency that are not zero; one zero when nothing is there.</summary>
    public IReadOnlyList<Money> Amounts(string kind)
    {
        if (Money(kind) is { } single)
        {
            return [single];
        }

        return [.. (Find(kind)?.Parts ?? []).Where(p => p.Value?.KindCase == Value.KindOneofCase.Money).Select(p => p.Value.Money).Where(m => Language.Amount(m) != 0)];
    }

    /// <summary>" [s1][s2]" for the sources behind these kinds.</summary>
    public string Refs(params IEnumerable<string> kinds) => References.To(context, kinds.Select(k => $"fact:{facts.Entity?.Id}/{k}"));

    private static bool Known(Value? value) => value is not null && value.KindCase is not (Value.KindOneofCase.Unknown or Value.KindOneofCase.None);
}

/// <summary>Marks such as " [s1]" that lead from a sentence to its sources.</summary>
internal static class References
{
    public static string To(SynthesizedContext context, IEnumerable<string> covers)
    {
        var wanted = covers.ToHashSet(StringComparer.Ordinal);
        return ToIds(context.Sources.Where(s => s.Covers.Any(wanted.Contains)).Select(s => s.Id));
    }

    public static string ToIds(IEnumerable<string> ids)
    {
        var marks = string.Concat(ids.Where(i => i.Length > 0).Distinct(StringComparer.Ordinal).Select(i => $"[{i}]"));
        return marks.Length > 0 ? " " + marks : string.Empty;
    }
}
