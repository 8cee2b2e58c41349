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

    /// <summary>Adds the words of the text, in order of place.</summary>
    internal static void Find(ReadOnlySpan<char> text, List<KeywordHit> hits)
    {
        var afterLetter = false;
        for (var at = 0; at < text.Length; at++)
        {
            var first = text[at];
            var isAscii = char.IsAscii(first);
            var isLetter = isAscii ? char.IsAsciiLetter(first) : char.IsLetter(first);
            if (!(isLetter && afterLetter) && (isAscii ? Ascii[first] : Others.GetValueOrDefault(first)) is { } entry)
            {
                Find(text, at, entry.StartingWith(at + 1 < text.Length ? text[at + 1] : '\0'), hits);
            }

            afterLetter = isLetter;
        }
    }

    private static void Find(ReadOnlySpan<char> text, int at, (string Word, Keyword Kinds)[] words, List<KeywordHit> hits)
    {
        foreach (var (word, kinds) in words)
        {
            if (text[at..].StartsWith(word, StringComparison.OrdinalIgnoreCase)
                && (word.Length > ShortWord || at + word.Length >= text.Length || !char.IsLetter(text[at + word.Length]) || !char.IsLetter(word[^1])))
            {
                hits.Add(new KeywordHit(at, at + word.Length, kinds));
            }
        }
    }

    /// <summary>The words that begin with one character, by a hash of their second.</summary>
    private sealed class Entry
    {
        private const int Slots = 64;

        private readonly (string Word, Keyword Kinds)[][] _bySecond;

        internal Entry((string Word, Keyword Kinds)[] words) =>
            _bySecond = [.. Enumerable.Range(0, Slots).Select(slot => words.Where(word => word.Word.Length == 1 || Slot(word.Word[1]) == slot).ToArray())];

        /// <summary>Those that may go on with the character, and those of one character.</summary>
        internal (string Word, Keyword Kinds)[] StartingWith(char second) => _bySecond[Slot(second)];

        private static int Slot(char second) => char.ToUpperInvariant(second) & (Slots - 1);
    }
}

/// <summary>A keyword in a text.</summary>
internal readonly record struct KeywordHit(int Start, int End, Keyword Kinds);
