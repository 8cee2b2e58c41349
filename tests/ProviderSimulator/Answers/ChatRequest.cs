using System.Text.Json;

namespace Platform.ProviderSimulator.Answers;

/// <summary>A chat request in no provider's shape.</summary>
internal sealed record ChatRequest(string Model, IReadOnlyList<Turn> Turns, bool Streams)
{
    /// <summary>Token counts are sent with a stream, too.</summary>
    internal bool WantsUsage { get; init; } = true;

    internal int? MaximumTokens { get; init; }

    internal IReadOnlyList<string> Stop { get; init; } = [];

    internal IReadOnlyList<ToolOffer> Tools { get; init; } = [];

    /// <summary>The schema that the answer must satisfy.</summary>
    internal JsonElement? Schema { get; init; }

    internal string System => string.Join('\n', Turns.Where(turn => turn.Role is "system" or "developer").Select(turn => turn.Text));

    internal string User => Turns.LastOrDefault(turn => turn.Role == "user")?.Text ?? "";

    internal string AllText => string.Join('\n', Turns.Select(turn => turn.Text));
}

/// <summary>One message.</summary>
internal sealed record Turn(string Role, string Text);

/// <summary>A tool that may be called.</summary>
internal sealed record ToolOffer(string Name, JsonElement? Schema);

/// <summary>A tool that is called.</summary>
internal sealed record ToolUse(string Id, string Name, string ArgumentsJson);

/// <summary>What is answered.</summary>
/// <param name="Pieces">The text in the parts that a stream sends.</param>
/// <param name="Tools">Tools that are called instead.</param>
/// <param name="IsCutOff">The limit of tokens ended it.</param>
/// <param name="InputTokens">Counted as four characters each.</param>
internal sealed record Answer(IReadOnlyList<string> Pieces, IReadOnlyList<ToolUse> Tools, bool IsCutOff, int InputTokens)
{
    internal string Text => string.Concat(Pieces);

    internal int OutputTokens => Pieces.Count + Tools.Sum(tool => (tool.ArgumentsJson.Length + 3) / 4);
}
