using System.Text.RegularExpressions;
using Platform.Contracts.ContextSynthesis.V1;
using Platform.Contracts.DataQuestions.V1;
using Platform.ResponseGeneration.Gates.Figures;
using Platform.ResponseGeneration.Writing;

namespace Platform.ResponseGeneration.Gates.Known;

/// <summary>The facts with their parts.</summary>
internal static partial class FactFigures
{
    private static readonly Cue AsOf = new([], [" since ", " last "], [" as of", " on file", " in the last"]);

    public static void Add(KnownFigures figures, SynthesizedContext context)
    {
        foreach (var facts in context.Facts)
        {
            figures.Add(Language.Day(facts.AsOf), AsOf);
            foreach (var fact in facts.Facts)
            {
                Add(figures, facts, fact);
            }

            FactDerivations.Add(figures, facts);
        }

        FactComparisons.Add(figures, context);
        if (context.Entities.Count > 1)
        {
            figures.Add(FigureKind.Number, context.Entities.Count, new Cue([" customer", " compan", " account", " both"]), things: "customer");
        }
    }

    public static string ThingsOf(string words) =>
        string.Join(' ', CountedThing().Matches(words.Replace('_', ' ')).Select(m => m.Value.TrimEnd('s').ToLowerInvariant()).Distinct());

    private static void Add(KnownFigures figures, EntityFacts facts, Fact fact)
    {
        var owner = facts.Entity?.Id;
        var cue = Measures.OfFact(fact.Kind, fact.Label);
        var things = ThingsOf($"{fact.Kind} {fact.Label}");
        figures.Add(fact.Value, cue, owner, things);
        foreach (var part in fact.Parts)
        {
            var own = fact.Kind == "ageing" ? BucketCue(part.Name) : cue;
            own = Roles.PeriodOf(part.Name) is var period and not Period.None ? own with { Period = period } : own;
            figures.Add(part.Value, own, owner, things);
            figures.Add(FigureKind.Number, part.Count, own, owner, things: things.Length > 0 ? things : ThingsOf(fact.Evidence?.Table ?? string.Empty));

            // "1–30 days", "more than 90 days": the bounds of the part.
            foreach (Match bound in Digits().Matches(part.Name))
            {
                var days = double.Parse(bound.Value, System.Globalization.CultureInfo.InvariantCulture);
                figures.Add(new Figure(FigureKind.Days, days), fact.Kind == "ageing" ? new Cue([" overdue", " past due", " arrears"]) : cue, exactly: true);
            }
        }

        Window(figures, fact.Kind, cue with { Topic = Topic.None, Period = Period.None });
        Currencies(figures, fact, cue);
        figures.AddText(fact.Label, owner, cue);
        figures.AddText(fact.Definition, owner, cue);
    }

    /// <summary>The spans that a kind is defined over.</summary>
    private static void Window(KnownFigures figures, string kind, Cue cue)
    {
        if (kind is "order_trend" or "rush_share" or "dso")
        {
            figures.Add(FigureKind.Days, 90, cue);
        }

        if (kind is "order_count_12m" or "order_volume" or "rush_share")
        {
            figures.Add(FigureKind.Days, 365, cue);
        }
    }

    private static void Currencies(KnownFigures figures, Fact fact, Cue cue)
    {
        var currencies = fact.Parts.Select(p => p.Value?.Money?.Currency).OfType<string>().Distinct(StringComparer.Ordinal).Count();
        if (currencies > 1)
        {
            figures.Add(FigureKind.Number, currencies, cue with { Side = Side.None }, things: "currency");
        }
    }

    public static Cue BucketCue(string name) => name.Split(' ')[0] switch
    {
        "not_due" => new Cue(Measures.NotDue, Side: Side.NotDue),
        "1-30" => new Cue([" 1 30", " 1 to 30", " 30 days", " up to 30", " thirty days", " a month", " one month", " recent", " first month", " youngest"]),
        "31-60" => new Cue([" 31 60", " 31 to 60", " 60 days", " second month", " two months", " 31 and 60", " 30 and 60"]),
        "61-90" => new Cue([" 61 90", " 61 to 90", " 90 days", " third month", " three months", " 61 and 90", " 60 and 90"]),
        "90+" => new Cue([" 90 days", " 90 ", " three months", " ninety days", " oldest", " a quarter"]),
        _ => Cue.From(name, 3).Or(new Cue(Measures.Overdue)),
    };

    [GeneratedRegex(@"\d+")]
    private static partial Regex Digits();

    [GeneratedRegex(@"\b(?:invoice|order|payment|customer)s?\b", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex CountedThing();
}
