using Platform.Contracts.Common.V1;
using Platform.Contracts.ContextSynthesis.V1;
using Platform.Contracts.DataQuestions.V1;

namespace Platform.ResponseGeneration.Writing;

/// <summary>Two to five customers side by side: who owes more, who pays later, then the table.</summary>
internal static class ComparisonAnswer
{
    private static readonly string[] Kinds =
    [
        "open_balance", "overdue_amount", "overdue_invoices", "average_days_late", "late_rate", "average_days_to_settle",
        "order_count_12m", "order_volume", "order_trend", "rush_share", "credit_use", "payment_terms",
    ];

    public static void Write(AnswerText text, SynthesizedContext context, Language language)
    {
        var sides = context.Facts.Where(f => f.Entity is not null).DistinctBy(f => f.Entity.Id).ToList();
        if (sides.Count < 2)
        {
            text.Paragraph($"To compare, I need figures of two customers; I have {(sides.Count == 0 ? "none" : $"only those of **{sides[0].Entity.Name}**")}.");
            StatusAnswer.Write(text, context, language);
            return;
        }

        text.Paragraph(
            Most(sides, "open_balance", "owes the most", "owes more", language, context),
            Most(sides, "overdue_amount", "has the most overdue", "has more overdue", language, context),
            Most(sides, "average_days_late", "pays the latest on average", "pays later on average", language, context));

        var rows = new List<IReadOnlyList<string>>();
        foreach (var kind in Kinds)
        {
            var facts = sides.Select(s => s.Facts.FirstOrDefault(f => f.Kind == kind)).ToList();
            if (facts.Any(f => f is not null && IsKnown(f.Value)))
            {
                rows.Add([facts.First(f => f is not null)!.Label, .. facts.Select(f => f is null ? "not known" : language.Of(f.Value))]);
            }
        }

        text.Table(["", .. sides.Select(s => s.Entity.Name)], rows);
        text.List("**What has changed**", context.Patterns.SelectMany(p => p.Insights.Take(2).Select(i =>
            InsightWords.Sentence(i, p.Customer?.Name ?? "the customer", language) + References.To(context, ["insight:" + i.Id]))));
        var quiet = context.Patterns.Where(p => p.Insights.Count == 0 && p.Customer is not null).Select(p => p.Customer.Name).ToList();
        text.Paragraph(quiet.Count > 0 && context.Patterns.Any(p => p.Insights.Count > 0) ? Language.Ended($"No notable change was found for {Language.Join(quiet)}") : null);
    }

    private static string? Most(List<EntityFacts> sides, string kind, string superlative, string comparative, Language language, SynthesizedContext context)
    {
        var values = sides.Select(s => (s.Entity, s.Facts.FirstOrDefault(f => f.Kind == kind)?.Value)).Where(v => IsKnown(v.Value)).Select(v => (v.Entity, Value: v.Value!)).ToList();
        if (values.Count < sides.Count || values.Select(v => v.Value.Money?.Currency).Distinct().Count() > 1)
        {
            return null;
        }

        var ordered = values.OrderByDescending(v => Number(v.Value)).ToList();
        var refs = References.To(context, ordered.Select(v => $"fact:{v.Entity.Id}/{kind}"));
        if (Number(ordered[0].Value) == Number(ordered[1].Value))
        {
            return null;
        }

        return $"**{ordered[0].Entity.Name}** {(sides.Count > 2 ? superlative : comparative)}: {language.Of(ordered[0].Value)} against {Language.Join([.. ordered.Skip(1).Select(v => $"{language.Of(v.Value)} ({v.Entity.Name})")])}.{refs}";
    }

    private static bool IsKnown(Value? value) => value is not null && value.KindCase is not (Value.KindOneofCase.None or Value.KindOneofCase.Unknown);

    private static double Number(Value value) => value.KindCase switch
    {
        Value.KindOneofCase.Money => (double)Language.Amount(value.Money),
        Value.KindOneofCase.Count => value.Count,
        Value.KindOneofCase.Ratio => value.Ratio,
        Value.KindOneofCase.Days => value.Days,
        _ => value.Number,
    };
}
