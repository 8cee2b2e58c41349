using Platform.Contracts.Common.V1;
using Platform.Contracts.ContextSynthesis.V1;
using Platform.Contracts.PatternAnalysis.V1;
using Platform.ResponseGeneration.Gates.Figures;
using Platform.ResponseGeneration.Writing;

namespace Platform.ResponseGeneration.Gates.Known;

/// <summary>The insights: their figures, size, interval and chance, and what follows from them.</summary>
internal static class PatternFigures
{
    private static readonly Cue Chance = new([" chance", " probab", " p ", " random", " luck", " signific", " coinciden"]);
    private static readonly Cue Sample = new([" n ", " observation", " based", " basis", " sample", " rests"]);
    private static readonly Cue Confident = new([" confiden", " certain", " sure", " interval", " likel"]);

    public static void Add(KnownFigures figures, SynthesizedContext context)
    {
        if (context.HasPortfolioCustomers)
        {
            figures.Add(FigureKind.Number, context.PortfolioCustomers, new Cue([" customer", " pattern", " chang", " account"]), things: "customer");
            figures.Add(FigureKind.Number, context.PortfolioAnalysed, new Cue([" customer", " analy", " account"]), things: "customer");
            figures.Add(FigureKind.Number, context.PortfolioAll, new Cue([" customer", " account", " organization"]), things: "customer");
            figures.Add(FigureKind.Number, context.Patterns.Count, new Cue([" customer", " pattern", " chang", " shown", " first", " top", " list"]), things: "customer");
            figures.Add(FigureKind.Number, context.PortfolioCustomers - context.Patterns.Count, new Cue([" more", " other", " further", " remaining"]), things: "customer");
        }

        if (context.Understanding?.PatternChanged is { } asked)
        {
            figures.Add(Language.Day(asked.From), Cue.Anywhere);
            figures.Add(Language.Day(asked.Until), Cue.Anywhere);
            figures.Add(Language.Day(asked.Until)?.AddDays(-1), Cue.Anywhere);
        }

        foreach (var patterns in context.Patterns)
        {
            figures.Add(FigureKind.Number, patterns.Insights.Count, new Cue([" pattern", " change", " finding", " insight"]), patterns.Customer?.Id, things: "pattern");
            foreach (var insight in patterns.Insights)
            {
                Add(figures, insight, patterns.Customer?.Id);
            }

            foreach (var outcome in patterns.Outcomes)
            {
                figures.AddText(outcome.Reason, patterns.Customer?.Id);
            }
        }
    }

    private static void Add(KnownFigures figures, Insight insight, string? owner)
    {
        var cue = Measures.OfInsight(insight.Type, insight.Text);
        var first = figures.Count;
        figures.Add(FigureKind.Ratio, insight.Confidence, Confident, owner);
        var things = insight.Type == "payment_timing_shift" ? "observation invoice payment" : insight.Type.Contains("order", StringComparison.Ordinal) || insight.Type == "amount_anomaly" ? "observation order" : "observation invoice order payment";
        figures.Add(FigureKind.Number, insight.SampleSize, Sample with { Topic = cue.Topic, Period = Period.Whole }, owner, things: things);
        figures.Add(FigureKind.Number, insight.SampleSize, cue with { Period = Period.Whole }, owner, things: things);
        if (insight.HasPValue)
        {
            // A bound that is told instead of a very small probability.
            figures.Add(FigureKind.Ratio, Math.Max(insight.PValue, 0.001), Chance, owner);
            figures.Add(FigureKind.Number, Math.Max(insight.PValue, 0.001), Chance, owner);
            figures.Add(FigureKind.Ratio, insight.PValue, Chance, owner);
            figures.Add(FigureKind.Number, insight.PValue, Chance, owner);
        }

        Effect(figures, insight, cue, owner);
        foreach (var (key, value) in insight.Figures)
        {
            var own = cue.Or(Cue.From(key.Replace('_', ' ')));
            own = key.StartsWith("me", StringComparison.Ordinal) && value.KindCase == Value.KindOneofCase.Days
                ? own with { Barred = [" slipped", " shifted by", " later than", " earlier than"], Own = [" median", " half", " mean "], Topic = cue.Topic | (key.StartsWith("median", StringComparison.Ordinal) ? Topic.Median : Topic.Mean) } : own;
            own = own with { Period = Roles.PeriodOf(key) };
            figures.Add(value, own, owner, FactFigures.ThingsOf(key) is { Length: > 0 } counted ? counted : key is "rush_recent" or "rush_before" ? "order" : string.Empty);
        }

        var since = new Cue([.. Measures.Since, .. cue.Any]);
        figures.Add(Language.Day(insight.ChangedOn), since, owner);
        figures.Add(Language.Day(insight.Period?.From), since, owner);
        figures.Add(Language.Day(insight.Period?.Until), since, owner);
        Derived(figures, insight, cue, owner);
        figures.AddText(insight.Text, owner, cue, first);
        figures.AddText(insight.Recommendation, owner, cue, first);
    }

    private static void Effect(KnownFigures figures, Insight insight, Cue cue, string? owner)
    {
        if (insight.Effect is not { } effect)
        {
            return;
        }

        // The conventional level of the interval (pattern_analysis.proto).
        figures.Add(FigureKind.Ratio, 0.95, new Cue([" interval", " level", " confidence", " range", " certain"]), owner);
        var kind = effect.Unit switch { "days" => FigureKind.Days, "ratio" => FigureKind.Points, var unit when unit.StartsWith("times", StringComparison.Ordinal) => FigureKind.Times, _ => FigureKind.Number };
        var things = FactFigures.ThingsOf(effect.Unit);
        var interval = new Cue([" interval", " between", " to ", " range", " from", " plausibl", " at least", " at most", " likely"], Topic: Topic.Interval);
        var size = cue.Or(new Cue([" effect"]));
        figures.Add(kind, effect.Value, size with { Topic = size.Topic == Topic.None ? Topic.None : size.Topic | Topic.Effect }, owner, things: things);
        if (effect.HasLow)
        {
            figures.Add(kind, effect.Low, interval, owner, things: things);
        }

        if (effect.HasHigh)
        {
            figures.Add(kind, effect.High, interval, owner, things: things);
        }
    }

    private static void Derived(KnownFigures figures, Insight insight, Cue cue, string? owner)
    {
        if (insight.RatioOf("share_before") is { } before && insight.RatioOf("share_recent") is { } recent)
        {
            FactDerivations.Change(figures, before, recent, cue, owner);
        }

        if (insight.DaysOf("median_before") is { } early && insight.DaysOf("median_after") is { } late)
        {
            figures.Add(FigureKind.Days, late - early, cue, owner);

            // A median, told as what half of the invoices do.
            figures.Add(FigureKind.Ratio, 0.5, new Cue([" within", " or earlier", " or later", " or more"]), owner);
        }

        if (insight.DaysOf("silence") is { } silence && insight.DaysOf("typical_gap") is { } gap && gap > 0)
        {
            figures.Add(FigureKind.Times, silence / gap, cue, owner);
            figures.Add(FigureKind.Days, silence - gap, new Cue(Measures.Difference, All: [cue.Any]), owner);
        }

        if (insight.MoneyOf("amount") is { } amount && insight.MoneyOf("typical_amount") is { } typical && amount.Currency == typical.Currency)
        {
            figures.Add(FigureKind.Money, (double)(Language.Amount(amount) - Language.Amount(typical)), new Cue(Measures.Difference, All: [cue.Any]), owner, amount.Currency);
        }

        if (insight.NumberOf("multiple") is { } multiple)
        {
            figures.Add(FigureKind.Times, multiple, cue, owner);
        }

        if (insight.NumberOf("rate_ratio") is { } rate)
        {
            figures.Add(FigureKind.Times, rate, cue, owner);
            figures.Add(FigureKind.Ratio, Math.Abs(rate - 1), new Cue([.. Measures.Difference, " rose", " fell", " grew", " up", " down", " increas", " declin", " drop", " often"], All: [cue.Any]), owner);
        }
    }
}
