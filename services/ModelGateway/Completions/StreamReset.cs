using Microsoft.Extensions.AI;

namespace Platform.ModelGateway.Completions;

/// <summary>
/// The content of an update after which the answer begins anew, because its provider failed in the middle of it: whatever a
/// stage or a reader has of the answer is withdrawn.
/// </summary>
internal sealed class StreamReset(string provider) : AIContent
{
    /// <summary>Who answers from here on.</summary>
    internal string Provider { get; } = provider;

    internal static StreamReset? In(ChatResponseUpdate update) => update.Contents is [StreamReset reset] ? reset : null;
}
