using System.Text.Json;
using Platform.Gateway.Chat;
using Platform.Gateway.Customers;

namespace Platform.Gateway.Answers;

/// <summary>One answer, explained.</summary>
/// <param name="RequestId">The answer's request id.</param>
/// <param name="SessionId">Its conversation.</param>
/// <param name="At">When it was given.</param>
/// <param name="Query">The question as it was asked.</param>
/// <param name="Answer">The answer as it was given: Markdown.</param>
/// <param name="Record">How it came about: the schema AnswerRecordView. Words are masked by the rules for personal data.</param>
/// <param name="Feedback">What its reader said of it.</param>
/// <param name="TraceUrl">Its trace in the dashboard; in development only.</param>
public sealed record AnswerView(
    string RequestId, string SessionId, DateTimeOffset? At, string Query, string Answer, JsonElement? Record, FeedbackView? Feedback, string? TraceUrl);

/// <summary>How an answer came about.</summary>
/// <param name="Question">The question as asked.</param>
/// <param name="StandaloneQuestion">With its references filled in from the conversation.</param>
/// <param name="AsOf">The day that figures were asked for; absent: the day of the answer.</param>
/// <param name="Culture">As asked for.</param>
/// <param name="TraceId">W3C trace id.</param>
/// <param name="Response">The answer as it was sent, with its timings, notes, degradation, gates and cost.</param>
/// <param name="Retrieved">What it was made from.</param>
/// <param name="Versions">What made it.</param>
public sealed record AnswerRecordView(
    string Question, string StandaloneQuestion, string? AsOf, string? Culture, string? TraceId, ChatResponse Response,
    RetrievedView? Retrieved, VersionsView? Versions);

/// <summary>What was retrieved for an answer.</summary>
/// <param name="Missing">What was asked for and not had.</param>
/// <param name="Older">Parts of which an older copy stood in.</param>
/// <param name="Dropped">What the context had no room for.</param>
public sealed record RetrievedView(
    IReadOnlyList<RetrievedFactsView> Facts, IReadOnlyList<RetrievedPatternsView> Patterns, IReadOnlyList<RetrievedMemoryView> Memories,
    RetrievedDataView? DataQuestion, IReadOnlyList<MissingView> Missing, IReadOnlyList<string> Older, IReadOnlyList<string> Dropped);

/// <summary>Figures about one entity, or about all customers.</summary>
/// <param name="SqlSources">By table: the WITH clause to put before the SQL of its figures.</param>
public sealed record RetrievedFactsView(
    EntityView? Entity, string? AsOf, DateTimeOffset? ReadAt, bool Stale, IReadOnlyDictionary<string, string> SqlSources, IReadOnlyList<RetrievedFactView> Facts);

/// <summary>One figure with the rows and SQL behind it.</summary>
public sealed record RetrievedFactView(string Kind, ValueView Value, EvidenceView? Evidence);

/// <summary>Patterns of one customer.</summary>
/// <param name="DataVersion">Version of the data that they were computed from.</param>
/// <param name="Tier">Where they were read: "memory", "redis", "postgres", "computed", or "portfolio" for what was found over all customers.</param>
public sealed record RetrievedPatternsView(
    EntityView? Customer, string DataVersion, DateTimeOffset? ComputedAt, string Tier, bool Stale, IReadOnlyList<RetrievedInsightView> Insights);

/// <summary>One pattern.</summary>
public sealed record RetrievedInsightView(string Id, string Type, string Text, double Confidence, string DataVersion);

/// <summary>One memory.</summary>
public sealed record RetrievedMemoryView(string Id, string Kind, string Text, DateTimeOffset? CreatedAt, double Score);

/// <summary>A question answered by SQL, or why it was not.</summary>
public sealed record RetrievedDataView(
    string? Sql, IReadOnlyDictionary<string, string> Parameters, string? Method, double? Confidence, bool Cached, int Rows, DateTimeOffset? ExecutedAt, string? Refusal);

/// <summary>A part that was not had.</summary>
public sealed record MissingView(string Part, string Reason);

/// <summary>What made an answer.</summary>
/// <param name="Platform">Build of the gateway.</param>
public sealed record VersionsView(string Platform, string? Prompt, int? PromptVersion, string? Provider, string? Model);

/// <summary>What a reader says of an answer.</summary>
/// <param name="Verdict">"up" or "down".</param>
/// <param name="Comment">At most 2,000 characters.</param>
public sealed record FeedbackRequest(string? Verdict, string? Comment = null);

/// <summary>What a reader said of an answer.</summary>
/// <param name="Counted">Whether it counts for a prompt version: answers without a model have none.</param>
public sealed record FeedbackView(string Verdict, string Comment, DateTimeOffset? GivenAt, bool? Counted = null);

/// <summary>An answer asked again.</summary>
/// <param name="RequestId">The first answer.</param>
/// <param name="Question">What was asked again.</param>
/// <param name="AsOf">Rows after this day were ignored, as they were not there then; absent: the answer is of today.</param>
/// <param name="Same">True when nothing that the answer rests on has changed.</param>
/// <param name="Changes">What has.</param>
/// <param name="Response">The answer of now, under a request id of its own. It is not recorded.</param>
public sealed record ReplayView(
    string RequestId, string Question, string? AsOf, bool Same, IReadOnlyList<ChangeView> Changes, ChatResponse Response);

/// <summary>Something that has changed since.</summary>
/// <param name="What">"fact", "pattern", "decision", "prompt", "model" or "platform".</param>
/// <param name="Name">Which one, e.g. "Delta Industries: open_balance".</param>
/// <param name="Before">Absent when it was not there.</param>
/// <param name="After">Absent when it is no longer there.</param>
public sealed record ChangeView(string What, string Name, string? Before, string? After);
