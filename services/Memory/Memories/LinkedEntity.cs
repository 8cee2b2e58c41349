using System.Text.Json;
using System.Text.Json.Serialization;

namespace Platform.Memory.Memories;

/// <summary>An entity as memories and conversations keep it. The type is "customer", "order", "invoice" or "payment".</summary>
internal sealed record LinkedEntity(
    [property: JsonPropertyName("type")] string Type,
    [property: JsonPropertyName("id")] string Id,
    [property: JsonPropertyName("name")] string Name)
{
    /// <summary>The text in app.memories.entity_links.</summary>
    public string Link => $"{Type}:{Id}";

    public static string ToJson(IEnumerable<LinkedEntity> entities) => JsonSerializer.Serialize(entities);

    public static IReadOnlyList<LinkedEntity> FromJson(string json) => JsonSerializer.Deserialize<LinkedEntity[]>(json) ?? [];

    /// <summary>Newest first, without repeats.</summary>
    public static IReadOnlyList<LinkedEntity> Merge(IEnumerable<LinkedEntity> newer, IEnumerable<LinkedEntity> older, int most) =>
        [.. newer.Concat(older).DistinctBy(e => e.Link).Take(most)];
}
