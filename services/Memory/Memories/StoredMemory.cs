namespace Platform.Memory.Memories;

/// <summary>A memory as stored.</summary>
internal sealed record StoredMemory(
    Guid Id, string Kind, string Text, IReadOnlyList<LinkedEntity> Entities, string UserId, string SessionId, string Collection,
    double Importance, string MetadataJson, DateTimeOffset CreatedAt, DateTimeOffset? ExpiresAt)
{
    /// <summary>Kind of what every answer leaves behind.</summary>
    public const string Interaction = "interaction";
}

/// <summary>What to look for. Empty lists do not restrict.</summary>
internal sealed record MemoryQuery(
    string Text, IReadOnlyList<LinkedEntity> Entities, IReadOnlyList<string> Kinds, string Collection, string? UserId, bool EntitiesOnly, int Limit)
{
    public bool FindsInteractions => Kinds.Count == 0 || Kinds.Contains(StoredMemory.Interaction);
}

/// <summary>A memory with the parts of its score, each 0 to 1.</summary>
internal sealed record ScoredStoredMemory(StoredMemory Memory, double Score, double EntityScore, double RecencyScore, double MeaningScore);
