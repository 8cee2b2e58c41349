namespace Platform.ModelGateway.Safety.Words;

/// <summary>Streets with numbers, units and boxes, postal codes, and what follows them in an address.</summary>
internal static class AddressRules
{
    private const int LongestStreet = 5;
    private const int LongestCode = 8;

    private static readonly WordSet Coded = new("zip zipcode postcode postal plz postleitzahl");

    private static readonly WordSet Addressed = new("address lives live located delivered street office side corner on at");

    private static readonly string[] StreetEndings =
    [
        "strasse", "straße", "gasse", "allee", "platz", "weg", "damm", "ufer", "vej", "vegen", "veien", "gata", "gatan", "gate", "vagen", "vägen", "straat", "laan", "plein", "gracht", "kade", "dijk", "katu", "tie", "kuja", "polku", "raitti", "braut", "götu", "tún", "tun", "stigur", "stien", "stigen", "utca", "uti", "parken", "bakken", "haven", "toften", "moor", "hof", "gade", "gränd", "backen", "strand",
    ];

    internal static void Find(WordText text, PiiFindings findings)
    {
        for (var index = 0; index < text.Count; index++)
        {
            // Most words: neither a number nor a name, and no word of an address.
            if (text[index].Shape == WordShape.Lower && !text[index].Is(WordKinds.StreetWord | WordKinds.UnitWord))
            {
                continue;
            }

            var end = Street(text, index);
            end = end >= index ? end : Unit(text, index);
            if (end >= index)
            {
                var last = Rest(text, end);
                findings.Add(PiiType.Address, text[index].Start, text[last].End);
                index = last;
                continue;
            }

            if (Postcode(text, index) is var code && code >= index)
            {
                findings.Add(PiiType.Postcode, text[index].Start, text[code].End);
                index = code;
            }
        }
    }

    /// <summary>The last word of a street with its number; less than the first when none begins here.</summary>
    private static int Street(WordText text, int first)
    {
        ref readonly var word = ref text[first];
        if (IsHouseNumber(text, first))
        {
            // 1668 Glyn St, 12 rue de la Paix, 475 Breivangvegen 38; a second number may precede ("010 63 Avenue …").
            var start = first + 1 < text.Count && text.Gap(first) is " " && IsHouseNumber(text, first + 1) ? first + 1 : first;
            var last = NamedStreet(text, start + 1);
            if (last > start && text.Gap(start) is " " or ", " or "  ")
            {
                return last + 1 < text.Count && text.Gap(last) is " " && IsHouseNumber(text, last + 1) ? last + 1 : last;
            }

            // 123 Anything 45: a number on both sides.
            var after = start + 1;
            while (after < text.Count && after - start <= LongestStreet && text.Gap(after - 1) is " " && (text[after].IsUpper || text[after].Is(WordKinds.Particle)))
            {
                after++;
            }

            return after > start + 1 && after < text.Count && text.Gap(after - 1) is " " && IsHouseNumber(text, after) && text[after].Length < 5 && word.Length <= 5 && text[start + 1].IsUpper && !text[start + 1].Is(WordKinds.Calendar) ? after : first - 1;
        }

        if (!word.IsUpper && !word.Is(WordKinds.StreetWord))
        {
            return first - 1;
        }

        // Hauptstrasse 5, ul. Zakrzowska 92, Calle Mayor 3, Paseo del Atlántico 81.
        var end = NamedStreet(text, first);
        if (end >= first && end + 1 < text.Count && text.Gap(end) is " " or ", " && IsHouseNumber(text, end + 1) && (text.Gap(end) is " " || text[end + 1].Length < 4))
        {
            return end + 1;
        }

        // After "address", "lives at": any capitalised words and a number, or a street without one.
        if (word.IsUpper && IsAddressed(text, first))
        {
            var last = first;
            while (last + 1 < text.Count && last - first < LongestStreet && text.Gap(last) is " " && (text[last + 1].IsUpper || text[last + 1].Is(WordKinds.Particle)))
            {
                last++;
            }

            // "On November 21" is a day.
            if (last + 1 < text.Count && text.Gap(last) is " " && IsHouseNumber(text, last + 1) && text[last + 1].Length < 6 && !text[last].Is(WordKinds.Calendar))
            {
                return last + 1;
            }

            return last > first && text[last].Is(WordKinds.StreetWord) ? last : first - 1;
        }

        return first - 1;
    }

    /// <summary>Capitalised words with a street word at either end, or one with a street's ending.</summary>
    private static int NamedStreet(WordText text, int first)
    {
        if (first >= text.Count)
        {
            return -1;
        }

        ref readonly var word = ref text[first];
        if (word.IsUpper && HasStreetEnding(text.Span(first)))
        {
            return first;
        }

        var last = first;
        var leading = word.Is(WordKinds.StreetWord) && (word.IsUpper || text.CharacterAfter(first) == '.' || !word.IsEnglish);
        if (!word.IsUpper && !leading)
        {
            return -1;
        }

        while (last + 1 < text.Count && last - first < LongestStreet && text.Gap(last) is " " or ". " or ".")
        {
            ref readonly var next = ref text[last + 1];
            if (!next.IsUpper && !(next.Is(WordKinds.Particle) || (next.Is(WordKinds.StreetWord) && !next.IsEnglish) || next.Length == 1))
            {
                break;
            }

            last++;
            if (text[last].Is(WordKinds.StreetWord) && !leading && text[last].IsUpper)
            {
                // "Clearview Court Terrace" goes on, "Main St." ends.
                while (last + 1 < text.Count && text.Gap(last) is " " && text[last + 1].IsUpper && text[last + 1].Is(WordKinds.StreetWord))
                {
                    last++;
                }

                return last;
            }

            if (!leading && next.IsUpper && HasStreetEnding(text.Span(last)))
            {
                return last;
            }
        }

        return leading && last > first ? last : -1;
    }

    private static bool HasStreetEnding(ReadOnlySpan<char> word)
    {
        if (word.Length < 6)
        {
            return false;
        }

        foreach (var ending in StreetEndings)
        {
            if (word.Length > ending.Length + 2 && word.EndsWith(ending, StringComparison.OrdinalIgnoreCase))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Apt. 595, Suite 12, PO Box 77, Unit 4719 Box 7394, PSC 2581, Box 0041.</summary>
    private static int Unit(WordText text, int first)
    {
        ref readonly var word = ref text[first];
        if (!word.Is(WordKinds.UnitWord) || !(word.IsUpper || text.Is(first, "apt") || text.Is(first, "suite")))
        {
            return first - 1;
        }

        var number = text.Is(first, "po") || text.Is(first, "p") ? first + 2 : first + 1;
        return number < text.Count && text.Gap(number - 1) is " " or ". " or " #" or "." && text[number].Shape == WordShape.Number && text[number].Length <= 6 && (number == first + 1 || text.Is(first + 1, "box") || text.Is(first + 1, "o")) ? number : first - 1;
    }

    /// <summary>Goes on over units, places, region codes and postal codes, as long as they stand where an address has them.</summary>
    private static int Rest(WordText text, int last)
    {
        for (var steps = 0; last + 1 < text.Count && steps < 12; steps++)
        {
            var gap = text.Gap(last);
            if (gap.Length > 12 || gap.IndexOfAnyExcept(" ,\n\r\t.") >= 0 || (gap.Contains('.') && gap is not ". " && gap is not "."))
            {
                break;
            }

            ref readonly var next = ref text[last + 1];
            var isBreak = gap.IndexOfAny(',', '\n') >= 0;
            if (Unit(text, last + 1) is var unit && unit > last)
            {
                last = unit;
            }
            else if (IsTwoPartCode(text, last + 1))
            {
                last += 2;
            }
            else if (next.Shape == WordShape.Number && next.Length is >= 3 and <= 10 && (isBreak || text[last].IsUpper) && gap is not ". " && !text[last].Is(WordKinds.Calendar))
            {
                last++;
            }
            else if (next.Shape == WordShape.Capitals && next.Length <= 3 && gap is not ". ")
            {
                last++;
            }
            else if (next.IsUpper && (isBreak || next.Is(WordKinds.City | WordKinds.Country) || (gap is " " && text[last].Shape == WordShape.Number && !next.IsEnglish)) && gap is not ". " && !EndsSentence(text, last))
            {
                last = Locality(text, last + 1);
            }
            else if (next.Shape == WordShape.Lower && text.Is(last + 1, "nan") && isBreak)
            {
                last++;
            }
            else
            {
                break;
            }
        }

        return last;
    }

    private static bool EndsSentence(WordText text, int index) => text.CharacterAfter(index) == '.' && text.Gap(index).Contains('\n');

    private static int Locality(WordText text, int first)
    {
        var last = first;
        while (last + 1 < text.Count && last - first < 4 && text.Gap(last) is " " or "-" && (text[last + 1].IsUpper || text[last + 1].Is(WordKinds.Particle)) && text[last + 1].Shape != WordShape.Number)
        {
            last++;
        }

        return last;
    }

    /// <summary>Forms that only postal codes have, and any code after the word.</summary>
    private static int Postcode(WordText text, int first)
    {
        if (text[first].Shape != WordShape.Number || text[first].Length > LongestCode)
        {
            return first - 1;
        }

        var word = text.Span(first);
        var second = first + 1 < text.Count && text.Gap(first) is " " or "-" ? text.Span(first + 1) : default;
        var isSpace = text.Gap(first) is " ";
        if (char.IsUpper(word[0]) && IsForm(word, "A9A") && IsForm(second, "9A9"))
        {
            return first + 1;
        }

        if (char.IsUpper(word[0]) && isSpace && IsForm(second, "9AA") && char.IsUpper(second[1]) && (IsForm(word, "A9") || IsForm(word, "AA9") || IsForm(word, "A99") || IsForm(word, "AA99") || IsForm(word, "A9A") || IsForm(word, "AA9A")))
        {
            return first + 1;
        }

        if (IsForm(word, "9999") && isSpace && IsForm(second, "AA") && second.IndexOfAnyExceptInRange('A', 'Z') < 0 && !text[first + 1].Is(WordKinds.Calendar))
        {
            return first + 1;
        }

        if (word.Length >= 3 && IsCoded(text, first))
        {
            return second.Length is > 0 and <= 4 && text[first + 1].Shape == WordShape.Number ? first + 1 : first;
        }

        if (word.ContainsAnyExceptInRange('0', '9'))
        {
            return first - 1;
        }

        // On a line of its own, or right after a place: 53650, 340 12, 90010-170.
        var end = IsForm(second, "999") && IsForm(word, "99") && !isSpace ? first + 1
            : IsForm(word, "99999") && IsForm(second, "999") && !isSpace ? first + 1
            : IsForm(word, "99999") && IsForm(second, "9999") && !isSpace ? first + 1
            : IsForm(word, "999") && IsForm(second, "99") && isSpace ? first + 1
            : IsForm(word, "99999") || IsForm(word, "9999") || IsForm(word, "999") ? first : first - 1;
        if (end < first)
        {
            return end;
        }

        var previous = first > 0 ? text[first - 1] : default;
        var afterPlace = first > 0 && text.Gap(first - 1).IndexOfAnyExcept(" ,\n\r\t") < 0
            && (previous.Is(WordKinds.City | WordKinds.Country) && previous.IsUpper && !previous.IsEnglish || (previous.Shape == WordShape.Capitals && previous.Length <= 3 && !previous.IsEnglish && text.Gap(first - 1).Contains('\n')) || (previous.Shape == WordShape.Capitals && previous.Length == 2 && word.Length == 5));
        var ownLine = text.BeginsLine(first) && text.EndsLine(end) && first > 0 && previous.IsUpper;
        var beforePlace = word.Length >= 4 && end + 1 < text.Count && text.Gap(end) is " " && text[end + 1].Is(WordKinds.City) && text[end + 1].IsUpper && !text[end + 1].IsEnglish && text.BeginsLine(first);
        return afterPlace || ownLine || beforePlace ? end : first - 1;
    }

    private static bool IsTwoPartCode(WordText text, int first) =>
        first + 1 < text.Count && text.Gap(first) is " " or "-" && ((IsForm(text.Span(first), "A9A") && IsForm(text.Span(first + 1), "9A9")) || (IsForm(text.Span(first + 1), "9AA") && text.Span(first).Length is >= 2 and <= 4)
            || (IsForm(text.Span(first), "99") && IsForm(text.Span(first + 1), "999")) || (IsForm(text.Span(first), "999") && IsForm(text.Span(first + 1), "99")) || (IsForm(text.Span(first), "99999") && IsForm(text.Span(first + 1), "999")));

    private static bool IsCoded(WordText text, int index)
    {
        for (var before = index - 1; before >= Math.Max(0, index - 3); before--)
        {
            if (Coded.Contains(text[before]))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>9 is a digit, A a letter.</summary>
    private static bool IsForm(ReadOnlySpan<char> word, string form)
    {
        if (word.Length != form.Length)
        {
            return false;
        }

        for (var index = 0; index < form.Length; index++)
        {
            if (form[index] == '9' ? !char.IsAsciiDigit(word[index]) : !char.IsAsciiLetter(word[index]))
            {
                return false;
            }
        }

        return true;
    }

    private static bool IsHouseNumber(WordText text, int index)
    {
        var word = text.Span(index);
        if (text[index].Shape != WordShape.Number || word.Length > 6 || !char.IsAsciiDigit(word[0]))
        {
            return false;
        }

        var letters = word.IndexOfAnyExceptInRange('0', '9');
        return letters < 0 || (letters == word.Length - 1 && char.IsAsciiLetter(word[letters]));
    }

    private static bool IsAddressed(WordText text, int index)
    {
        for (var before = index - 1; before >= Math.Max(0, index - 4); before--)
        {
            if (Addressed.Contains(text[before]))
            {
                return true;
            }
        }

        return false;
    }
}
