using System.Numerics;
using Platform.EntityResolution.Names;

namespace Platform.EntityResolution.Index;

/// <summary>
/// Finds names that are within two edits of a text when both are written without spaces: slips that cross the borders of words
/// or tear a legal form. Of three parts of such a name one at least is whole in the text, near its place (G. Li et al., Pass-Join, 2011).
/// </summary>
internal sealed class WholeNames
{
    /// <summary>Of fewer characters, anything is within two edits.</summary>
    private const int Shortest = 4;
    private const int Longest = 128;
    private const int Edits = 2;
    private const int Parts = 3;

    // Parts that very many names share tell little; one of the others will.
    private const int MostInBucket = 1_000;
    private const int MostFound = 12;

    private readonly NameIndex _index;
    private readonly int[] _bucketEnds;
    private readonly int[] _entries;

    /// <param name="index">Whose names; its rows and forms are read.</param>
    public WholeNames(NameIndex index)
    {
        _index = index;
        Span<uint> hashes = stackalloc uint[2 * Parts];
        Span<char> text = stackalloc char[Longest];
        var rows = index.Rows.Count;
        _bucketEnds = new int[BitOperations.RoundUpToPowerOf2((uint)Math.Max(16, rows * 2)) + 1];
        var mask = (uint)(_bucketEnds.Length - 2);
        for (var row = 0; row < rows; row++)
        {
            var count = Keys(row, text, hashes);
            foreach (var hash in hashes[..count])
            {
                _bucketEnds[(hash & mask) + 1]++;
            }
        }

        for (var bucket = 1; bucket < _bucketEnds.Length; bucket++)
        {
            _bucketEnds[bucket] += _bucketEnds[bucket - 1];
        }

        // Each bucket's start moves to its end while the bucket fills, and so becomes the next one's start.
        _entries = new int[_bucketEnds[^1]];
        for (var row = 0; row < rows; row++)
        {
            var count = Keys(row, text, hashes);
            for (var i = 0; i < count; i++)
            {
                _entries[_bucketEnds[hashes[i] & mask]++] = (row << 1) | (i < Parts ? 0 : 1);
            }
        }
    }

    public long Bytes => 4L * (_bucketEnds.Length + _entries.Length);

    /// <summary>Edits that a text of that length forgives.</summary>
    public static int AllowedEdits(int length) => length < Shortest ? 0 : length <= 5 ? 1 : Edits;

    /// <summary>Rows within the allowed edits of the text, nearest first, at most a dozen.</summary>
    /// <param name="text">Without spaces.</param>
    /// <param name="found">Takes edits and row, each row once.</param>
    public void Find(ReadOnlySpan<char> text, List<(int Edits, int Row)> found)
    {
        var allowed = AllowedEdits(text.Length);
        if (allowed == 0 || text.Length > Longest - Edits)
        {
            return;
        }

        for (var length = Math.Max(Shortest, text.Length - allowed); length <= text.Length + allowed; length++)
        {
            for (var part = 0; part < Parts; part++)
            {
                var (place, size) = Part(part, length);
                var shift = text.Length - length;
                // Edits before the part move it one way, those after it have to make up for the difference in length.
                var first = Math.Max(0, Math.Max(place - part, place + shift - (Parts - 1 - part)));
                var last = Math.Min(text.Length - size, Math.Min(place + part, place + shift + (Parts - 1 - part)));
                for (var start = first; start <= last; start++)
                {
                    Verify(text, Hash(text.Slice(start, size), part, length), length, allowed, found);
                }
            }
        }

        found.Sort(static (a, b) => a.CompareTo(b));
        if (found.Count > MostFound)
        {
            found.RemoveRange(MostFound, found.Count - MostFound);
        }
    }

    private void Verify(ReadOnlySpan<char> text, uint hash, int length, int allowed, List<(int Edits, int Row)> found)
    {
        var bucket = hash & (uint)(_bucketEnds.Length - 2);
        var start = bucket == 0 ? 0 : _bucketEnds[bucket - 1];
        if (_bucketEnds[bucket] - start > MostInBucket)
        {
            return;
        }

        Span<char> name = stackalloc char[Longest];
        foreach (var entry in _entries.AsSpan(start.._bucketEnds[bucket]))
        {
            var row = entry >> 1;
            var written = Write(row, name, withForm: (entry & 1) == 0);
            if (written == length && EditDistance.Between(text, name[..written], allowed) is var edits && edits <= allowed)
            {
                Note(row, edits, found);
            }
        }
    }

    private static void Note(int row, int edits, List<(int Edits, int Row)> found)
    {
        for (var i = 0; i < found.Count; i++)
        {
            if (found[i].Row == row)
            {
                found[i] = (Math.Min(edits, found[i].Edits), row);
                return;
            }
        }

        found.Add((edits, row));
    }

    /// <summary>Hashes of the parts of the whole name, then of the name without its legal form when it has one.</summary>
    private int Keys(int row, Span<char> text, Span<uint> hashes)
    {
        var count = 0;
        var whole = Write(row, text, withForm: true);
        AddParts(text[..whole], hashes, ref count);
        if (count > 0 && _index.FormOf(row).Length > 0)
        {
            AddParts(text[..Write(row, text, withForm: false)], hashes, ref count);
        }

        return count;
    }

    private static void AddParts(ReadOnlySpan<char> text, Span<uint> hashes, ref int count)
    {
        for (var part = 0; part < Parts && text.Length >= Shortest; part++)
        {
            var (place, size) = Part(part, text.Length);
            hashes[count++] = Hash(text.Slice(place, size), part, text.Length);
        }
    }

    /// <summary>The name without spaces; 0 for one that is too long.</summary>
    private int Write(int row, Span<char> into, bool withForm)
    {
        var length = 0;
        foreach (var word in _index.Rows.WordsOf(row))
        {
            var text = _index.Words[word];
            if (length + text.Length > into.Length)
            {
                return 0;
            }

            text.CopyTo(into[length..]);
            length += text.Length;
        }

        if (!withForm)
        {
            return length;
        }

        foreach (var character in _index.FormOf(row))
        {
            if (length == into.Length)
            {
                return 0;
            }

            if (character != ' ')
            {
                into[length++] = character;
            }
        }

        return length;
    }

    private static (int Place, int Size) Part(int part, int length)
    {
        var place = length * part / Parts;
        return (place, (length * (part + 1) / Parts) - place);
    }

    private static uint Hash(ReadOnlySpan<char> text, int part, int length) => TextHash.Of(text) ^ ((uint)((length * Parts) + part) * 0x9E3779B9);
}
