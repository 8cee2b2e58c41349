using System.Collections.Frozen;

namespace Platform.EntityResolution.Mentions;

/// <summary>The embedded lists of words, folded.</summary>
internal static class WordLists
{
    private const int ShortestBase = 3;

    private static readonly FrozenSet<string> OrdinaryWords = Read("ordinary-words.txt");
    private static readonly FrozenSet<string> EnglishWords = Read("dictionary.txt");
    private static readonly FrozenSet<string> PlaceWords = Read("places.txt");

    /// <summary>Words that questions about customers use in their ordinary sense.</summary>
    public static bool IsOrdinary(string word) => OrdinaryWords.Contains(word);

    public static bool IsPlace(string word) => PlaceWords.Contains(word);

    /// <summary>True for a word of the English dictionary or a regular form of one.</summary>
    public static bool IsEnglish(string word) => EnglishWords.Contains(word) || (word.Length > ShortestBase && Bases(word).Any(EnglishWords.Contains));

    private static IEnumerable<string> Bases(string word)
    {
        if (word.EndsWith("ies", StringComparison.Ordinal) || word.EndsWith("ied", StringComparison.Ordinal))
        {
            yield return word[..^3] + "y";
        }

        foreach (var ending in (string[])["s", "es", "ed", "ing", "ly"])
        {
            if (!word.EndsWith(ending, StringComparison.Ordinal) || word.Length - ending.Length < ShortestBase)
            {
                continue;
            }

            var stem = word[..^ending.Length];
            yield return stem;
            if (ending is "ed" or "ing")
            {
                yield return stem + "e";
                if (stem.Length > ShortestBase && stem[^1] == stem[^2])
                {
                    yield return stem[..^1];
                }
            }
        }
    }

    private static FrozenSet<string> Read(string name)
    {
        using var stream = typeof(WordLists).Assembly.GetManifestResourceStream(name)
            ?? throw new InvalidOperationException($"The list {name} is not embedded.");
        using var reader = new StreamReader(stream);
        var words = new HashSet<string>(StringComparer.Ordinal);
        while (reader.ReadLine() is { } line)
        {
            if (!line.StartsWith('#'))
            {
                words.UnionWith(line.Replace("'", "", StringComparison.Ordinal).Split(' ', StringSplitOptions.RemoveEmptyEntries));
            }
        }

        return words.ToFrozenSet(StringComparer.Ordinal);
    }
}
