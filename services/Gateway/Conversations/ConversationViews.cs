using System.Text.Json;
using Platform.Contracts.Memory.V1;
using Platform.Gateway.Chat;

namespace Platform.Gateway.Conversations;

/// <summary>One of the caller's conversations in a list.</summary>
/// <param name="Title">Its first question.</param>
public sealed record ConversationSummaryView(
    string SessionId, string Title, long Turns, IReadOnlyList<EntityView> Entities, DateTimeOffset? StartedAt, DateTimeOffset? UpdatedAt);

/// <summary>The caller's conversations, latest first.</summary>
/// <param name="NextToken">For the next page; null on the last.</param>
public sealed record ConversationsView(IReadOnlyList<ConversationSummaryView> Conversations, string? NextToken);

/// <summary>State of a conversation.</summary>
/// <param name="Recent">The newest turns, newest first.</param>
/// <param name="NextToken">For older turns; null when there are none.</param>
public sealed record ConversationView(
    string SessionId, IReadOnlyList<EntityView> Entities, IReadOnlyList<string> Topics, string LastIntent, long Turns,
    DateTimeOffset? StartedAt, DateTimeOffset? UpdatedAt, bool WaitsForChoice, IReadOnlyList<TurnView> Recent, string? NextToken);

/// <summary>A question with its answer.</summary>
/// <param name="RequestId">Names the request in logs and traces.</param>
/// <param name="At">When it was answered.</param>
/// <param name="Query">The question.</param>
/// <param name="Answer">Markdown.</param>
/// <param name="Intent">What kind of question it was taken for.</param>
/// <param name="Confidence">0 to 1.</param>
/// <param name="Record">How the answer came about, as under /api/answers; absent when that is no longer kept.</param>
/// <param name="Html">The answer as HTML, when asked for.</param>
public sealed record TurnView(
    string RequestId, DateTimeOffset? At, string Query, string Answer, string Intent, double Confidence, JsonElement? Record, string? Html)
{
    internal static TurnView From(Interaction turn, bool withHtml) => new(
        turn.RequestId, ChatViews.Moment(turn.At), turn.Query, turn.Answer, turn.Intent, turn.Confidence,
        turn.RecordJson.Length == 0 ? null : JsonElement.Parse(turn.RecordJson), withHtml ? AnswerHtml.Of(turn.Answer) : null);
}
