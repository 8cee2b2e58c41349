using System.Globalization;
using Platform.Contracts.Common.V1;
using Platform.Contracts.DataQuestions.V1;
using Platform.Gateway.Chat;

namespace Platform.Gateway.Customers;

/// <summary>Defined figures about one customer, or about all.</summary>
/// <param name="Entity">Absent for all customers together.</param>
/// <param name="AsOf">ISO day; rows after it are ignored.</param>
/// <param name="Stale">True when the database could not be read and older figures are shown.</param>
/// <param name="Facts">The figures.</param>
public sealed record FactsView(EntityView? Entity, string? AsOf, bool Stale, IReadOnlyList<FactView> Facts);

/// <summary>One figure.</summary>
/// <param name="Kind">e.g. "overdue_amount".</param>
/// <param name="Label">Words for a reader.</param>
/// <param name="Value">The figure, or why there is none.</param>
/// <param name="Definition">How it is computed.</param>
/// <param name="Evidence">The rows and SQL behind it.</param>
/// <param name="Parts">Parts such as ageing buckets.</param>
public sealed record FactView(
    string Kind, string Label, ValueView Value, string Definition, EvidenceView? Evidence, IReadOnlyList<FactPartView> Parts);

/// <summary>Part of a figure.</summary>
public sealed record FactPartView(string Name, ValueView Value, long Count);

/// <summary>A value.</summary>
/// <param name="Kind">"money", "count", "ratio", "days", "date", "text", "number" or "unknown".</param>
/// <param name="Money">Set for money.</param>
/// <param name="Number">Set for count, ratio, days and number.</param>
/// <param name="Text">Set for date (ISO), text, and unknown (the reason).</param>
public sealed record ValueView(string Kind, MoneyView? Money = null, double? Number = null, string? Text = null)
{
    /// <summary>The value as one invariant text.</summary>
    internal string ToText() => Money is { } money ? $"{money.Amount} {money.Currency}"
        : Number is { } number ? string.Create(CultureInfo.InvariantCulture, $"{number} ({Kind})")
        : Kind == "unknown" ? $"not known: {Text}" : Text ?? "";

    internal static ValueView From(Value? value) => value?.KindCase switch
    {
        Value.KindOneofCase.Money => new("money", Money: ChatViews.MoneyOf(value.Money)),
        Value.KindOneofCase.Count => new("count", Number: value.Count),
        Value.KindOneofCase.Ratio => new("ratio", Number: value.Ratio),
        Value.KindOneofCase.Days => new("days", Number: value.Days),
        Value.KindOneofCase.Number => new("number", Number: value.Number),
        Value.KindOneofCase.Date => new("date", Text: value.Date.Iso),
        Value.KindOneofCase.Text => new("text", Text: value.Text),
        Value.KindOneofCase.Unknown => new("unknown", Text: value.Unknown),
        _ => new("unknown", Text: "no value"),
    };
}

/// <summary>Patterns of one customer.</summary>
public sealed record PatternsView(
    EntityView? Customer, IReadOnlyList<InsightView> Insights, IReadOnlyList<OutcomeView> Outcomes, DateTimeOffset? ComputedAt,
    string Tier, bool Stale);

/// <summary>What one detector did.</summary>
public sealed record OutcomeView(string Detector, string Status, string Reason);

/// <summary>Changes over all customers, largest first.</summary>
/// <param name="NextToken">For the next page; null on the last.</param>
public sealed record PortfolioPatternsView(IReadOnlyList<PortfolioPatternView> Entries, string? NextToken);

/// <summary>A change and whose it is.</summary>
public sealed record PortfolioPatternView(EntityView Customer, InsightView Insight, DateTimeOffset? ComputedAt);

/// <summary>The same measures of several customers.</summary>
public sealed record ComparisonsView(IReadOnlyList<string> Customers, IReadOnlyList<ComparisonView> Measures);

/// <summary>One measure, in the order of the customers.</summary>
/// <param name="Percentiles">Share of all customers below, 0 to 1; null when unknown.</param>
public sealed record ComparisonView(string Measure, string Label, IReadOnlyList<ValueView> Values, IReadOnlyList<double?> Percentiles);

/// <summary>An insight with its method and the rows it rests on.</summary>
public sealed record ExplanationView(InsightView Insight, string Method, IReadOnlyDictionary<string, ValueView> Figures, IReadOnlyList<RowView> Rows);

/// <summary>A row of the data; columns without a value are left out.</summary>
public sealed record RowView(string Table, string RowId, IReadOnlyDictionary<string, string> Columns);

/// <summary>A series for plotting.</summary>
public sealed record SeriesView(string Measure, string Unit, IReadOnlyList<PointView> Points, IReadOnlyList<PointView> Levels);

/// <summary>One point of a series.</summary>
public sealed record PointView(string On, double Value, string? RowId);

internal static class FactViews
{
    public static FactsView From(EntityFacts facts) => new(
        facts.Entity is null ? null : ChatViews.Entity(facts.Entity),
        facts.AsOf?.Iso,
        facts.Stale,
        [.. facts.Facts.Select(f => new FactView(
            f.Kind, f.Label, ValueView.From(f.Value), f.Definition,
            f.Evidence is null ? null : Complete(ChatViews.Evidence([f.Evidence])[0], facts),
            [.. f.Parts.Select(p => new FactPartView(p.Name, ValueView.From(p.Value), p.Count))]))]);

    // Last known facts may be those of an answer, whose statements share their sources.
    private static EvidenceView Complete(EvidenceView evidence, EntityFacts facts) =>
        facts.SqlSources.TryGetValue(evidence.Table, out string? sources) ? evidence with { Sql = $"{sources}\n{evidence.Sql}" } : evidence;
}
