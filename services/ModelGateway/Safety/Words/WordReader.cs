namespace Platform.ModelGateway.Safety.Words;

/// <summary>Cuts a text into words and looks each up.</summary>
internal static class WordReader
{
    /// <summary>The words, and whether those in small letters are mostly known, as in English, so that an unknown one with a capital says something.</summary>
    internal static (List<Word> Words, bool IsEnglish) Read(string text, PiiFindings findings)
    {
        var lexicon = Lexicon.Instance;
        var words = new List<Word>((text.Length / 4) + 4);
        var (known, small) = (0, 0);
        var position = 0;
        var begins = true;
        while (position < text.Length)
        {
            var character = text[position];
            if (!char.IsLetterOrDigit(character))
            {
                begins |= character is '.' or '!' or '?' or ':' or '\n' or '"' or '“' or '•' or '|' or '\r';
                position++;
                continue;
            }

            findings.Step();
            var end = End(text, position);
            var word = text.AsSpan(position, end - position);
            var shape = Shape(word);
            var hash = Lexicon.Hash(word);
            var kinds = shape == WordShape.Number ? WordKinds.None : Kinds(lexicon, word, hash);
            if (shape == WordShape.Lower && word.Length > 2)
            {
                small++;
                known += kinds != WordKinds.None ? 1 : 0;
            }

            words.Add(new Word(position, end - position, kinds, shape, begins, hash));
            begins = false;
            position = end;
        }

        return (words, small < 3 || known * 10 >= small * 6);
    }

    /// <summary>A compound has the kinds of its parts, and is English only when all of them are.</summary>
    private static WordKinds Kinds(Lexicon lexicon, ReadOnlySpan<char> word, ulong hash)
    {
        var kinds = lexicon.Find(hash);
        var hyphen = word.IndexOfAny('-', '\'', '’');
        if (kinds != WordKinds.None || hyphen < 0)
        {
            return kinds;
        }

        var english = true;
        foreach (var range in word.SplitAny('-', '\'', '’'))
        {
            var part = lexicon.Find(word[range]);
            english &= (part & WordKinds.English) != 0 || word[range].Length < 2 || word[range] is "ll" or "re" or "ve";
            kinds |= part & (WordKinds.GivenName | WordKinds.Surname | WordKinds.Nationality);
        }

        return english ? kinds | WordKinds.English : kinds;
    }

    private static int End(string text, int start)
    {
        var end = start;
        while (end < text.Length)
        {
            if (char.IsLetterOrDigit(text[end]))
            {
                end++;
                continue;
            }

            var joins = text[end] is '-' or '\'' or '’' && end + 1 < text.Length && char.IsLetter(text[end + 1]) && char.IsLetter(text[end - 1]);

            // A possessive s is no part of the name.
            if (!joins || (text[end] is '\'' or '’' && text[end + 1] is 's' or 'S' && (end + 2 >= text.Length || !char.IsLetterOrDigit(text[end + 2]))))
            {
                break;
            }

            end++;
        }

        return end;
    }

    private static WordShape Shape(ReadOnlySpan<char> word)
    {
        var (upper, lower, digits) = (0, 0, 0);
        var isInner = false;
        var previous = ' ';
        foreach (var character in word)
        {
            if (char.IsDigit(character))
            {
                digits++;
            }
            else if (char.IsUpper(character))
            {
                upper++;
                isInner |= char.IsLower(previous);
            }
            else if (char.IsLetter(character))
            {
                lower++;
            }

            previous = character;
        }

        return digits > 0 ? WordShape.Number
            : upper == 0 ? WordShape.Lower
            : lower == 0 ? (upper == 1 ? WordShape.Capitalised : WordShape.Capitals)
            : char.IsUpper(word[0]) && !isInner ? WordShape.Capitalised
            : WordShape.Mixed;
    }
}
