using System.Numerics;

namespace Platform.EntityResolution.Index;

/// <summary>
/// Pairs of words that stand side by side in several names, with how many. Where "Harbour" is followed by "Lane" in twenty names, the two
/// tell together hardly more than one of them: words of a family of names do not say which of the family is meant.
/// </summary>
internal sealed class Phrases
{
    private const int WordBits = 24;
    private const int CountBits = 64 - (2 * WordBits);
    private const ulong MostCounted = (1UL << CountBits) - 1;

    // Names that the general knowledge of the second word counts for, beside those that hold the first. Of 1, 2 and 5 the likeliest on the training half.
    private const float Doubt = 5;

    private readonly ulong[] _entries;

    /// <param name="rows">Names as words.</param>
    /// <param name="words">For how many names hold a word: a word of one name makes no pair.</param>
    public Phrases(NameRows rows, WordTable words)
    {
        var pairs = 0;
        foreach (var _ in Pairs(rows, words))
        {
            pairs++;
        }

        var counts = Room(pairs);
        foreach (var key in Pairs(rows, words))
        {
            ref var entry = ref Slot(counts, key);
            entry = entry == 0 ? (key << CountBits) | 1 : (entry & MostCounted) == MostCounted ? entry : entry + 1;
        }

        _entries = Room(counts.Count(entry => (entry & MostCounted) > 1));
        foreach (var entry in counts)
        {
            if ((entry & MostCounted) > 1)
            {
                Slot(_entries, entry >> CountBits) = entry;
            }
        }
    }

    public long Bytes => 8L * _entries.Length;

    /// <summary>
    /// What the two words say twice, in nats: what the second one tells alone, less what it tells after the first one. The name itself
    /// does not count, so that words of one name only keep all they tell.
    /// </summary>
    /// <param name="first">A word.</param>
    /// <param name="second">The word behind it.</param>
    /// <param name="namesWithFirst">Names that hold the first word.</param>
    /// <param name="weight">What the second word tells, see <see cref="NameIndex.WeightOf(int)"/>.</param>
    public float Repeated(int first, int second, int namesWithFirst, float weight)
    {
        if (((first | second) >> WordBits) != 0)
        {
            return 0;
        }

        var together = (float)(Slot(_entries, Key(first, second)) & MostCounted);
        if (together <= 1)
        {
            return 0;
        }

        var alone = MathF.Exp(-weight);
        var after = (together - 1 + (Doubt * alone)) / (namesWithFirst - 1 + Doubt);
        return Math.Max(0, MathF.Log(after / alone));
    }

    private static IEnumerable<ulong> Pairs(NameRows rows, WordTable words)
    {
        for (var row = 0; row < rows.Count; row++)
        {
            for (var i = rows.Start[row] + 1; i < rows.Start[row + 1]; i++)
            {
                var (first, second) = (rows.Words[i - 1], rows.Words[i]);
                if (((first | second) >> WordBits) == 0 && words.NamesWith(first) > 1 && words.NamesWith(second) > 1)
                {
                    yield return Key(first, second);
                }
            }
        }
    }

    // One is added so that no key is 0.
    private static ulong Key(int first, int second) => (((ulong)first << WordBits) | (uint)second) + 1;

    private static ulong[] Room(int pairs) => new ulong[BitOperations.RoundUpToPowerOf2((uint)Math.Max(8, pairs * 3L / 2))];

    /// <summary>The entry of the key, or the free one where it belongs.</summary>
    private static ref ulong Slot(ulong[] entries, ulong key)
    {
        var mask = entries.Length - 1;
        var at = (int)((key * 0x9E3779B97F4A7C15UL) >> 33) & mask;
        while (entries[at] != 0 && entries[at] >> CountBits != key)
        {
            at = (at + 1) & mask;
        }

        return ref entries[at];
    }
}
