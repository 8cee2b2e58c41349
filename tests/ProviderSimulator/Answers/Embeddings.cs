using System.Text.RegularExpressions;

namespace Platform.ProviderSimulator.Answers;

/// <summary>Vectors of length one from the words of a text: the same words give the same direction, shared words a near one (feature hashing).</summary>
internal static partial class Embeddings
{
    internal static float[] Of(string text, int dimensions)
    {
        var vector = new float[dimensions];
        foreach (Match word in Word().Matches(text.ToLowerInvariant()))
        {
            var hash = Hash(word.ValueSpan);
            vector[hash % (uint)dimensions] += (hash & 0x8000_0000) == 0 ? 1 : -1;
        }

        var length = MathF.Sqrt(vector.Sum(value => value * value));
        if (length == 0)
        {
            vector[0] = length = 1;
        }

        for (var index = 0; index < dimensions; index++)
        {
            vector[index] /= length;
        }

        return vector;
    }

    // FNV-1a: string.GetHashCode differs from process to process.
    private static uint Hash(ReadOnlySpan<char> word)
    {
        var hash = 2166136261u;
        foreach (var letter in word)
        {
            hash = unchecked((hash ^ letter) * 16777619u);
        }

        return hash;
    }

    [GeneratedRegex(@"[\p{L}\p{N}]+")]
    private static partial Regex Word();
}
