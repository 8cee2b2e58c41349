namespace Platform.Gateway.Chat;

/// <summary>A question.</summary>
/// <param name="Query">The question in plain words, 1 to 4,000 characters.</param>
/// <param name="SessionId">
/// The conversation it belongs to: 1 to 128 of letters, digits, '.', '_', ':', '@' and '-'. Absent: a new conversation, whose id
/// the answer carries. A session belongs to the user who started it.
/// </param>
/// <param name="Culture">BCP 47 tag for dates and numbers, e.g. "en-GB". Absent: the configured culture.</param>
/// <param name="ExplainGates">True returns every quality gate with its reason.</param>
public sealed record ChatRequest(string? Query, string? SessionId = null, string? Culture = null, bool ExplainGates = false);

/// <summary>An answer, where it comes from, and what is not known.</summary>
/// <param name="Answer">Markdown.</param>
/// <param name="Confidence">0 to 1.</param>
/// <param name="Sources">What the figures come from; the text refers to them by id.</param>
/// <param name="Suggestions">Questions that can be answered next.</param>
/// <param name="QualityScore">0 to 1, over all quality gates.</param>
/// <param name="PassedQualityGates">Whether every gate passed.</param>
/// <param name="Entities">What the question was understood to be about.</param>
/// <param name="Notes">What a reader must know to weigh the answer.</param>
/// <param name="Degradation">How much of the platform was available for this answer.</param>
/// <param name="RequestId">Names this request in logs, traces and records.</param>
/// <param name="SessionId">The conversation to continue.</param>
/// <param name="Intent">What kind of question it was taken for.</param>
/// <param name="Method">"writer", "model", "model_fallback", or "context" when no writer was available.</param>
/// <param name="Timings">Milliseconds by stage, and "total".</param>
/// <param name="Disambiguation">Set when the answer is a question back.</param>
/// <param name="Decision">Set when the question asked for a decision.</param>
/// <param name="Patterns">Insights that the answer uses.</param>
/// <param name="Gates">Quality gates, when asked for.</param>
/// <param name="Model">What a model call took, when a model wrote the text.</param>
public sealed record ChatResponse(
    string Answer,
    double Confidence,
    IReadOnlyList<SourceView> Sources,
    IReadOnlyList<string> Suggestions,
    double QualityScore,
    bool PassedQualityGates,
    IReadOnlyList<EntityView> Entities,
    IReadOnlyList<NoteView> Notes,
    DegradationView Degradation,
    string RequestId,
    string SessionId,
    string Intent,
    string Method,
    IReadOnlyDictionary<string, double> Timings,
    DisambiguationView? Disambiguation,
    DecisionView? Decision,
    IReadOnlyList<InsightView> Patterns,
    IReadOnlyList<GateView>? Gates,
    ModelView? Model);

/// <summary>An entity of the registry.</summary>
/// <param name="Type">"customer", "order", "invoice" or "payment".</param>
/// <param name="Id">Its key.</param>
/// <param name="Name">Display name.</param>
/// <param name="Mention">The words that named it; empty when the conversation implied it.</param>
/// <param name="MatchType">"exact", "alias", "acronym", "fuzzy", "conversation" or "number".</param>
/// <param name="Confidence">0 to 1.</param>
/// <param name="Explanation">What agreed and what was forgiven.</param>
/// <param name="AliasId">The alias that settled it, so that it can be taken back.</param>
public sealed record EntityView(
    string Type, string Id, string Name, string? Mention = null, string? MatchType = null, double? Confidence = null,
    IReadOnlyList<string>? Explanation = null, string? AliasId = null);

/// <summary>Where figures come from.</summary>
/// <param name="Id">What the text refers to, e.g. "s1".</param>
/// <param name="Kind">"database", "pattern", "memory", "decision" or "document".</param>
/// <param name="Title">What a reader is told.</param>
/// <param name="AsOf">When it was read or computed.</param>
/// <param name="Stale">True when a cached value stands in because the origin could not be read.</param>
/// <param name="Evidence">Tables, rows and SQL behind it.</param>
/// <param name="SqlSources">The WITH clause to put before the SQL of each evidence; absent when that SQL is complete.</param>
public sealed record SourceView(
    string Id, string Kind, string Title, DateTimeOffset? AsOf, bool Stale, IReadOnlyList<EvidenceView> Evidence, string? SqlSources = null);

/// <summary>Rows that a figure was computed from.</summary>
/// <param name="Table">Qualified table or view.</param>
/// <param name="RowIds">The first keys: at most 10 in an answer, 50 elsewhere.</param>
/// <param name="TotalRows">How many rows there are.</param>
/// <param name="Sql">SQL that reproduces the figure.</param>
public sealed record EvidenceView(string Table, IReadOnlyList<string> RowIds, long TotalRows, string Sql);

/// <summary>Something a reader must know to weigh the answer.</summary>
/// <param name="Code">Stable code.</param>
/// <param name="Text">One sentence.</param>
/// <param name="Severity">"info", "warning" or "critical".</param>
public sealed record NoteView(string Code, string Text, string Severity);

/// <summary>How much of the platform was available.</summary>
/// <param name="Level">"full", "limited", "minimal" or "maintenance".</param>
/// <param name="Missing">Parts that this answer had to do without.</param>
public sealed record DegradationView(string Level, IReadOnlyList<string> Missing);

/// <summary>A question back.</summary>
/// <param name="Mention">The ambiguous words.</param>
/// <param name="Candidates">In the order shown; answer with the number, the name or the id.</param>
public sealed record DisambiguationView(string Mention, IReadOnlyList<CandidateView> Candidates);

/// <summary>A candidate for an ambiguous mention.</summary>
/// <param name="Number">Counted from 1.</param>
/// <param name="Type">Kind of entity.</param>
/// <param name="Id">Its key.</param>
/// <param name="Name">Display name.</param>
/// <param name="Confidence">0 to 1.</param>
/// <param name="Distinguishing">What tells it from the others.</param>
public sealed record CandidateView(
    int Number, string Type, string Id, string Name, double Confidence, IReadOnlyDictionary<string, string> Distinguishing);

/// <summary>A weighed decision.</summary>
/// <param name="Recommended">Name of an option; null when too little is known for a recommendation.</param>
/// <param name="Options">Best first.</param>
/// <param name="WouldChange">One sentence for each entry of <paramref name="Sensitivity"/>, and what else could change it.</param>
/// <param name="ExpectedValue">Benefit minus cost over one year under the assumptions.</param>
/// <param name="KnownWeight">Share of the evidence that is known, 0 to 1.</param>
/// <param name="MainReason">Key of the evidence that carries the recommendation.</param>
public sealed record DecisionView(
    string Framework, string Question, string? Recommended, double Confidence, string Risk,
    IReadOnlyList<OptionView> Options, IReadOnlyList<ConsiderationView> For, IReadOnlyList<ConsiderationView> Against,
    IReadOnlyList<string> WouldChange, IReadOnlyList<string> Missing, IReadOnlyList<string> Assumptions, MoneyView? ExpectedValue,
    MoneyView? ExpectedBenefit, MoneyView? ExpectedCost, IReadOnlyList<SensitivityView> Sensitivity, double KnownWeight, string? MainReason);

/// <summary>From which value of one figure on, all others unchanged, another option would be recommended.</summary>
/// <param name="Key">Key of the evidence.</param>
/// <param name="Label">Words for a reader.</param>
/// <param name="Current">The figure now.</param>
/// <param name="Threshold">The first value at which <paramref name="Option"/> is recommended, in the unit of the figure now.</param>
/// <param name="Unit">"ratio" (0.25 is 25 %) or "days".</param>
/// <param name="Above">True: from the threshold upwards; false: downwards.</param>
/// <param name="Option">Name of that option.</param>
/// <param name="Text">The same as one sentence.</param>
public sealed record SensitivityView(
    string Key, string Label, double Current, double Threshold, string Unit, bool Above, string Option, string Text);

/// <summary>An option with its weighed score, -1 to 1.</summary>
public sealed record OptionView(string Name, string Label, double Score);

/// <summary>One piece of evidence, weighed.</summary>
public sealed record ConsiderationView(string Key, string Label, string Text, double Weight, double Score, string? SourceId);

/// <summary>Decimal text with an ISO 4217 code.</summary>
public sealed record MoneyView(string Amount, string Currency);

/// <summary>A detected pattern.</summary>
public sealed record InsightView(
    string Id, string CustomerId, string Type, string Text, string Recommendation, double Confidence, double Significance,
    long SampleSize, EffectView? Effect, double? PValue, string? From, string? Until, string? ChangedOn,
    IReadOnlyList<EvidenceView> Evidence);

/// <summary>Size of an effect with its 95 % interval.</summary>
public sealed record EffectView(double Value, string Unit, double? Low, double? High);

/// <summary>One quality gate.</summary>
public sealed record GateView(string Gate, double Score, bool Passed, string Reason);

/// <summary>What a model call took.</summary>
public sealed record ModelView(
    string Provider, string Model, string PromptName, int PromptVersion, long InputTokens, long OutputTokens, MoneyView? Cost, int Attempts);
