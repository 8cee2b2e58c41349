using Platform.EntityResolution.Names;

namespace Platform.EntityResolution.Index;

/// <summary>Finds two words of the registry in one asked word: the space between them is missing, or another character is in its place.</summary>
internal sealed class SplitWords
{
    private const int ShortestMisspelt = 4;

    /// <param name="index">The registry.</param>
    /// <param name="word">A word that no name holds.</param>
    /// <param name="desperate">Nothing is alike as a whole, so that both parts may be misspelt.</param>
    /// <param name="terms">Takes the parts that were found.</param>
    public void Add(NameIndex index, ReadOnlySpan<char> word, bool desperate, SearchTerms terms)
    {
        for (var cut = 2; cut <= word.Length - 2; cut++)
        {
            TryCut(index, word[..cut], word[cut..], desperate, terms);
            if (cut + 1 <= word.Length - 2)
            {
                TryCut(index, word[..cut], word[(cut + 1)..], desperate: false, terms);
            }
        }
    }

    private static void TryCut(NameIndex index, ReadOnlySpan<char> left, ReadOnlySpan<char> right, bool desperate, SearchTerms terms)
    {
        var (leftKnown, rightKnown) = (SearchTerms.IsKnown(index, left), SearchTerms.IsKnown(index, right));
        if (left.Length >= 3 && LegalForms.Canonical(right) is not null)
        {
            Keep(index, left, left.Length >= ShortestMisspelt ? 1 : 0, [], 0, terms);
            return;
        }

        if (!desperate && !leftKnown && !rightKnown)
        {
            return;
        }

        var leftEdits = !leftKnown && left.Length >= ShortestMisspelt ? 1 : 0;
        var rightEdits = !rightKnown && right.Length >= ShortestMisspelt ? 1 : 0;
        if ((leftKnown || leftEdits > 0) && (rightKnown || rightEdits > 0))
        {
            Keep(index, left, leftEdits, right, rightEdits, terms);
        }
    }

    private static void Keep(NameIndex index, ReadOnlySpan<char> left, int leftEdits, ReadOnlySpan<char> right, int rightEdits, SearchTerms terms)
    {
        if (terms.Part(index, left, leftEdits) is not { } first)
        {
            return;
        }

        if (right.Length == 0)
        {
            terms.Keep(first);
        }
        else if (terms.Part(index, right, rightEdits) is { } second)
        {
            terms.Keep(first);
            terms.Keep(second);
        }
    }
}
