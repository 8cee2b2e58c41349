using System.Numerics;
using Platform.EntityResolution.Names;

namespace Platform.EntityResolution.Index;

/// <summary>
/// Finds words within two edits of a misspelt one: two words are that near only if they become equal by deleting at most two
/// letters from each (W. Garbe's symmetric delete, 2012), which their beginnings suffice to tell. Deletions are kept as hashes.
/// </summary>
internal sealed class TypoTable
{
    // Bounds memory for registries with very many distinct words: about 100 MB.
    private const long MostEntries = 22_000_000;

    private readonly WordTable _words;
    private readonly int[] _bucketEnds;
    private readonly int[] _entries;
    private readonly int _prefix;

    public TypoTable(WordTable words)
    {
        _words = words;
        _prefix = 7;
        while (_prefix > 4 && (long)words.Count * Deletions(_prefix) > MostEntries)
        {
            _prefix--;
        }

        Span<uint> hashes = stackalloc uint[40];
        long total = 0;
        for (var word = 0; word < words.Count; word++)
        {
            total += Keys(words[word], hashes);
        }

        _bucketEnds = new int[BitOperations.RoundUpToPowerOf2((uint)Math.Max(16, total / 3)) + 1];
        var mask = (uint)(_bucketEnds.Length - 2);
        for (var word = 0; word < words.Count; word++)
        {
            var count = Keys(words[word], hashes);
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
        for (var word = 0; word < words.Count; word++)
        {
            var count = Keys(words[word], hashes);
            foreach (var hash in hashes[..count])
            {
                _entries[_bucketEnds[hash & mask]++] = word;
            }
        }
    }

    public long Bytes => 4L * (_bucketEnds.Length + _entries.Length);

    /// <summary>Adds the words within so many edits, at most two, each once; the word itself is left out.</summary>
    public void Find(ReadOnlySpan<char> text, int edits, List<int> found)
    {
        Span<uint> hashes = stackalloc uint[40];
        var count = Keys(text, hashes, edits);
        var mask = (uint)(_bucketEnds.Length - 2);
        var before = found.Count;
        foreach (var hash in hashes[..count])
        {
            var bucket = hash & mask;
            var start = bucket == 0 ? 0 : _bucketEnds[bucket - 1];
            foreach (var word in _entries.AsSpan(start.._bucketEnds[bucket]))
            {
                var other = _words[word];
                if (Math.Abs(other.Length - text.Length) <= edits && EditDistance.Between(text, other, edits) is var distance && distance > 0 && distance <= edits
                    && !System.Runtime.InteropServices.CollectionsMarshal.AsSpan(found)[before..].Contains(word))
                {
                    found.Add(word);
                }
            }
        }
    }

    private static int Deletions(int length) => 1 + length + length * (length - 1) / 2;

    private static int EditsOf(int length) => length <= 2 ? 0 : length <= 4 ? 1 : 2;

    private int Keys(ReadOnlySpan<char> word, Span<uint> hashes) => Keys(word, hashes, EditsOf(word.Length));

    /// <summary>Hashes of the word's beginning with up to so many letters deleted. Mere numbers have none: another digit is another number.</summary>
    private int Keys(ReadOnlySpan<char> word, Span<uint> hashes, int edits)
    {
        if (edits == 0 || word.IndexOfAnyExceptInRange('0', '9') < 0)
        {
            return 0;
        }

        var beginning = word.Length > _prefix ? word[.._prefix] : word;
        Span<char> shorter = stackalloc char[8];
        Span<char> shortest = stackalloc char[8];
        var count = 0;
        hashes[count++] = TextHash.Of(beginning);
        for (var i = 0; i < beginning.Length; i++)
        {
            if (i > 0 && beginning[i] == beginning[i - 1])
            {
                continue;
            }

            Delete(beginning, i, shorter);
            var one = shorter[..(beginning.Length - 1)];
            hashes[count++] = TextHash.Of(one);
            for (var j = i; edits == 2 && j < one.Length; j++)
            {
                Delete(one, j, shortest);
                hashes[count++] = TextHash.Of(shortest[..(one.Length - 1)]);
            }
        }

        return count;
    }

    private static void Delete(ReadOnlySpan<char> word, int index, Span<char> rest)
    {
        word[..index].CopyTo(rest);
        word[(index + 1)..].CopyTo(rest[index..]);
    }
}
