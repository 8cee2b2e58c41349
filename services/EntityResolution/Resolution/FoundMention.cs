namespace Platform.EntityResolution.Resolution;

/// <summary>An entity of the registry. The type is "customer", "order", "invoice" or "payment".</summary>
internal sealed record EntityKey(string Type, string Id, string Name)
{
    public bool IsSame(EntityKey other) => Type == other.Type && Id == other.Id;
}

internal enum MatchKind
{
    Exact,
    Alias,
    Acronym,
    Fuzzy,
    Conversation,
    Number,
}

/// <summary>An entity that a mention may mean.</summary>
internal sealed record FoundCandidate(EntityKey Entity, MatchKind Kind, double Confidence, IReadOnlyList<string> Explanation)
{
    /// <summary>The customer of an order or invoice.</summary>
    public EntityKey? Customer { get; init; }

    /// <summary>The alias that agreed; null when the entity's own name did.</summary>
    public Registry.RegisteredAlias? Alias { get; init; }

    /// <summary>What tells it apart, e.g. "city" → "Lyon".</summary>
    public IReadOnlyDictionary<string, string> Distinguishing { get; init; } = new Dictionary<string, string>();
}

/// <summary>A span of the text and what it means.</summary>
/// <param name="Start">Offset in UTF-16 code units.</param>
/// <param name="Length">Length in UTF-16 code units; 0 when implied by the conversation.</param>
/// <param name="Candidates">Best first; empty when nothing is alike.</param>
/// <param name="Outcome">What became of it.</param>
internal sealed record FoundMention(int Start, int Length, IReadOnlyList<FoundCandidate> Candidates, MentionOutcome Outcome)
{
    public FoundCandidate? Match => Outcome == MentionOutcome.Matched ? Candidates[0] : null;
}

internal enum MentionOutcome
{
    Matched,
    Ambiguous,
    NotFound,
}

/// <summary>All mentions of a text, in its order, and what they were matched against.</summary>
internal sealed record ResolvedText(IReadOnlyList<FoundMention> Mentions, Registry.RegistryView Registry);
