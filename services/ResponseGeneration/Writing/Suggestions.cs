using Platform.Contracts.Common.V1;
using Platform.Contracts.ContextSynthesis.V1;

namespace Platform.ResponseGeneration.Writing;

/// <summary>Next questions that the platform can answer, never the one that was just asked.</summary>
internal static class Suggestions
{
    private const int Most = 3;

    private static readonly string[] General =
    [
        "How much is overdue in total?",
        "Overdue amount by customer",
        "Which customers started paying later?",
        "Top 5 customers by revenue this year",
        "What percentage of invoices was paid late?",
        "Which invoices are due in the next 7 days?",
        "Which customers have not ordered for 60 days?",
        "Revenue by industry this year",
    ];

    public static IReadOnlyList<string> For(SynthesizedContext context)
    {
        var intent = context.Understanding?.Intent ?? Intent.Unspecified;
        if (context.DataQuestion?.Refusal is { Suggestions.Count: > 0 } refusal)
        {
            return [.. refusal.Suggestions.Take(Most)];
        }

        var customers = context.Entities.Where(e => e.Type == EntityType.Customer).ToList();
        if (customers.Count == 0)
        {
            return [.. OfFirstRow(context).Concat(Others(context)).Where(s => !Same(s, context)).Take(Most)];
        }

        var name = customers[0].Name;
        var overdue = context.Facts.FirstOrDefault(f => f.Entity?.Id == customers[0].Id)?.Facts
            .FirstOrDefault(f => f.Kind == "overdue_invoices")?.Value?.Count > 0;
        string[] about =
        [
            intent == Intent.Pattern ? $"What is the status of {name}?" : $"What patterns do you see with {name}?",
            overdue ? $"Should we chase {name} for its overdue invoices or wait?" : $"Should we raise the credit limit of {name}?",
            $"Should we extend payment terms to {name}?",
            customers.Count > 1 ? $"What is the status of {customers[1].Name}?" : $"What is the status of {name}?",
            "How much is overdue in total?",
        ];
        return [.. about.Where(s => !Same(s, context)).Distinct(StringComparer.Ordinal).Take(Most)];
    }

    // Whoever stands first in a list or ranking is asked about next.
    private static IEnumerable<string> OfFirstRow(SynthesizedContext context)
    {
        if (context.DataQuestion?.Answer?.Result is not { Rows: [var first, ..] } table)
        {
            return [];
        }

        var column = table.Columns.ToList().FindIndex(candidate => candidate.Name == "customer");
        return column >= 0 && first.Cells[column] is { IsNull: false, Text: { Length: > 0 } name } ? [$"What is the status of {name}?", $"What patterns do you see with {name}?"] : [];
    }

    // The same ones for the same question, others for another.
    private static IEnumerable<string> Others(SynthesizedContext context)
    {
        var start = context.DataQuestion?.Answer is null ? 0 : Plain(context.Query).Sum(letter => letter) % General.Length;
        return General[start..].Concat(General[..start]);
    }

    private static bool Same(string suggestion, SynthesizedContext context) =>
        Plain(suggestion) == Plain(context.Query) || Plain(suggestion) == Plain(context.Understanding?.StandaloneQuery ?? string.Empty)
        || (context.Decision is { Framework: "extend_payment_terms" } && suggestion.Contains("extend payment terms", StringComparison.Ordinal))
        || (context.Decision is { Framework: "chase_or_wait" } && suggestion.Contains("chase", StringComparison.Ordinal))
        || (context.Decision is { Framework: "change_credit_limit" } && suggestion.Contains("credit limit", StringComparison.Ordinal))
        || (context.Understanding is { Intent: Intent.Status } && suggestion.StartsWith("What is the status of " + context.Entities.FirstOrDefault()?.Name, StringComparison.Ordinal));

    private static string Plain(string text) => text.Trim().TrimEnd('?', '!', '.').ToLowerInvariant();
}
