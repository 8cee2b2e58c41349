using Platform.Contracts.DataQuestions.V1;
using Platform.Contracts.Memory.V1;
using Platform.Contracts.PatternAnalysis.V1;

namespace Platform.ContextSynthesis.Synthesis;

/// <summary>One retrieved thing that can be kept or left out.</summary>
internal abstract record Piece(double Relevance, string Text, string Name)
{
    /// <summary>Four characters count as one token, plus two for the line: close to what English text takes, and independent of any model.</summary>
    public int Tokens => (Text.Length / 4) + 2;
}

internal sealed record FactPiece(EntityFacts Owner, Fact Fact, double Relevance) : Piece(
    Relevance,
    Lines.Of(Fact),
    $"fact: {Fact.Label}" + (Owner.Entity is null ? string.Empty : $" of {Owner.Entity.Name}"));

internal sealed record InsightPiece(CustomerPatterns Owner, Insight Insight, double Relevance) : Piece(
    Relevance,
    Lines.Of(Insight),
    $"pattern: {Insight.Type} of {Owner.Customer?.Name}");

internal sealed record MemoryPiece(ScoredMemory Memory, double Relevance) : Piece(
    Relevance,
    Lines.Of(Memory.Memory),
    $"memory: {Lines.Start(Memory.Memory.Text, 60)}");

internal sealed record DataQuestionPiece(AskResponse Response, double Relevance) : Piece(
    Relevance,
    Lines.Of(Response),
    "data question");

/// <summary>Pieces as the lines that the primary context is made of.</summary>
internal static class Lines
{
    public static string Of(Fact fact)
    {
        var value = fact.Value is null ? "unknown" : fact.Value.KindCase == Contracts.Common.V1.Value.KindOneofCase.Unknown
            ? $"unknown ({fact.Value.Unknown})"
            : Wording.Of(fact.Value);
        var parts = fact.Parts.Count == 0 ? string.Empty
            : $" ({string.Join("; ", fact.Parts.Select(p => $"{p.Name.Replace('_', ' ')}: {Wording.Of(p.Value ?? new())}, {p.Count}"))})";
        return $"{fact.Label}: {value}{parts}";
    }

    public static string Of(Insight insight) =>
        insight.Text + (insight.Recommendation.Length > 0 ? " " + insight.Recommendation : string.Empty);

    public static string Of(MemoryRecord memory) =>
        memory.CreatedAt is null ? memory.Text : $"{memory.CreatedAt.ToDateTime():yyyy-MM-dd}: {memory.Text}";

    public static string Of(AskResponse response) => response.Answer is { } answer
        ? string.Join('\n', new[] { answer.Text }.Concat((answer.Result?.Rows ?? []).Select(r => string.Join(" | ", r.Cells.Select(c => c.IsNull ? "-" : c.Text)))))
        : response.Refusal?.Text ?? string.Empty;

    public static string Start(string text, int length) => text.Length <= length ? text : text[..length].TrimEnd() + "…";
}
