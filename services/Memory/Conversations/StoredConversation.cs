using System.Text.Json;
using System.Text.Json.Serialization;
using Platform.Memory.Memories;

namespace Platform.Memory.Conversations;

/// <summary>The state of a session.</summary>
internal sealed record StoredConversation(
    string SessionId, string UserId, IReadOnlyList<LinkedEntity> Entities, IReadOnlyList<string> Topics, string LastIntent, string LastQuery,
    long Turns, OpenQuestion? Pending, DateTimeOffset StartedAt, DateTimeOffset UpdatedAt);

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

/// <summary>A question with its answer, as stored.</summary>
internal sealed record Turn(
    string RequestId, string SessionId, string UserId, string Query, string Answer, string Intent, IReadOnlyList<string> Topics,
    IReadOnlyList<LinkedEntity> Entities, double Confidence, string? RecordJson, DateTimeOffset At);
