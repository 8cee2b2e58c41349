using Platform.Contracts.ContextSynthesis.V1;
using Platform.Contracts.PatternAnalysis.V1;

namespace Platform.ResponseGeneration.Writing;

/// <summary>Which of all customers changed in the way that was asked for: how many, then the most significant with their figures.</summary>
internal static class PortfolioPatternAnswer
{
    private const int Most = 8;

    public static void Write(AnswerText text, SynthesizedContext context, Language language)
    {
        var understanding = context.Understanding ?? new Understanding();
        var since = Since(understanding, language);
        if (context.PortfolioAnalysed == 0)
        {
            text.Paragraph("No customer has been analyzed for patterns yet, so I cannot say who changed. The analysis runs by itself; please ask again in a few minutes.");
            return;
        }

        var analysed = language.Count(context.PortfolioAnalysed, "customer");
        if (context.PortfolioCustomers == 0)
        {
            text.Paragraph($"None of {(context.PortfolioAnalysed == 1 ? "your" : "the")} {analysed} analyzed {Phrase(understanding, many: false)}{since}.", SoFar(context, language));
            return;
        }

        text.Paragraph($"**{language.Count(context.PortfolioCustomers)} of {analysed} analyzed {Phrase(understanding, context.PortfolioCustomers != 1)}{since}.**", SoFar(context, language));
        var shown = context.Patterns.SelectMany(p => p.Insights.Select(i => (Customer: p.Customer, Insight: i))).OrderByDescending(p => p.Insight.Significance).Take(Most).ToList();
        text.List(context.PortfolioCustomers > shown.Select(s => s.Customer?.Id).Distinct().Count() ? "The most significant:" : null, shown.Select(s =>
            InsightWords.Sentence(s.Insight, s.Customer?.Name ?? "the customer", language) + References.To(context, ["insight:" + s.Insight.Id])));
    }

    /// <summary>That more customers are still to be analyzed; null when all are.</summary>
    private static string? SoFar(SynthesizedContext context, Language language) => context.PortfolioAnalysed >= context.PortfolioAll ? null
        : $"Only {language.Count(context.PortfolioAnalysed)} of the {language.Count(context.PortfolioAll, "customer")} of the organization {(context.PortfolioAnalysed == 1 ? "has" : "have")} been analyzed so far. The others are being analyzed now, so the answer may still change; please ask again in a few minutes.";

    /// <summary>What was asked for, to follow "3 of 40 customers analyzed".</summary>
    private static string Phrase(Understanding understanding, bool many)
    {
        var (have, verb) = many ? ("have", "") : ("has", "s");
        var types = understanding.PatternTypes;
        return (types.Count == 0 ? string.Empty : types[0], understanding.PatternDirection) switch
        {
            ("payment_timing_shift", Direction.Rising) => $"{have} started to pay later",
            ("payment_timing_shift", Direction.Falling) => $"{have} started to pay earlier",
            ("payment_timing_shift", _) => $"{have} changed when {(many ? "they pay" : "it pays")}",
            ("rush_order_frequency", Direction.Rising) => $"order{verb} more rush than before",
            ("rush_order_frequency", Direction.Falling) => $"order{verb} less rush than before",
            ("rush_order_frequency", _) => $"{have} changed the share of rush orders",
            ("order_frequency_shift", Direction.Falling) => $"order{verb} less often than before or {have} gone quiet",
            ("order_frequency_shift", Direction.Rising) => $"order{verb} more often than before",
            ("order_frequency_shift", _) => $"{have} changed how {(many ? "they order" : "it orders")}",
            ("order_trend", Direction.Rising) => $"order{verb} more every month, or more often since some day",
            ("order_trend", Direction.Falling) => $"order{verb} less every month, less often since some day, or {have} gone quiet",
            ("order_trend", _) => $"{have} changed how much {(many ? "they order" : "it orders")}",
            ("order_seasonality", _) => $"order{verb} by the seasons of the year",
            ("order_silence", _) => $"{have} gone quiet: an order that was to be expected has not come",
            ("amount_anomaly", _) => $"{have} placed an unusually large order",
            _ => $"show{verb} a notable change",
        };
    }

    private static string Since(Understanding understanding, Language language) =>
        (Language.Day(understanding.PatternChanged?.From), Language.Day(understanding.PatternChanged?.Until)) switch
        {
            ({ } from, { } until) => $", with the change between {language.Of(from)} and {language.Of(until.AddDays(-1))}",
            ({ } from, null) => $", with the change since {language.Of(from)}",
            (null, { } until) => $", with the change before {language.Of(until)}",
            _ => string.Empty,
        };
}
