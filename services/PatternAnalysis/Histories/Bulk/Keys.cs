using System.Buffers.Binary;
using System.Numerics;

namespace Platform.PatternAnalysis.Histories.Bulk;

/// <summary>
/// Keys with their numbers: millions of them in a few arrays, instead of as many strings and entries that the garbage collector would have to visit.
/// Open addressing with linear probing, at most half full.
/// </summary>
internal sealed class Keys
{
    private readonly Texts texts = new();
    private readonly List<int> hashes = [];
    private int[] slots = new int[1024];
    private int latest = -1;

    public int Count => texts.Count;

    /// <summary>Adds a key under the next number; of equal keys the first is the one that is found.</summary>
    public void Add(ReadOnlySpan<byte> key)
    {
        var hash = Hash(key);
        texts.Add(key);
        hashes.Add(hash);
        if (2 * texts.Count > slots.Length)
        {
            slots = new int[slots.Length * 2];
            for (var i = 0; i < texts.Count; i++)
            {
                Place(hashes[i], i);
            }
        }
        else
        {
            Place(hash, texts.Count - 1);
        }
    }

    /// <returns>The key's number; -1 when it was not added.</returns>
    public int Find(ReadOnlySpan<byte> key)
    {
        // Rows of one customer often follow each other. Another thread may look for another key meanwhile.
        var last = latest;
        if (last >= 0 && texts[last].SequenceEqual(key))
        {
            return last;
        }

        var hash = Hash(key);
        for (var slot = hash & (slots.Length - 1); slots[slot] != 0; slot = (slot + 1) & (slots.Length - 1))
        {
            var index = slots[slot] - 1;
            if (hashes[index] == hash && texts[index].SequenceEqual(key))
            {
                return latest = index;
            }
        }

        return -1;
    }

    /// <summary>The number of the key, which is added when it is new.</summary>
    public int FindOrAdd(ReadOnlySpan<byte> key)
    {
        var found = Find(key);
        if (found < 0)
        {
            Add(key);
            return Count - 1;
        }

        return found;
    }

    public string ToString(int index) => texts.ToString(index);

    // The number is written plus one: 0 is an empty slot.
    private void Place(int hash, int index)
    {
        var slot = hash & (slots.Length - 1);
        while (slots[slot] != 0)
        {
            slot = (slot + 1) & (slots.Length - 1);
        }

        slots[slot] = index + 1;
    }

    // Eight bytes at a time, multiplied and folded.
    private static int Hash(ReadOnlySpan<byte> key)
    {
        const ulong odd = 0x9E37_79B9_7F4A_7C15;
        var hash = (ulong)key.Length * odd;
        for (; key.Length >= 8; key = key[8..])
        {
            hash = Fold(hash ^ BinaryPrimitives.ReadUInt64LittleEndian(key));
        }

        var rest = 0UL;
        foreach (var part in key)
        {
            rest = (rest << 8) | part;
        }

        return (int)(Fold(hash ^ rest) >> 32);

        static ulong Fold(ulong value)
        {
            value *= odd;
            return BitOperations.RotateLeft(value, 32) ^ (value >> 29);
        }
    }
}
