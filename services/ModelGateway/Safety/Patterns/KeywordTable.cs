namespace Platform.ModelGateway.Safety.Patterns;

/// <summary>
/// <see cref="Keywords"/> by their first characters. Words begin where a word begins; short ones also end where it ends, so that "tin" is not
/// in "Tintin" or "tiny". Case does not count.
/// </summary>
internal static class KeywordTable
{
    private const int ShortWord = 4;

    private static readonly Entry?[] Ascii = new Entry?[128];
    private static readonly Dictionary<char, Entry> Others = [];

    static KeywordTable()
    {
        foreach (var group in Keywords.All.SelectMany(list => list.Words.Select(word => (word, list.Kind))).GroupBy(word => char.ToUpperInvariant(word.word[0])))
        {
            var entry = new Entry([.. group.GroupBy(word => word.word, word => word.Kind).Select(word => (word.Key, word.Aggregate((all, kind) => all | kind)))]);
            foreach (var first in new[] { group.Key, char.ToLowerInvariant(group.Key) })
            {
                if (char.IsAscii(first))
                {
                    Ascii[first] = entry;
                }
                else
                {
                    Others[first] = entry;
                }
            }
        }
    }

    /// <summary>Adds the words that begin at the place.</summary>
    internal static void Find(ReadOnlySpan<char> text, int at, List<KeywordHit> hits)
    {
        var first = text[at];
        var entry = char.IsAscii(first) ? Ascii[first] : Others.GetValueOrDefault(first);
        if (entry is null || (at + 1 < text.Length && (entry.Seconds & Bit(text[at + 1])) == 0) || (at > 0 && char.IsLetter(first) && char.IsLetter(text[at - 1])))
        {
            return;
        }

        foreach (var (word, kinds) in entry.Words)
        {
            if (text[at..].StartsWith(word, StringComparison.OrdinalIgnoreCase)
                && (word.Length > ShortWord || at + word.Length >= text.Length || !char.IsLetter(text[at + word.Length]) || !char.IsLetter(word[^1])))
            {
                hits.Add(new KeywordHit(at, at + word.Length, kinds));
            }
        }
    }

    private static ulong Bit(char character) => 1UL << (char.ToUpperInvariant(character) & 63);

    /// <summary>The words that begin with one character, and a bit for each second character that they have.</summary>
    private sealed class Entry((string Word, Keyword Kinds)[] words)
    {
        internal (string Word, Keyword Kinds)[] Words { get; } = words;

        internal ulong Seconds { get; } = words.Aggregate(0UL, (all, word) => all | (word.Word.Length == 1 ? ulong.MaxValue : Bit(word.Word[1])));
    }
}

/// <summary>A keyword in a text.</summary>
internal readonly record struct KeywordHit(int Start, int End, Keyword Kinds);
