namespace Platform.ModelGateway.Safety.Words;

/// <summary>Cuts a text into words and looks each up.</summary>
internal static class WordReader
{
    private const byte Digit = 1;
    private const byte Upper = 2;
    private const byte Lower = 4;

    /// <summary>Joins letters: hyphen, apostrophe.</summary>
    private const byte Joint = 8;

    private static readonly byte[] Classes = [.. Enumerable.Range(0, 128).Select(code => (char)code switch
    {
        >= '0' and <= '9' => Digit,
        >= 'A' and <= 'Z' => Upper,
        >= 'a' and <= 'z' => Lower,
        '-' or '\'' => Joint,
        _ => (byte)0,
    })];

    /// <summary>How many words the text has, and whether those in small letters are mostly known, as in English, so that an unknown one with a capital says something.</summary>
    /// <param name="text">The text.</param>
    /// <param name="words">Takes the words; grows as it must.</param>
    /// <param name="findings">Counts the steps.</param>
    internal static (int Count, bool IsEnglish) Read(string text, ref Word[] words, PiiFindings findings)
    {
        var lexicon = Lexicon.Instance;
        var count = 0;
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
            if (!TryReadPlain(text, position, out var end, out var shape, out var hash))
            {
                end = End(text, position);
                shape = Shape(text.AsSpan(position, end - position));
                hash = Lexicon.Hash(text.AsSpan(position, end - position));
            }

            var word = text.AsSpan(position, end - position);
            var kinds = shape == WordShape.Number ? WordKinds.None : Kinds(lexicon, word, hash);
            if (shape == WordShape.Lower && word.Length > 2)
            {
                small++;
                known += kinds != WordKinds.None ? 1 : 0;
            }

            if (count == words.Length)
            {
                Array.Resize(ref words, count * 2);
            }

            words[count++] = new Word(position, end - position, kinds, shape, begins, hash);
            begins = false;
            position = end;
        }

        return (count, small < 3 || known * 10 >= small * 6);
    }

    /// <summary>A word of ASCII letters and digits alone, in one pass; false for any other.</summary>
    private static bool TryReadPlain(string text, int start, out int end, out WordShape shape, out ulong hash)
    {
        (hash, shape) = (Lexicon.Seed, WordShape.Lower);
        var (uppers, all, previous) = (0, 0, 0);
        var isInner = false;
        for (end = start; end < text.Length; end++)
        {
            var character = text[end];
            if (character >= Classes.Length)
            {
                return false;
            }

            var kind = Classes[character];
            if ((kind & (Digit | Upper | Lower)) == 0)
            {
                if (kind == Joint)
                {
                    return false;
                }

                break;
            }

            isInner |= kind == Upper && previous == Lower;
            uppers += kind == Upper ? 1 : 0;
            all |= kind;
            previous = kind;
            hash = Lexicon.Hash(kind == Upper ? (char)(character + ('a' - 'A')) : character, hash);
        }

        shape = (all & Digit) != 0 ? WordShape.Number
            : (all & Upper) == 0 ? WordShape.Lower
            : (all & Lower) == 0 ? (uppers == 1 ? WordShape.Capitalised : WordShape.Capitals)
            : Classes[text[start]] == Upper && !isInner ? WordShape.Capitalised
            : WordShape.Mixed;
        return true;
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
