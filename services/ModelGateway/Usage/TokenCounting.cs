using System.Text;
using Microsoft.Extensions.AI;

namespace Platform.ModelGateway.Usage;

/// <summary>Tokens as the provider counted them, and estimates where it did not.</summary>
internal static class TokenCounting
{
    /// <summary>English text has about four characters a token in the tokenizers of the large models.</summary>
    private const int CharactersPerToken = 4;

    /// <summary>Half of what English has, and less than any common script has: an upper estimate.</summary>
    private const int LeastBytesPerToken = 2;

    /// <summary>Tokens around a message: role, separators.</summary>
    private const int TokensPerMessage = 8;

    internal static TokenCount Count(UsageDetails? usage, long inputCharacters, long outputCharacters)
    {
        if (usage?.InputTokenCount is not { } input || input < 0)
        {
            return Estimate(inputCharacters, outputCharacters);
        }

        var output = Math.Max(0, usage.OutputTokenCount ?? 0);
        return new TokenCount(
            input, output, Math.Clamp(usage.CachedInputTokenCount ?? 0, 0, input), Math.Clamp(usage.ReasoningTokenCount ?? 0, 0, output), Estimated: false);
    }

    internal static TokenCount Estimate(long inputCharacters, long outputCharacters) =>
        new(Divided(inputCharacters, CharactersPerToken), Divided(outputCharacters, CharactersPerToken), 0, 0, Estimated: true);

    /// <summary>The most input tokens that texts are likely to be.</summary>
    internal static long UpperEstimate(IEnumerable<string> texts) =>
        texts.Sum(text => Divided(Encoding.UTF8.GetByteCount(text), LeastBytesPerToken) + TokensPerMessage);

    private static long Divided(long characters, int by) => (characters + by - 1) / by;
}
