using System.Numerics;

namespace Platform.EntityResolution.Names;

/// <summary>
/// The runs of three characters of a text's words, each word with a space around it, as a set of hashes: evidence that does not depend
/// on the order of words, nor on where a word was cut.
/// </summary>
internal struct Trigrams
{
    private const int Parts = 16;

    private Bits _bits;

    public void Read(ReadOnlySpan<char> text)
    {
        _bits = default;
        var (before, last) = (' ', ' ');
        foreach (var character in text)
        {
            Add(before, last, character);
            (before, last) = character == ' ' ? (' ', ' ') : (last, character);
        }

        Add(before, last, ' ');
    }

    /// <summary>Share of the trigrams of either that both have, 0 to 1.</summary>
    public readonly float Likeness(in Trigrams other)
    {
        var (common, all) = (0, 0);
        for (var i = 0; i < Parts; i++)
        {
            common += BitOperations.PopCount(_bits[i] & other._bits[i]);
            all += BitOperations.PopCount(_bits[i] | other._bits[i]);
        }

        return all == 0 ? 0 : (float)common / all;
    }

    private void Add(char first, char second, char third)
    {
        var hash = ((((((uint)first * 31) + second) * 31) + third) * 0x9E3779B9u) >> 22;
        _bits[(int)(hash >> 6)] |= 1UL << (int)(hash & 63);
    }

    [System.Runtime.CompilerServices.InlineArray(Parts)]
    private struct Bits
    {
        private ulong _first;
    }
}
