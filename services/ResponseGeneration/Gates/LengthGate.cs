using Platform.Contracts.ContextSynthesis.V1;
using Platform.Contracts.ResponseGeneration.V1;

namespace Platform.ResponseGeneration.Gates;

/// <summary>Neither a word nor a treatise.</summary>
internal static class LengthGate
{
    private const int Shortest = 20;

    public static GateResult Check(string text, SynthesizedContext context)
    {
        var longest = context.Understanding?.Complexity switch
        {
            Complexity.Simple => 4_000,
            Complexity.Complex => 8_000,
            _ => 6_000,
        };
        var length = text.Trim().Length;
        var good = length >= Shortest && length <= longest;
        var score = good ? 1 : length < Shortest ? (double)length / Shortest : (double)longest / length;
        return QualityGates.Result("length", score, good, $"{length} characters, {Shortest} to {longest} wanted");
    }
}
