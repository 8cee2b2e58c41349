using System.Globalization;
using System.Text;

namespace Platform.EntityResolution.Names;

/// <summary>
/// Folds text to comparable words: the one normalisation that registry names, aliases and questions go through, so that a
/// key computed on any side is the same key.
/// </summary>
internal static class NameText
{
    public static List<NameToken> Tokenize(string text)
    {
        var tokens = new List<NameToken>();
        var word = new StringBuilder();
        var wordStart = -1;
        var wordEnd = 0;
        var segment = 0;
        var apostropheAt = -1;

        for (var i = 0; i < text.Length;)
        {
            Rune.DecodeFromUtf16(text.AsSpan(i), out var rune, out var size);
            if (Rune.IsLetterOrDigit(rune))
            {
                if (wordStart < 0)
                {
                    wordStart = i;
                }

                AppendFolded(word, rune);
                segment++;
                i += size;
                wordEnd = i;
            }
            else if (IsInvisible(rune))
            {
                i += size;
            }
            else if (wordStart >= 0 && IsApostrophe(rune) && NextIsLetter(text, i + size))
            {
                apostropheAt = word.Length;
                segment = 0;
                i += size;
            }
            else if (wordStart >= 0 && rune.Value == '.' && segment == 1 && char.IsLetter(text[i - 1]) && NextIsSingleLetter(text, i + size))
            {
                segment = 0;
                i += size;
            }
            else
            {
                Flush(possessive: IsApostrophe(rune));
                if (rune.Value is '&' or '+')
                {
                    tokens.Add(new NameToken("and", i, size, null));
                }

                i += size;
            }
        }

        Flush(possessive: false);
        return tokens;

        void Flush(bool possessive)
        {
            if (wordStart >= 0 && word.Length > 0)
            {
                var folded = word.ToString();
                string? stem = null;
                var length = wordEnd - wordStart;
                if (apostropheAt > 0 && apostropheAt == folded.Length - 1 && folded[^1] == 's')
                {
                    stem = Abbreviations.WriteOut(folded[..^1]);
                    length -= 2;
                }
                else if (possessive && folded[^1] == 's')
                {
                    stem = Abbreviations.WriteOut(folded);
                }

                tokens.Add(new NameToken(Abbreviations.WriteOut(folded), wordStart, length, stem));
            }

            word.Clear();
            wordStart = -1;
            segment = 0;
            apostropheAt = -1;
        }
    }

    /// <summary>The comparable form of a whole name.</summary>
    public static NormalizedName Normalize(string name)
    {
        var tokens = Tokenize(name);
        var words = new string[tokens.Count];
        for (var i = 0; i < words.Length; i++)
        {
            words[i] = tokens[i].Text;
        }

        return NormalizedName.From(words);
    }

    private static bool NextIsLetter(string text, int index) => index < text.Length && char.IsLetterOrDigit(text[index]);

    private static bool NextIsSingleLetter(string text, int index) =>
        index < text.Length && char.IsLetter(text[index]) && (index + 1 >= text.Length || !char.IsLetterOrDigit(text[index + 1]));

    private static bool IsApostrophe(Rune rune) => rune.Value is '\'' or 0x2019 or 0x2018 or 0x02BC or 0x0060 or 0x00B4;

    private static bool IsInvisible(Rune rune) =>
        Rune.GetUnicodeCategory(rune) is UnicodeCategory.Format or UnicodeCategory.NonSpacingMark or UnicodeCategory.EnclosingMark;

    private static void AppendFolded(StringBuilder word, Rune rune)
    {
        if (rune.IsAscii)
        {
            word.Append(char.ToLowerInvariant((char)rune.Value));
            return;
        }

        foreach (var part in rune.ToString().Normalize(NormalizationForm.FormKD).EnumerateRunes())
        {
            if (!Rune.IsLetterOrDigit(part))
            {
                continue;
            }

            switch (Rune.ToLowerInvariant(part).Value)
            {
                case 0x00DF: word.Append("ss"); break;
                case 0x00E6: word.Append("ae"); break;
                case 0x0153: word.Append("oe"); break;
                case 0x00F8: word.Append('o'); break;
                case 0x0142: word.Append('l'); break;
                case 0x0111 or 0x00F0: word.Append('d'); break;
                case 0x00FE: word.Append("th"); break;
                case 0x0131: word.Append('i'); break;
                case var value: word.Append(new Rune(value)); break;
            }
        }
    }
}
