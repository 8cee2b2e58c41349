namespace Platform.ModelGateway.Prompts;

/// <summary>One version of a prompt.</summary>
internal sealed record Prompt
{
    public Guid? Id { get; init; }

    public required string Name { get; init; }

    public required int Version { get; init; }

    public required string Content { get; init; }

    public string SystemMessage { get; init; } = "";

    public double? Temperature { get; init; }

    public int? MaximumTokens { get; init; }

    public string Model { get; init; } = "";

    public IReadOnlyList<string> Tags { get; init; } = [];

    public bool IsActive { get; init; }

    public double? Weight { get; init; }

    public string CreatedBy { get; init; } = "";

    public DateTimeOffset? CreatedAt { get; init; }

    public DateTimeOffset? ActivatedAt { get; init; }

    public DateTimeOffset? DeactivatedAt { get; init; }

    public bool BuiltIn { get; init; }
}
