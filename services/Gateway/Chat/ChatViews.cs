using Google.Protobuf.Collections;
using Google.Protobuf.WellKnownTypes;
using Platform.Contracts.Common.V1;
using Platform.Contracts.ContextSynthesis.V1;
using Platform.Contracts.EntityResolution.V1;
using Platform.Contracts.PatternAnalysis.V1;
using Platform.Contracts.ResponseGeneration.V1;

namespace Platform.Gateway.Chat;

/// <summary>Contracts as the JSON that callers see.</summary>
internal static class ChatViews
{
    public static IReadOnlyList<EntityView> Entities(IEnumerable<Mention> mentions) =>
        [.. mentions.Where(m => m.Match is not null).Select(m => new EntityView(
            Name(m.Match.Entity.Type), m.Match.Entity.Id, m.Match.Entity.Name, m.Text, Name(m.Match.MatchType),
            Math.Round(m.Match.Confidence, 4), [.. m.Match.Explanation], m.Match.AliasId.Length > 0 ? m.Match.AliasId : null))];

    public static EntityView Entity(EntityRef entity) => new(Name(entity.Type), entity.Id, entity.Name);

    public static IReadOnlyList<SourceView> Sources(IEnumerable<Source> sources) =>
        [.. sources.Select(s => new SourceView(s.Id, Name(s.Kind), s.Title, Moment(s.AsOf), s.Stale, Evidence(s.Evidence), s.SqlSources.Length > 0 ? s.SqlSources : null))];

    public static IReadOnlyList<EvidenceView> Evidence(IEnumerable<Evidence> evidence) =>
        [.. evidence.Select(e => new EvidenceView(e.Table, [.. e.RowIds], e.TotalRows, e.Sql))];

    public static IReadOnlyList<NoteView> Notes(IEnumerable<ConfidenceNote> notes) =>
        [.. notes.Select(n => new NoteView(n.Code, n.Text, Name(n.Severity)))];

    public static DisambiguationView Disambiguation(Mention mention) =>
        new(mention.Text, [.. mention.Candidates.Select((c, index) => new CandidateView(
            index + 1, Name(c.Entity.Type), c.Entity.Id, c.Entity.Name, Math.Round(c.Confidence, 4),
            c.Distinguishing.ToDictionary()))]);

    public static DecisionView? Decision(DecisionAnalysis? decision) => decision is null
        ? null
        : new DecisionView(
            decision.Framework, decision.Question, decision.Recommended.Length > 0 ? decision.Recommended : null,
            Math.Round(decision.Confidence, 4), Name(decision.Risk),
            [.. decision.Options.Select(o => new OptionView(o.Name, o.Label, Math.Round(o.Score, 4)))],
            Considerations(decision.EvidenceFor), Considerations(decision.EvidenceAgainst), [.. decision.WouldChange],
            [.. decision.Missing], [.. decision.Assumptions], MoneyOf(decision.ExpectedValue),
            MoneyOf(decision.ExpectedBenefit), MoneyOf(decision.ExpectedCost), Sensitivity(decision.Sensitivity),
            Math.Round(decision.KnownWeight, 4), decision.MainReason.Length > 0 ? decision.MainReason : null);

    public static IReadOnlyList<InsightView> Insights(IEnumerable<CustomerPatterns> patterns) =>
        [.. patterns.SelectMany(p => p.Insights.Select(i => Insight(p.Customer?.Id ?? "", i)))];

    public static InsightView Insight(string customerId, Insight insight) => new(
        insight.Id, customerId, insight.Type, insight.Text, insight.Recommendation, Math.Round(insight.Confidence, 4),
        Math.Round(insight.Significance, 4), insight.SampleSize,
        insight.Effect is { } effect
            ? new EffectView(effect.Value, effect.Unit, effect.HasLow ? effect.Low : null, effect.HasHigh ? effect.High : null)
            : null,
        insight.HasPValue ? insight.PValue : null,
        insight.Period?.From?.Iso, insight.Period?.Until?.Iso, insight.ChangedOn?.Iso, Evidence(insight.Evidence));

    public static IReadOnlyList<GateView> Gates(IEnumerable<GateResult> gates) =>
        [.. gates.Select(g => new GateView(g.Gate, Math.Round(g.Score, 4), g.Passed, g.Reason))];

    public static ModelView? Model(ModelUse? use) => use is null
        ? null
        : new ModelView(
            use.Provider, use.Model, use.PromptName, use.PromptVersion, use.InputTokens, use.OutputTokens, MoneyOf(use.Cost), use.Attempts);

    public static MoneyView? MoneyOf(Money? money) => money is null ? null : new MoneyView(money.Amount, money.Currency);

    public static string Intent(Intent intent) => intent switch
    {
        Contracts.ContextSynthesis.V1.Intent.DataQuestion => "data_question",
        Contracts.ContextSynthesis.V1.Intent.FollowUp => "follow_up",
        Contracts.ContextSynthesis.V1.Intent.OutOfScope => "out_of_scope",
        _ => Name(intent),
    };

    /// <summary>An enum value in lower case, as its proto name without prefix.</summary>
    public static string Name<T>(T value)
        where T : struct, System.Enum => value.ToString().ToLowerInvariant();

    public static DateTimeOffset? Moment(Timestamp? timestamp) => timestamp?.ToDateTimeOffset();

    private static IReadOnlyList<ConsiderationView> Considerations(RepeatedField<Consideration> considerations) =>
        [.. considerations.Select(c => new ConsiderationView(
            c.Key, c.Label, c.Text, Math.Round(c.Weight, 4), Math.Round(c.Score, 4), c.SourceId.Length > 0 ? c.SourceId : null))];

    private static IReadOnlyList<SensitivityView> Sensitivity(RepeatedField<Sensitivity> sensitivity) =>
        [.. sensitivity.Select(s => new SensitivityView(
            s.Key, s.Label, NumberOf(s.Current), NumberOf(s.Threshold), s.Threshold.KindCase.ToString().ToLowerInvariant(), s.Above, s.Option, s.Text))];

    private static double NumberOf(Contracts.Common.V1.Value value) => Math.Round(value.KindCase switch
    {
        Contracts.Common.V1.Value.KindOneofCase.Ratio => value.Ratio,
        Contracts.Common.V1.Value.KindOneofCase.Days => value.Days,
        _ => 0,
    }, 4);
}
