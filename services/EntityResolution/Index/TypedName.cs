using Platform.EntityResolution.Names;

namespace Platform.EntityResolution.Index;

/// <summary>How the names of an index fit words that are being typed, the last of which may be unfinished.</summary>
internal sealed class TypedName(NameIndex index, NameWords typed)
{
    /// <summary>The complete word that the fewest names hold; -1 when none holds any.</summary>
    public int Rarest()
    {
        var rarest = -1;
        for (var i = 0; i < typed.Count - 1; i++)
        {
            var word = index.Words.Find(typed[i]);
            if (word >= 0 && index.Words.NamesWith(word) > 0 && (rarest < 0 || index.Words.NamesWith(word) < index.Words.NamesWith(rarest)))
            {
                rarest = word;
            }
        }

        return rarest;
    }

    /// <summary>Whether the name holds every typed word but the last.</summary>
    public bool HoldsCompleteWords(int row)
    {
        for (var i = 0; i < typed.Count - 1; i++)
        {
            var found = false;
            foreach (var word in index.Rows.WordsOf(row))
            {
                found |= index.Words[word].SequenceEqual(typed[i]);
            }

            if (!found)
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Whether a word of the name, or its legal form, begins so.</summary>
    public bool HoldsBeginning(int row, ReadOnlySpan<char> prefix)
    {
        foreach (var word in index.Rows.WordsOf(row))
        {
            if (index.Words[word].StartsWith(prefix))
            {
                return true;
            }
        }

        return index.FormOf(row).AsSpan().StartsWith(prefix);
    }

    /// <summary>Whether a word of the name begins so but for one slip.</summary>
    public bool HoldsNearlyBeginning(int row, ReadOnlySpan<char> prefix)
    {
        foreach (var number in index.Rows.WordsOf(row))
        {
            var word = index.Words[number];
            for (var length = prefix.Length - 1; length <= Math.Min(prefix.Length + 1, word.Length); length++)
            {
                if (EditDistance.Between(prefix, word[..length], 1) <= 1)
                {
                    return true;
                }
            }
        }

        return false;
    }

    /// <summary>Whether the name begins with the typed words, the last one perhaps unfinished.</summary>
    public bool BeginsWithTyped(int row)
    {
        var words = index.Rows.WordsOf(row);
        for (var i = 0; i < typed.Count; i++)
        {
            var last = i == typed.Count - 1;
            var word = i < words.Length ? index.Words[words[i]] : last ? index.FormOf(row) : default;
            if (last ? !word.StartsWith(typed[i]) : !word.SequenceEqual(typed[i]))
            {
                return false;
            }
        }

        return true;
    }
}
