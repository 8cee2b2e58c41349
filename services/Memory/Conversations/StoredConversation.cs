using System.Text.Json;
using System.Text.Json.Serialization;
using Platform.Memory.Memories;

namespace Platform.Memory.Conversations;

/// <summary>The state of a session.</summary>
internal sealed record StoredConversation(
    string SessionId, string UserId, IReadOnlyList<LinkedEntity> Entities, IReadOnlyList<string> Topics, string LastIntent, string LastQuery,
    long Turns, OpenQuestion? Pending, DateTimeOffset StartedAt, DateTimeOffset UpdatedAt, IReadOnlyList<LinkedEntity> Listed);

/// <summary>A disambiguation that waits for the user's choice.</summary>
internal sealed record OpenQuestion(
    [property: JsonPropertyName("query")] string Query,
    [property: JsonPropertyName("mention")] string Mention,
    [property: JsonPropertyName("offered")] IReadOnlyList<LinkedEntity> Offered,
    [property: JsonPropertyName("askedAt")] DateTimeOffset AskedAt)
{
    public string ToJson() => JsonSerializer.Serialize(this);

    public static OpenQuestion? FromJson(string json) => JsonSerializer.Deserialize<OpenQuestion>(json);
}

/// <summary>What a turn leaves to the next question.</summary>
/// <param name="Question">The question with what it took from the conversation written out.</param>
/// <param name="Listed">What its answer listed; null: the lists of earlier answers still count.</param>
internal sealed record TurnState(string Question, IReadOnlyList<LinkedEntity>? Listed)
{
    /// <summary>Small talk and what was not understood leave nothing that a next question could take up.</summary>
    public static bool IsAside(string intent) => intent is "follow_up" or "greeting" or "help" or "out_of_scope" or "remember";

    /// <summary>The newest list, and of other types of entity the one before; a list of nothing ends them all.</summary>
    public IReadOnlyList<LinkedEntity> ListedAfter(IReadOnlyList<LinkedEntity> earlier) => Listed switch
    {
        null => earlier,
        [] => [],
        _ => [.. Listed, .. earlier.Where(e => Listed.All(listed => listed.Type != e.Type))],
    };
}

/// <summary>A question with its answer, as stored.</summary>
internal sealed record Turn(
    string RequestId, string SessionId, string UserId, string Query, string Answer, string Intent, IReadOnlyList<string> Topics,
    IReadOnlyList<LinkedEntity> Entities, double Confidence, string? RecordJson, DateTimeOffset At);
