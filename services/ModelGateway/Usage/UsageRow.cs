namespace Platform.ModelGateway.Usage;

/// <summary>One call, as it is charged: a row of app.usage.</summary>
internal sealed record UsageRow(
    string OrganizationId,
    string CallId,
    string RequestId,
    string Operation,
    string Provider,
    string Model,
    string? PromptName,
    int? PromptVersion,
    TokenCount Tokens,
    Price Price,
    string Outcome,
    TimeSpan Duration,
    DateTimeOffset CreatedAt);

/// <summary>Tokens of a call; <paramref name="Estimated"/> when the provider did not count them.</summary>
internal sealed record TokenCount(long Input, long Output, long CachedInput, long Reasoning, bool Estimated)
{
    internal static TokenCount None { get; } = new(0, 0, 0, 0, false);
}

/// <summary>What a call cost, by which price list.</summary>
internal sealed record Price(decimal Amount, string Currency, string Version);
