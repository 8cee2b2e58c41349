namespace Platform.ModelGateway.Safety.Patterns;

/// <summary>
/// Numbers that states give their people. A form that nothing else has (letters in fixed places, a written birth date with a check
/// digit, groups of unusual lengths) is enough; bare digits need a check digit and a word near.
/// </summary>
internal static class NationalNumbers
{
    private const string SpanishLetters = "TRWAGMYFPDXBNJZSQVHLCKE";
    private const string FinnishLetters = "0123456789ABCDEFHJKLMNPRSTUVWXY";

    internal static bool Is(in Candidate candidate) =>
        candidate.Compact.Length is >= 8 and <= 18 && candidate.Separator is not ',' && (candidate.HasLetters ? HasForm(candidate) : IsNumber(candidate));

    private static bool IsNumber(in Candidate candidate)
    {
        var digits = candidate.Compact;
        if (HasWrittenForm(candidate, digits))
        {
            return true;
        }

        // Nine digits in this form are nothing else.
        if (candidate.Shaped(3, 2, 4) || "1234567890".StartsWith(digits, StringComparison.Ordinal))
        {
            return false;
        }

        if (!HasCheckedLength(digits.Length) || !candidate.Near(Keyword.Identity))
        {
            return false;
        }

        return digits.Length switch
        {
            8 => IsAustralianTaxNumber(digits) || IsSwissOrDutch(digits),
            9 => IsSocialSecurityNumber(digits) || Checksums.Luhn(digits) || IsDutch(digits) || IsPortuguese(digits) || IsAustralianTaxNumber(digits) || IsCzech(digits),
            10 => IsHealthServiceNumber(digits) || Checksums.Luhn(digits) || IsDanish(digits) || IsCzech(digits) || IsAustrian(digits) || IsBulgarian(digits) || IsMedicare(digits),
            11 => IsPolish(digits) || Checksums.Mod11And10(digits) || IsBelgian(digits) || IsNorwegian(digits) || IsBrazilianPerson(digits) || IsTurkish(digits) || IsBaltic(digits) || IsGreekAmka(digits),
            12 => Checksums.Verhoeff(digits) || IsJapanese(digits) || (digits[..2] is "19" or "20" && Checksums.Luhn(digits[2..])),
            13 => IsSouthAfrican(digits) || IsKorean(digits) || IsSwiss(digits) || IsRomanian(digits) || IsYugoslav(digits) || IsFrench(digits),
            14 => IsBrazilianCompany(digits),
            15 => IsFrench(digits),
            18 => IsChinese(digits),
            _ => false,
        };
    }

    private static bool HasCheckedLength(int length) => length is >= 8 and <= 15 or 18;

    /// <summary>Digits whose grouping tells what they are.</summary>
    private static bool HasWrittenForm(in Candidate candidate, ReadOnlySpan<char> digits)
    {
        if (candidate.Groups == 1)
        {
            return digits.Length switch
            {
                13 => digits.StartsWith("756") && IsSwiss(digits),
                15 => digits[0] is '1' or '2' && IsFrench(digits),
                18 => IsChinese(digits),
                _ => false,
            };
        }

        return (candidate.Shaped(3, 2, 4) && candidate.Uniform && candidate.Separator is '-' or ' ' && IsSocialSecurityNumber(digits))
            || (candidate.Shaped(3, 3, 3) && candidate.Uniform && candidate.Separator is '-' && Checksums.Luhn(digits) && digits[0] != '0')
            || (candidate.Shaped(3, 3, 4) && candidate.Separator == ' ' && IsHealthServiceNumber(digits) && candidate.Near(Keyword.Identity))
            || (candidate.Shaped(4, 4, 4) && Checksums.Verhoeff(digits) && digits[0] is >= '2')
            || (candidate.Shaped(6, 4) && candidate.Separator == '-' && ((IsDate(digits[..6]) && Checksums.Luhn(digits)) || (IsDayFirstDate(digits[..6]) && candidate.Near(Keyword.Identity))))
            || (candidate.Shaped(6, 4) && candidate.Separator == '-' && IsFinnish(digits))
            || (candidate.Shaped(8, 4) && candidate.Separator == '-' && IsDate(digits[2..8]) && Checksums.Luhn(digits[2..]))
            || (candidate.Shaped(2, 2, 2, 3, 2) && IsBelgian(digits))
            || (candidate.Shaped(3, 4, 4, 2) && IsSwiss(digits))
            || (candidate.Shaped(3, 3, 3, 2) && candidate.Separator == '.' && IsBrazilianPerson(digits))
            || (candidate.Shaped(2, 3, 3, 4, 2) && IsBrazilianCompany(digits))
            || (candidate.Shaped(6, 7) && candidate.Separator == '-' && IsDate(digits[..6]) && digits[6] is >= '1' and <= '8')
            || (candidate.Shaped(1, 2, 2, 2, 3, 3, 2) && IsFrench(digits))
            || (candidate.Shaped(6, 5) && candidate.Separator == ' ' && IsNorwegian(digits))
            || (candidate.Shaped(6, 3) && candidate.Separator == '/' && IsDate(CzechMonth(digits, stackalloc char[6])))
            || (candidate.Shaped(6, 4) && candidate.Separator == '/' && IsCzech(digits))
            || (candidate.Shaped(2, 3, 3, 3) && candidate.Uniform && candidate.Separator == ' ' && Checksums.Mod11And10(digits) && digits[0] != '0');
    }

    /// <summary>Letters in fixed places.</summary>
    private static bool HasForm(in Candidate candidate)
    {
        var compact = candidate.Compact;
        var letters = 0UL;
        for (var index = 0; index < compact.Length; index++)
        {
            letters |= char.IsAsciiDigit(compact[index]) ? 0UL : 1UL << index;
        }

        return NationalForms.Find(letters, compact.Length) switch
        {
            NationalForm.Spanish => compact[8] == SpanishLetters[Checksums.Modulo(compact[..8], 23)],
            NationalForm.ForeignerInSpain => (compact[0] is 'X' or 'Y' or 'Z' && IsForeignerInSpain(compact)) || (compact[0] is 'S' or 'T' or 'F' or 'G' or 'M' && candidate.Before(Keyword.Identity)),
            NationalForm.BritishInsurance => IsNationalInsurance(compact),
            NationalForm.Italian => IsItalian(compact),
            NationalForm.Indian => compact[3] is 'P' or 'C' or 'H' or 'F' or 'A' or 'T' or 'B' or 'L' or 'J' or 'G',
            NationalForm.Mexican => IsDate(compact[4..10]) && compact[10] is 'H' or 'M' or 'X',
            NationalForm.FinnishWithSign => "ABCDEFYXWVU".Contains(compact[6], StringComparison.Ordinal) && IsFinnish([.. compact[..6], .. compact[7..]]),
            NationalForm.Finnish => candidate.Shaped(6, 4) && IsFinnish(compact),
            NationalForm.Chinese => compact[17] == 'X' && IsChinese(compact),
            NationalForm.Irish => IsIrish(compact) && candidate.Near(Keyword.Identity),
            NationalForm.MexicanTax => IsDate(compact[4..10]) && candidate.Near(Keyword.Identity),
            _ => false,
        };
    }

    /// <summary>Not 000, 666 or 9xx in the area, no zero group; 9xx with 50–65, 70–88, 90–92, 94–99 is a taxpayer number (ITIN).</summary>
    private static bool IsSocialSecurityNumber(ReadOnlySpan<char> digits)
    {
        var group = Checksums.Modulo(digits[3..5], 100);
        var isTaxpayer = digits[0] == '9' && group is (>= 50 and <= 65) or (>= 70 and <= 88) or (>= 90 and <= 92) or (>= 94 and <= 99);
        return digits is not "123456789" && digits[..3] is not "000" and not "666" && (digits[0] != '9' || isTaxpayer) && group != 0 && digits[5..] is not "0000";
    }

    private static bool IsHealthServiceNumber(ReadOnlySpan<char> digits)
    {
        var check = 11 - (Checksums.Weighted(digits, [10, 9, 8, 7, 6, 5, 4, 3, 2]) % 11);
        return check != 10 && check % 11 == digits[9] - '0';
    }

    private static bool IsAustralianTaxNumber(ReadOnlySpan<char> digits) =>
        digits.Length == 9 ? Checksums.Weighted(digits, [1, 4, 3, 7, 5, 8, 6, 9, 10]) % 11 == 0 : Checksums.Weighted(digits, [10, 7, 8, 4, 6, 3, 5, 1]) % 11 == 0;

    private static bool IsSwissOrDutch(ReadOnlySpan<char> digits) =>
        (Checksums.Weighted(digits, [8, 7, 6, 5, 4, 3, 2]) - (digits[7] - '0')) % 11 == 0;

    private static bool IsDutch(ReadOnlySpan<char> digits) => Checksums.Weighted(digits, [9, 8, 7, 6, 5, 4, 3, 2, -1]) % 11 == 0;

    private static bool IsPortuguese(ReadOnlySpan<char> digits)
    {
        var check = 11 - (Checksums.Weighted(digits, [9, 8, 7, 6, 5, 4, 3, 2]) % 11);
        return (check >= 10 ? 0 : check) == digits[8] - '0';
    }

    private static bool IsCzech(ReadOnlySpan<char> digits) =>
        IsDate(CzechMonth(digits, stackalloc char[6])) && (digits.Length == 9 || Checksums.Modulo(digits, 11) == 0 || (digits[9] == '0' && Checksums.Modulo(digits[..9], 11) == 10));

    // Women's months count from 51; 20 is added when a day's numbers run out.
    private static ReadOnlySpan<char> CzechMonth(ReadOnlySpan<char> digits, Span<char> date)
    {
        digits[..6].CopyTo(date);
        var month = Checksums.Modulo(digits[2..4], 100);
        month -= month > 50 ? 50 : 0;
        month -= month > 20 ? 20 : 0;
        date[2] = (char)('0' + (month / 10));
        date[3] = (char)('0' + (month % 10));
        return date;
    }

    private static bool IsDanish(ReadOnlySpan<char> digits) => IsDayFirstDate(digits[..6]);

    private static bool IsAustrian(ReadOnlySpan<char> digits) =>
        digits[0] != '0' && IsDayFirstDate(digits[4..]) && (Checksums.Weighted(digits, [3, 7, 9, 0, 5, 8, 4, 2, 1, 6]) % 11) == digits[3] - '0';

    private static bool IsBulgarian(ReadOnlySpan<char> digits) => Checksums.Weighted(digits, [2, 4, 8, 5, 10, 9, 7, 3, 6]) % 11 % 10 == digits[9] - '0';

    private static bool IsMedicare(ReadOnlySpan<char> digits) => digits[0] is >= '2' and <= '6' && Checksums.Weighted(digits, [1, 3, 7, 9, 1, 3, 7, 9]) % 10 == digits[8] - '0';

    private static bool IsPolish(ReadOnlySpan<char> digits) =>
        (10 - (Checksums.Weighted(digits, [1, 3, 7, 9, 1, 3, 7, 9, 1, 3]) % 10)) % 10 == digits[10] - '0' && Checksums.Modulo(digits[4..6], 100) is >= 1 and <= 31;

    private static bool IsBelgian(ReadOnlySpan<char> digits)
    {
        var check = Checksums.Modulo(digits[9..], 100);
        Span<char> since2000 = ['2', .. digits[..9]];
        return 97 - Checksums.Modulo(digits[..9], 97) == check || 97 - Checksums.Modulo(since2000, 97) == check;
    }

    private static bool IsNorwegian(ReadOnlySpan<char> digits)
    {
        var first = (11 - (Checksums.Weighted(digits, [3, 7, 6, 1, 8, 9, 4, 5, 2]) % 11)) % 11;
        var second = (11 - (Checksums.Weighted(digits, [5, 4, 3, 2, 7, 6, 5, 4, 3, 2]) % 11)) % 11;
        return first == digits[9] - '0' && second == digits[10] - '0';
    }

    private static bool IsBrazilianPerson(ReadOnlySpan<char> digits) =>
        digits.IndexOfAnyExcept(digits[0]) >= 0
        && BrazilianCheck(Checksums.Weighted(digits, [10, 9, 8, 7, 6, 5, 4, 3, 2])) == digits[9] - '0'
        && BrazilianCheck(Checksums.Weighted(digits, [11, 10, 9, 8, 7, 6, 5, 4, 3, 2])) == digits[10] - '0';

    private static bool IsBrazilianCompany(ReadOnlySpan<char> digits) =>
        digits.IndexOfAnyExcept(digits[0]) >= 0
        && BrazilianCheck(Checksums.Weighted(digits, [5, 4, 3, 2, 9, 8, 7, 6, 5, 4, 3, 2])) == digits[12] - '0'
        && BrazilianCheck(Checksums.Weighted(digits, [6, 5, 4, 3, 2, 9, 8, 7, 6, 5, 4, 3, 2])) == digits[13] - '0';

    private static int BrazilianCheck(int sum) => sum % 11 < 2 ? 0 : 11 - (sum % 11);

    private static bool IsTurkish(ReadOnlySpan<char> digits)
    {
        var tenth = ((Checksums.Weighted(digits, [7, 0, 7, 0, 7, 0, 7, 0, 7]) - Checksums.Weighted(digits, [0, 1, 0, 1, 0, 1, 0, 1])) % 10 + 10) % 10;
        return digits[0] != '0' && tenth == digits[9] - '0' && Checksums.Weighted(digits, [1, 1, 1, 1, 1, 1, 1, 1, 1, 1]) % 10 == digits[10] - '0';
    }

    private static bool IsBaltic(ReadOnlySpan<char> digits)
    {
        var check = Checksums.Weighted(digits, [1, 2, 3, 4, 5, 6, 7, 8, 9, 1]) % 11;
        check = check == 10 ? Checksums.Weighted(digits, [3, 4, 5, 6, 7, 8, 9, 1, 2, 3]) % 11 % 10 : check;
        return check == digits[10] - '0' && IsDate(digits[1..7]);
    }

    private static bool IsGreekAmka(ReadOnlySpan<char> digits) => IsDayFirstDate(digits[..6]) && Checksums.Luhn(digits);

    private static bool IsJapanese(ReadOnlySpan<char> digits)
    {
        var sum = Checksums.Weighted(digits, [6, 5, 4, 3, 2, 7, 6, 5, 4, 3, 2]) % 11;
        return (sum <= 1 ? 0 : 11 - sum) == digits[11] - '0';
    }

    private static bool IsSouthAfrican(ReadOnlySpan<char> digits) => IsDate(digits[..6]) && Checksums.Luhn(digits);

    private static bool IsKorean(ReadOnlySpan<char> digits) =>
        IsDate(digits[..6]) && (11 - (Checksums.Weighted(digits, [2, 3, 4, 5, 6, 7, 8, 9, 2, 3, 4, 5]) % 11)) % 10 == digits[12] - '0';

    private static bool IsSwiss(ReadOnlySpan<char> digits) =>
        digits.StartsWith("756") && Checksums.Weighted(digits, [1, 3, 1, 3, 1, 3, 1, 3, 1, 3, 1, 3, 1]) % 10 == 0;

    private static bool IsRomanian(ReadOnlySpan<char> digits) =>
        digits[0] is >= '1' and <= '8' && IsDate(digits[1..7]) && Checksums.Weighted(digits, [2, 7, 9, 1, 4, 6, 3, 5, 8, 2, 7, 9]) % 11 % 10 == digits[12] - '0';

    private static bool IsYugoslav(ReadOnlySpan<char> digits)
    {
        var check = 11 - (Checksums.Weighted(digits, [7, 6, 5, 4, 3, 2, 7, 6, 5, 4, 3, 2]) % 11);
        return (check > 9 ? 0 : check) == digits[12] - '0' && Checksums.Modulo(digits[2..4], 100) is >= 1 and <= 12;
    }

    private static bool IsFrench(ReadOnlySpan<char> digits) =>
        digits.Length == 15 && digits[0] is '1' or '2' && Checksums.Modulo(digits[3..5], 100) is (>= 1 and <= 12) or (>= 20 and <= 42) or (>= 50 and <= 99)
        && 97 - Checksums.Modulo(digits[..13], 97) == Checksums.Modulo(digits[13..], 100);

    private static bool IsChinese(ReadOnlySpan<char> compact)
    {
        if (compact[6..8] is not ("19" or "20") || !IsDate(compact[8..14]))
        {
            return false;
        }

        var sum = Checksums.Weighted(compact, [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2]) % 11;
        return compact[17] == "10X98765432"[sum];
    }

    private static bool IsForeignerInSpain(ReadOnlySpan<char> compact)
    {
        Span<char> number = [(char)('0' + (compact[0] - 'X')), .. compact[1..8]];
        return compact[8] == SpanishLetters[Checksums.Modulo(number, 23)];
    }

    private static bool IsNationalInsurance(ReadOnlySpan<char> compact) =>
        !"DFIQUV".Contains(compact[0], StringComparison.Ordinal) && !"DFIOQUV".Contains(compact[1], StringComparison.Ordinal) && compact[8] is >= 'A' and <= 'D'
        && compact[..2] is not "BG" and not "GB" and not "NK" and not "KN" and not "TN" and not "NT" and not "ZZ";

    private static bool IsItalian(ReadOnlySpan<char> compact)
    {
        // Values of characters in odd places, 0 to 9 as A to J, by the decree of 23 December 1976.
        ReadOnlySpan<int> odd = [1, 0, 5, 7, 9, 13, 15, 17, 19, 21, 2, 4, 18, 20, 11, 3, 6, 8, 12, 14, 16, 10, 22, 25, 24, 23];
        var sum = 0;
        for (var index = 0; index < 15; index++)
        {
            var value = char.IsAsciiDigit(compact[index]) ? compact[index] - '0' : compact[index] - 'A';
            sum += index % 2 == 0 ? odd[value] : value;
        }

        return compact[15] - 'A' == sum % 26;
    }

    private static bool IsFinnish(ReadOnlySpan<char> compact) =>
        IsDayFirstDate(compact[..6]) && compact[9] == FinnishLetters[Checksums.Modulo(compact[..9], 31)];

    private static bool IsIrish(ReadOnlySpan<char> compact)
    {
        var sum = Checksums.Weighted(compact, [8, 7, 6, 5, 4, 3, 2]) + (compact.Length == 9 ? (compact[8] - 'A' + 1) * 9 : 0);
        return compact[7] == "WABCDEFGHIJKLMNOPQRSTUV"[sum % 23];
    }

    /// <summary>yyMMdd.</summary>
    private static bool IsDate(ReadOnlySpan<char> digits) =>
        Checksums.Modulo(digits[2..4], 100) is >= 1 and <= 12 && Checksums.Modulo(digits[4..6], 100) is >= 1 and <= 31;

    /// <summary>ddMMyy.</summary>
    private static bool IsDayFirstDate(ReadOnlySpan<char> digits) =>
        Checksums.Modulo(digits[..2], 100) is >= 1 and <= 31 && Checksums.Modulo(digits[2..4], 100) is >= 1 and <= 12;
}
