using System.Collections.Frozen;
using Platform.ContextSynthesis.Decisions;
using Platform.Contracts.ContextSynthesis.V1;
using Platform.Contracts.DataQuestions.V1;
using Platform.Contracts.Memory.V1;
using Platform.Contracts.PatternAnalysis.V1;

namespace Platform.ContextSynthesis.Synthesis;

/// <summary>How much each piece matters for what was asked: a base by intent, raised by the topics of the question.</summary>
internal sealed class Relevance(Understanding understanding, WeighedFramework? framework)
{
    private const double TopicBonus = 0.25;
    private const double NeededBonus = 0.5;

    private static readonly FrozenDictionary<string, string[]> TopicKinds = new Dictionary<string, string[]>(StringComparer.Ordinal)
    {
        ["overdue"] = ["overdue_amount", "overdue_invoices", "ageing", "open_balance"],
        ["payments"] = ["late_rate", "average_days_late", "median_days_late", "average_days_to_settle", "dso", "paid_invoices", "paid_late_invoices", "last_payment", "payment_terms", "payment_timing_shift"],
        ["terms"] = ["payment_terms", "average_days_to_settle"],
        ["balance"] = ["open_balance", "open_invoices", "ageing", "overdue_amount"],
        ["invoices"] = ["open_invoices", "issued_invoices", "paid_invoices", "overdue_invoices", "amount_anomaly"],
        ["rush_orders"] = ["rush_share", "rush_order_frequency"],
        ["orders"] = ["order_volume", "order_count_12m", "order_trend", "open_orders", "last_order", "rush_share", "rush_order_frequency", "order_frequency_shift", "order_silence", "amount_anomaly"],
        ["credit"] = ["credit_limit", "credit_use", "customer_status"],
        ["disputes"] = ["disputed"],
        ["risk"] = ["overdue_amount", "late_rate", "average_days_late", "credit_use", "payment_timing_shift"],
        ["contact"] = ["last_contact"],
    }.ToFrozenDictionary(StringComparer.Ordinal);

    private static readonly FrozenSet<string> Headlines = new[]
    {
        "open_balance", "overdue_amount", "open_invoices", "overdue_invoices", "ageing", "average_days_late", "late_rate", "credit_use",
        "customer_status", "order_volume", "invoice_status", "invoice_outstanding", "order_status", "customers",
    }.ToFrozenSet(StringComparer.Ordinal);

    /// <summary>What money effects are computed from.</summary>
    private static readonly string[] FiguresOfMoney = ["order_volume", "order_count_12m", "credit_limit", "average_days_to_settle"];

    private readonly HashSet<string> _needed = framework is null ? []
        : [.. framework.Measures.SelectMany(m => m.Facts.Concat(m.Patterns)), .. FiguresOfMoney];

    public double Of(Fact fact) => Bonus(fact.Kind) + (Headlines.Contains(fact.Kind) ? 0.2 : 0) + understanding.Intent switch
    {
        Intent.Pattern => 0.5,
        Intent.DataQuestion => 0.4,
        _ => 0.7,
    };

    public double Of(Insight insight) => Bonus(insight.Type) + ((0.5 + (0.5 * Math.Clamp(insight.Significance, 0, 1))) * understanding.Intent switch
    {
        Intent.Pattern => 1.2,
        Intent.Decision => 1.0,
        Intent.Status or Intent.Comparison => 0.85,
        _ => 0.4,
    });

    public double Of(ScoredMemory memory) => (0.5 * Math.Clamp(memory.Score, 0, 1)) + memory.Memory.Kind switch
    {
        MemoryKind.Decision => 0.3,
        MemoryKind.Note or MemoryKind.Preference => 0.25,
        MemoryKind.Interaction => 0,
        _ => 0.15,
    };

    private double Bonus(string kind) =>
        (understanding.Topics.Any(t => TopicKinds.TryGetValue(t, out var kinds) && kinds.Contains(kind)) ? TopicBonus : 0)
        + (_needed.Contains(kind) ? NeededBonus : 0);
}
