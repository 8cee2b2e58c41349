namespace Platform.ModelGateway.Safety.Patterns;

/// <summary>Telephone numbers: by their international form, by a national shape, or by a word near.</summary>
internal static class Phones
{
    private const int FewestDigits = 7;
    private const int MostDigits = 15;
    private const int LookBack = 44;
    private const int AmountBefore = 14;
    private const int AmountAfter = 12;

    /// <summary>The number that begins with the first group; null when there is none.</summary>
    internal static (int Start, int End)? Match(ReadOnlySpan<char> text, ReadOnlySpan<Group> groups, KeywordHits keywords)
    {
        if (groups[0].HasLetters)
        {
            return null;
        }

        var shape = new Shape(text, groups[0]);
        shape.Read();
        if (shape.Digits is < FewestDigits or > MostDigits || !IsPhone(text, shape, keywords))
        {
            return null;
        }

        return (shape.Start, shape.End);
    }

    private static bool IsPhone(ReadOnlySpan<char> text, in Shape shape, KeywordHits keywords)
    {
        if (shape.End < text.Length && (char.IsAsciiLetterOrDigit(text[shape.End]) || text[shape.End] is '%' or '@' or '_'))
        {
            return false;
        }

        if (text[shape.Start..shape.End].IndexOfAnyExcept("0 -./()+") < 0)
        {
            return false;
        }

        if (shape.International)
        {
            return true;
        }

        if (shape.IsDate || (shape.Start > 0 && (char.IsLetterOrDigit(text[shape.Start - 1]) || text[shape.Start - 1] is '#' or '$' or '€' or '£' or '_' or '-' or '.' or '=' or '/' or ',')))
        {
            return false;
        }

        var from = Math.Max(0, shape.Start - LookBack);
        var named = keywords.Any(Keyword.Phone, from, shape.Start);
        if (shape.Groups == 1)
        {
            return named && !keywords.Any(Keyword.Numbered, from, shape.Start);
        }

        var isAmount = keywords.Any(Keyword.Amount, shape.End, Math.Min(text.Length, shape.End + AmountAfter))
            || (!named && keywords.Any(Keyword.Amount, Math.Max(from, shape.Start - AmountBefore), shape.Start));
        if (shape.IsNorthAmerican)
        {
            return true;
        }

        return !isAmount && (named || (shape.StartsWithZero && shape.Digits >= 8 && (shape.Groups > 2 || !shape.IsSpaced || shape.HasLongEnd)) || (shape.Digits is 8 or 9 or 10 or 11 && shape.Groups >= 3 && (shape.IsSpaced || shape.Groups >= 4) && !shape.HasPoint && !shape.IsGroupedByThousands));
    }

    /// <summary>Digits, and what is written between those of a telephone number.</summary>
    private ref struct Shape(ReadOnlySpan<char> text, Group first)
    {
        private readonly ReadOnlySpan<char> _text = text;
        private bool _parentheses;
        private int _firstLength;
        private int _secondLength;
        private int _lastLength;
        private char _separator;
        private bool _allThree = true;

        internal int Start { get; private set; } = first.Start;

        internal int End { get; private set; } = first.Start;

        internal int Digits { get; private set; }

        internal int Groups { get; private set; }

        internal bool International { get; private set; }

        internal bool HasPoint { get; private set; }

        internal readonly bool StartsWithZero =>
            _text[First(Start)] == '0' && First(Start) + 1 < End && _text[First(Start) + 1] != '0' && !International;

        internal readonly bool IsDate => Groups == 3 && Digits <= 8 && _separator is '.' or '-' or '/'
            && ((_firstLength == 4 && _secondLength <= 2 && _lastLength <= 2) || (_firstLength <= 2 && _secondLength <= 2 && _lastLength is 2 or 4));

        /// <summary>030 12345678: an area code and a subscriber's number.</summary>
        internal readonly bool HasLongEnd => _firstLength <= 4 && _lastLength >= 6;

        internal readonly bool IsSpaced => _separator is ' ' or '\u00A0' or '\u202F';

        /// <summary>12 345 678 is written as amounts are.</summary>
        internal readonly bool IsGroupedByThousands => (IsSpaced || _separator == '.') && _firstLength < 3 && _allThree;

        internal readonly bool IsNorthAmerican => Digits is 10 or 11 && _lastLength == 4 && (_secondLength == 3 || Groups == 4)
            && (Groups == 3 || (Groups == 4 && _firstLength == 1)) && (Groups == 4 || (_firstLength == 3 && FirstDigit is >= '2' and <= '9'));

        private readonly char FirstDigit => _text[Start] == '(' ? _text[Start + 1] : _text[Start];

        internal void Read()
        {
            TakePrefix();
            var position = First(Start);
            while (position < _text.Length)
            {
                var from = position;
                while (position < _text.Length && char.IsAsciiDigit(_text[position]))
                {
                    position++;
                }

                if (position == from || Digits + position - from > MostDigits + 2)
                {
                    break;
                }

                Take(position - from, position);
                position = Gap(position);
                if (position < 0)
                {
                    break;
                }
            }
        }

        private void Take(int length, int end)
        {
            Digits += length;
            Groups++;
            _firstLength = Groups == 1 ? length : _firstLength;
            _secondLength = Groups == 2 ? length : _secondLength;
            _allThree &= Groups == 1 || length == 3;
            _lastLength = length;
            End = end;
        }

        private void TakePrefix()
        {
            if (Start > 0 && _text[Start - 1] == '(')
            {
                Start--;
                _parentheses = true;
            }

            if (Start > 0 && _text[Start - 1] == '+')
            {
                Start--;
                International = true;
            }
            else if (_text[First(Start)] == '0' && First(Start) + 1 < _text.Length && _text[First(Start) + 1] == '0' && !_parentheses)
            {
                // 00 is the exit code of most countries.
                International = First(Start) + 2 < _text.Length && _text[First(Start) + 2] is >= '1' and <= '9';
            }
        }

        private readonly int First(int position)
        {
            while (position < _text.Length && !char.IsAsciiDigit(_text[position]))
            {
                position++;
            }

            return Math.Min(position, _text.Length - 1);
        }

        /// <summary>The first digit after the separator at <paramref name="position"/>; negative when the number ends there.</summary>
        private int Gap(int position)
        {
            var from = position;
            while (position < _text.Length && position - from < 3 && _text[position] is ' ' or '-' or '.' or '/' or '(' or ')' or '\u00A0' or '\u2011' or '\u202F')
            {
                _separator = _separator == '\0' ? _text[position] : _separator;
                HasPoint |= _text[position] == '.';
                position++;
                if (position >= _text.Length)
                {
                    return -1;
                }
            }

            return position > from && position < _text.Length && char.IsAsciiDigit(_text[position]) && Plausible(position) ? position : -1;
        }

        // "call 555 1234. 3 people" ends before the point.
        private readonly bool Plausible(int position) => _text[position - 1] != ' ' || _text[position - 2] != '.';
    }
}
