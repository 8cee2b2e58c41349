using System.Globalization;
using System.Text;

namespace Platform.EntityResolution.Names;

/// <summary>Folds a letter to lower-case Latin without accents where a usual spelling exists; other scripts keep their letters.</summary>
internal static class Folding
{
    // Romanisation of Russian, Ukrainian, Bulgarian and Serbian letters as passports and company registers use it, from U+0430.
    private static readonly string[] Cyrillic =
    [
        "a", "b", "v", "g", "d", "e", "zh", "z", "i", "y", "k", "l", "m", "n", "o", "p", "r", "s", "t", "u", "f", "kh", "ts", "ch", "sh", "shch", "", "y", "", "e", "yu", "ya",
        "e", "e", "dj", "g", "ye", "dz", "i", "yi", "j", "lj", "nj", "c", "k", "i", "u", "dz",
    ];

    // ISO 843 transcription reduced to letters, from U+03B1.
    private static readonly string[] Greek =
        ["a", "v", "g", "d", "e", "z", "i", "th", "i", "k", "l", "m", "n", "x", "o", "p", "r", "s", "s", "t", "y", "f", "ch", "ps", "o"];

    public static bool IsInvisible(Rune rune) =>
        Rune.GetUnicodeCategory(rune) is UnicodeCategory.Format or UnicodeCategory.NonSpacingMark or UnicodeCategory.EnclosingMark;

    public static void Append(WordBuffer word, Rune rune)
    {
        // Decomposing would take syllables and ideographs apart.
        if (rune.Value is >= 0x3400 and <= 0x9FFF or >= 0xAC00 and <= 0xD7A3)
        {
            word.Append((char)rune.Value);
            return;
        }

        Span<char> source = stackalloc char[2];
        Span<char> decomposed = stackalloc char[40];
        source = source[..rune.EncodeToUtf16(source)];
        if (!((ReadOnlySpan<char>)source).TryNormalize(decomposed, out var written, NormalizationForm.FormKD))
        {
            return;
        }

        foreach (var part in decomposed[..written].EnumerateRunes())
        {
            if (Rune.IsLetterOrDigit(part))
            {
                AppendLower(word, Rune.ToLowerInvariant(part));
            }
        }
    }

    private static void AppendLower(WordBuffer word, Rune rune)
    {
        switch (rune.Value)
        {
            case >= 0x0430 and <= 0x045F: word.Append(Cyrillic[rune.Value - 0x0430]); break;
            case 0x0491: word.Append('g'); break;
            case >= 0x03B1 and <= 0x03C9: word.Append(Greek[rune.Value - 0x03B1]); break;
            case 0x00DF: word.Append("ss"); break;
            case 0x00E6: word.Append("ae"); break;
            case 0x0153: word.Append("oe"); break;
            case 0x00F8: word.Append('o'); break;
            case 0x0142: word.Append('l'); break;
            case 0x0111 or 0x00F0: word.Append('d'); break;
            case 0x00FE: word.Append("th"); break;
            case 0x0131: word.Append('i'); break;
            case 0x0127: word.Append('h'); break;
            default:
                Span<char> plain = stackalloc char[2];
                word.Append(plain[..rune.EncodeToUtf16(plain)]);
                break;
        }
    }
}
