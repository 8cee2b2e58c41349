using Platform.Contracts.ContextSynthesis.V1;
using Platform.Contracts.PatternAnalysis.V1;

namespace Platform.ResponseGeneration.Writing;

/// <summary>What changed: one summary sentence, then each pattern with its size, its basis and its meaning.</summary>
internal static class PatternAnswer
{
    private const int Most = 5;

    public static void Write(AnswerText text, SynthesizedContext context, Language language)
    {
        if (context.HasPortfolioCustomers)
        {
            PortfolioPatternAnswer.Write(text, context, language);
            return;
        }

        if (context.Patterns.Count == 0)
        {
            var names = Language.Join([.. context.Entities.Select(e => $"**{e.Name}**")]);
            text.Paragraph($"I cannot say anything about patterns{(names.Length > 0 ? $" of {names}" : string.Empty)} right now: the pattern analysis is not available.");
            if (context.Facts.Count > 0)
            {
                text.Paragraph("These are the present figures:");
                StatusAnswer.Write(text, context, language);
            }

            return;
        }

        foreach (var patterns in context.Patterns)
        {
            Customer(text, context, patterns, language);
        }
    }

    private static void Customer(AnswerText text, SynthesizedContext context, CustomerPatterns patterns, Language language)
    {
        var name = patterns.Customer?.Name ?? "the customer";
        if (patterns.Insights.Count == 0)
        {
            text.Paragraph($"I found no notable change in how **{name}** behaves.{References.To(context, ["patterns:" + patterns.Customer?.Id])}", Checked(patterns));

            // No change is not the same as no problem: who was always late has no pattern of change either.
            if (context.Facts.FirstOrDefault(f => f.Entity?.Id == patterns.Customer?.Id && f.Entity is not null) is { } facts)
            {
                var sections = new Sections(context, new FactBook(context, facts, language), language);
                text.List("How it has behaved all along:", [sections.PaymentHeadline(), sections.OrderHeadline(), .. sections.OrderDetails().Take(1)]);
            }

            return;
        }

        var titles = patterns.Insights.Select(InsightWords.Title).Select(t => char.ToLowerInvariant(t[0]) + t[1..]).Distinct().ToList();
        text.Paragraph($"I see {language.Count(patterns.Insights.Count, "pattern")} for **{name}**: {Language.Join(titles)}.");
        foreach (var insight in patterns.Insights.Take(Most))
        {
            text.Heading(InsightWords.Title(insight));
            text.Paragraph(InsightWords.Sentence(insight, name, language) + References.To(context, ["insight:" + insight.Id]), InsightWords.Meaning(insight));
            text.List(null, [InsightWords.Basis(insight, language), insight.Recommendation.Length > 0 ? $"Suggested step: {insight.Recommendation}" : null]);
        }

        text.Paragraph(Checked(patterns));
    }

    private static string? Checked(CustomerPatterns patterns)
    {
        var nothing = patterns.Outcomes.Where(o => o.Status == DetectorStatus.Nothing).Select(o => o.Detector.Replace('_', ' ')).ToList();
        return nothing.Count == 0 ? null : $"Also checked, without a notable result: {Language.Join(nothing)}.";
    }
}
