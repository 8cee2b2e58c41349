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
    DateTimeOffset CreatedAt,
    int Attempts = 1)
{
    internal const string Success = "success";
    internal const string Cancelled = "cancelled";

    /// <summary>The service ended while the call was on its way; whether the provider charged it is not known.</summary>
    internal const string Interrupted = "interrupted";
}

/// <summary>
/// Tokens of a call. Cached tokens are part of <paramref name="Input"/>, reasoning tokens part of <paramref name="Output"/>.
/// <paramref name="Estimated"/> when the provider did not count them.
/// </summary>
internal sealed record TokenCount(long Input, long Output, long CachedInput, long Reasoning, bool Estimated)
{
    internal static TokenCount None { get; } = new(0, 0, 0, 0, false);

    internal long Total => Input + Output;
}

/// <summary>What a call cost, by which price list. <paramref name="Amount"/> and currency are null when that is not known.</summary>
internal sealed record Price(decimal? Amount, string? Currency, string Version)
{
    /// <summary>ISO 4217 for "no currency", of amounts of zero.</summary>
    internal const string NoCurrency = "XXX";

    /// <summary>No price list names the model.</summary>
    internal static Price Unknown { get; } = new(null, null, "unknown");

    /// <summary>Nothing was used.</summary>
    internal static Price Nothing { get; } = new(0, NoCurrency, "none");
}
