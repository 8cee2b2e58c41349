using Platform.Contracts.ContextSynthesis.V1;
using Platform.Contracts.ResponseGeneration.V1;
using Platform.ResponseGeneration.Gates.Figures;
using Platform.ResponseGeneration.Gates.Names;
using Platform.ResponseGeneration.Writing;

namespace Platform.ResponseGeneration.Gates;

/// <summary>What the gates found.</summary>
/// <param name="Score">Σ weight × score: numbers 0.35, entities 0.2, completeness 0.25, leakage 0.1, length 0.05, tone 0.05.</param>
/// <param name="Passed">Every gate passed.</param>
/// <param name="IsGrounded">No invented figure, no invented name, no leaked instruction: what may be shown at all.</param>
/// <param name="Invented">Where in the text invented figures stand.</param>
internal sealed record GateReport(double Score, bool Passed, bool IsGrounded, IReadOnlyList<GateResult> Gates, IReadOnlyList<SaidFigure> Invented)
{
    /// <summary>The answer to the question is there.</summary>
    public bool IsComplete => Gates.Single(g => g.Gate == "completeness").Passed;

    /// <summary>What did not pass, and why.</summary>
    public IReadOnlyList<string> Reasons => [.. Gates.Where(g => !g.Passed).Select(g => $"{g.Gate}: {g.Reason}")];
}

/// <summary>Checks texts against the context that they were written from.</summary>
/// <param name="context">What may be said.</param>
/// <param name="language">The separators of numbers.</param>
/// <param name="instructions">What a model was told; empty when none wrote.</param>
/// <param name="quotable">The draft that a model may repeat.</param>
internal sealed class QualityGates(SynthesizedContext context, Language language, string instructions = "", string quotable = "")
{
    private static readonly (string Gate, double Weight)[] Weights =
        [("numbers", 0.35), ("entities", 0.2), ("completeness", 0.25), ("leakage", 0.1), ("length", 0.05), ("tone", 0.05)];

    private readonly NumberGate _numbers = new(context, language.Culture);
    private readonly EntityGate _entities = new(context);
    private readonly LeakageGate _leakage = new(context, instructions, quotable);

    public static GateReport Check(string text, SynthesizedContext context, Language language) => new QualityGates(context, language, quotable: text).Check(text);

    public GateReport Check(string text)
    {
        var (numbers, invented) = _numbers.Check(text);
        GateResult[] gates =
        [
            numbers, _entities.Check(text), CompletenessGate.Check(text, context, language),
            _leakage.Check(text), LengthGate.Check(text, context), ToneGate.Check(text),
        ];
        return new GateReport(
            Math.Round(gates.Sum(g => g.Score * Weights.First(w => w.Gate == g.Gate).Weight), 4),
            gates.All(g => g.Passed),
            gates.Where(g => g.Gate is "numbers" or "entities" or "leakage").All(g => g.Passed),
            gates,
            invented);
    }

    /// <summary>Why a part of a text must not be shown behind what was shown before; null when its figures and names are verified and it leaks nothing.</summary>
    public string? WhyNot(string shown, string part)
    {
        var whole = shown + part;
        var invented = _numbers.Check(whole).Invented.Where(f => f.Start >= shown.Length).Select(f => f.Text).ToList();
        return invented.Count > 0 ? $"not in the context: {string.Join("; ", invented)}"
            : _entities.Unknown(part) is { Count: > 0 } names ? $"not in the context: {string.Join("; ", names)}"
            : _leakage.Check(part) is { Passed: false } leak ? leak.Reason
            : null;
    }

    internal static GateResult Result(string gate, double score, bool passed, string reason) =>
        new() { Gate = gate, Score = Math.Round(Math.Clamp(score, 0, 1), 4), Passed = passed, Reason = reason };
}
