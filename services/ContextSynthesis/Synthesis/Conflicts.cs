using System.Globalization;
using System.Text.RegularExpressions;
using Platform.Contracts.Common.V1;
using Platform.Contracts.DataQuestions.V1;
using Platform.Contracts.Memory.V1;
using Platform.Contracts.PatternAnalysis.V1;

namespace Platform.ContextSynthesis.Synthesis;

/// <summary>Places where two sources say different things.</summary>
internal static partial class Conflicts
{
    /// <summary>Days of shift from which an average over all invoices is said to hide it.</summary>
    private const double NotableShift = 3;

    public static IEnumerable<ConfidenceNote> Find(IReadOnlyList<EntityFacts> facts, IReadOnlyList<CustomerPatterns> patterns, IReadOnlyList<ScoredMemory> memories)
    {
        foreach (var (entity, kind, values) in facts.SelectMany(f => f.Facts.Select(fact => (Entity: f.Entity, fact)))
            .GroupBy(f => (f.Entity?.Id, f.fact.Kind))
            .Select(g => (g.First().Entity, g.First().fact.Label, g.Select(f => f.fact.Value).Where(v => v is not null).Distinct().ToList())))
        {
            if (values.Count > 1)
            {
                yield return Conflict($"Two values were found for \"{kind}\"{Of(entity)}: {string.Join(" and ", values.Select(Wording.Of))}.");
            }
        }

        foreach (var own in facts)
        {
            var open = MoneyOf(own, "open_balance");
            var overdue = MoneyOf(own, "overdue_amount");
            if (open is not null && overdue is not null && open.Currency == overdue.Currency && Wording.Amount(overdue) > Wording.Amount(open))
            {
                yield return Conflict($"The overdue amount{Of(own.Entity)} ({Wording.Money(overdue)}) is larger than the open balance ({Wording.Money(open)}).");
            }

            foreach (var note in AgainstMemories(own, memories))
            {
                yield return note;
            }

            var shift = patterns.FirstOrDefault(p => p.Customer?.Id == own.Entity?.Id)?.Insights.FirstOrDefault(i => i.Type == "payment_timing_shift");
            var average = own.Facts.FirstOrDefault(f => f.Kind == "average_days_late")?.Value;
            if (shift?.Effect is { } effect && Math.Abs(effect.Value) >= NotableShift && average?.KindCase == Value.KindOneofCase.Days)
            {
                yield return new ConfidenceNote
                {
                    Code = "average_hides_change",
                    Severity = Severity.Info,
                    Text = $"The average over all paid invoices{Of(own.Entity)} ({Wording.Days(average.Days)} late) includes the time before the change, so it {(effect.Value > 0 ? "understates" : "overstates")} how late payments are now.",
                };
            }
        }
    }

    private static IEnumerable<ConfidenceNote> AgainstMemories(EntityFacts own, IReadOnlyList<ScoredMemory> memories)
    {
        var terms = own.Facts.FirstOrDefault(f => f.Kind == "payment_terms")?.Value;
        var limit = MoneyOf(own, "credit_limit");
        foreach (var memory in memories.Select(m => m.Memory).Where(m => m.Kind is MemoryKind.Note or MemoryKind.Decision or MemoryKind.Preference
            && m.Entities.Any(e => e.Id == own.Entity?.Id)))
        {
            if (terms?.KindCase == Value.KindOneofCase.Days && Terms().Match(memory.Text) is { Success: true } days
                && double.Parse(days.Groups[1].Success ? days.Groups[1].Value : days.Groups[2].Value, CultureInfo.InvariantCulture) is var stated && stated != terms.Days)
            {
                yield return Conflict($"A note on file says payment terms of {Wording.Days(stated)}, the customer record{Of(own.Entity)} says {Wording.Days(terms.Days)}.");
            }

            if (limit is not null && Limit().Match(memory.Text) is { Success: true } amount
                && decimal.TryParse(amount.Groups[1].Value, NumberStyles.Number, CultureInfo.InvariantCulture, out var noted)
                && noted * (amount.Groups[2].Success ? 1000 : 1) is var said && said != Wording.Amount(limit))
            {
                yield return Conflict($"A note on file says a credit limit of {Wording.Money(Wording.Money(said, limit.Currency))}, the customer record{Of(own.Entity)} says {Wording.Money(limit)}.");
            }
        }
    }

    private static Money? MoneyOf(EntityFacts facts, string kind) => facts.Facts.FirstOrDefault(f => f.Kind == kind)?.Value?.Money;

    private static string Of(EntityRef? entity) => entity is null ? string.Empty : $" of {entity.Name}";

    private static ConfidenceNote Conflict(string text) => new() { Code = "conflict", Severity = Severity.Warning, Text = text };

    [GeneratedRegex(@"\bterms?\b[^.\d]{0,40}(\d{1,3}) days|\bnet[ -]?(\d{1,3})\b", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Terms();

    [GeneratedRegex(@"\bcredit limit\b[^.\d]{0,40}(\d[\d,]*(?:\.\d+)?)( ?k\b)?", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Limit();
}
