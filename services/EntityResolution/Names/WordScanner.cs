using System.Text;

namespace Platform.EntityResolution.Names;

/// <summary>
/// Reads the folded words of a text one after another: lower case, without accents and apostrophes, "&amp;" as "and", letters with
/// dots between them as one word. Every normalisation of names and questions goes through it.
/// </summary>
internal ref struct WordScanner(ReadOnlySpan<char> text, WordBuffer buffer)
{
    private readonly ReadOnlySpan<char> _text = text;
    private int _at;

    /// <summary>The word, valid until the next call.</summary>
    public readonly ReadOnlySpan<char> Word => buffer.Word;

    /// <summary>Offset of the first character, in UTF-16 code units.</summary>
    public int Start { get; private set; }

    /// <summary>Length as written, in UTF-16 code units, without a possessive ending.</summary>
    public int Length { get; private set; }

    /// <summary>Characters of the word without its possessive ending; -1 when it has none.</summary>
    public int StemLength { get; private set; }

    public bool Next()
    {
        buffer.Clear();
        var (start, end, segment, apostropheAt) = (-1, 0, 0, -1);
        while (_at < _text.Length)
        {
            var character = _text[_at];
            var (value, size) = ((int)character, 1);
            if (char.IsAsciiLetterOrDigit(character))
            {
                start = start < 0 ? _at : start;
                buffer.Append((char)(character is >= 'A' and <= 'Z' ? character | 0x20 : character));
                segment++;
                end = ++_at;
                continue;
            }

            if (character >= 128)
            {
                Rune.DecodeFromUtf16(_text[_at..], out var rune, out size);
                value = rune.Value;
                if (Rune.IsLetterOrDigit(rune))
                {
                    start = start < 0 ? _at : start;
                    Folding.Append(buffer, rune);
                    segment++;
                    _at += size;
                    end = _at;
                    continue;
                }

                if (Folding.IsInvisible(rune))
                {
                    _at += size;
                    continue;
                }
            }

            var apostrophe = value is '\'' or 0x2019 or 0x2018 or 0x02BC or 0x0060 or 0x00B4;
            if (start >= 0 && apostrophe && IsLetterOrDigit(_at + size))
            {
                apostropheAt = buffer.Length;
                segment = 0;
                _at += size;
            }
            else if (start >= 0 && value == '.' && segment == 1 && char.IsLetter(_text[_at - 1]) && IsLetter(_at + size) && !IsLetterOrDigit(_at + size + 1))
            {
                segment = 0;
                _at += size;
            }
            else if (start >= 0 && buffer.Length > 0)
            {
                Found(start, end, apostropheAt, possessive: apostrophe);
                return true;
            }
            else if (value is '&' or '+')
            {
                buffer.Append("and");
                (Start, Length, StemLength) = (_at, size, -1);
                _at += size;
                return true;
            }
            else
            {
                (start, segment, apostropheAt) = (-1, 0, -1);
                _at += size;
            }
        }

        if (start < 0 || buffer.Length == 0)
        {
            return false;
        }

        Found(start, end, apostropheAt, possessive: false);
        return true;
    }

    private void Found(int start, int end, int apostropheAt, bool possessive)
    {
        (Start, Length, StemLength) = (start, end - start, -1);
        var word = buffer.Word;
        if (apostropheAt > 0 && apostropheAt == word.Length - 1 && word[^1] == 's')
        {
            StemLength = word.Length - 1;
            Length -= 2;
        }
        else if (possessive && word[^1] == 's')
        {
            StemLength = word.Length;
        }
    }

    private readonly bool IsLetterOrDigit(int index) => index < _text.Length && char.IsLetterOrDigit(_text[index]);

    private readonly bool IsLetter(int index) => index < _text.Length && char.IsLetter(_text[index]);
}
