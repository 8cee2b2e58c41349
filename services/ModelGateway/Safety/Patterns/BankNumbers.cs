using System.Collections.Frozen;

namespace Platform.ModelGateway.Safety.Patterns;

/// <summary>Payment cards and bank accounts.</summary>
internal static class BankNumbers
{
    /// <summary>Length of an IBAN by country: SWIFT's IBAN registry.</summary>
    private static readonly FrozenDictionary<string, int> IbanLengths = new Dictionary<string, int>
    {
        ["AD"] = 24, ["AE"] = 23, ["AL"] = 28, ["AT"] = 20, ["AZ"] = 28, ["BA"] = 20, ["BE"] = 16, ["BG"] = 22, ["BH"] = 22, ["BI"] = 27, ["BR"] = 29, ["BY"] = 28,
        ["CH"] = 21, ["CR"] = 22, ["CY"] = 28, ["CZ"] = 24, ["DE"] = 22, ["DJ"] = 27, ["DK"] = 18, ["DO"] = 28, ["EE"] = 20, ["EG"] = 29, ["ES"] = 24, ["FI"] = 18,
        ["FK"] = 18, ["FO"] = 18, ["FR"] = 27, ["GB"] = 22, ["GE"] = 22, ["GI"] = 23, ["GL"] = 18, ["GR"] = 27, ["GT"] = 28, ["HR"] = 21, ["HU"] = 28, ["IE"] = 22,
        ["IL"] = 23, ["IQ"] = 23, ["IS"] = 26, ["IT"] = 27, ["JO"] = 30, ["KW"] = 30, ["KZ"] = 20, ["LB"] = 28, ["LC"] = 32, ["LI"] = 21, ["LT"] = 20, ["LU"] = 20,
        ["LV"] = 21, ["LY"] = 25, ["MC"] = 27, ["MD"] = 24, ["ME"] = 22, ["MK"] = 19, ["MN"] = 20, ["MR"] = 27, ["MT"] = 31, ["MU"] = 30, ["NI"] = 28, ["NL"] = 18,
        ["NO"] = 15, ["OM"] = 23, ["PK"] = 24, ["PL"] = 28, ["PS"] = 29, ["PT"] = 25, ["QA"] = 29, ["RO"] = 24, ["RS"] = 22, ["RU"] = 33, ["SA"] = 24, ["SC"] = 31,
        ["SD"] = 18, ["SE"] = 24, ["SI"] = 19, ["SK"] = 24, ["SM"] = 27, ["SO"] = 23, ["ST"] = 25, ["SV"] = 28, ["TL"] = 23, ["TN"] = 24, ["TR"] = 26, ["UA"] = 29,
        ["VA"] = 22, ["VG"] = 24, ["XK"] = 20, ["YE"] = 30,
    }.ToFrozenDictionary(StringComparer.Ordinal);

    private static readonly FrozenDictionary<string, int>.AlternateLookup<ReadOnlySpan<char>> IbanLength = IbanLengths.GetAlternateLookup<ReadOnlySpan<char>>();

    /// <summary>Issuer range, length and Luhn; outside the known ranges a word such as "card" must be near.</summary>
    internal static bool IsCard(in Candidate candidate)
    {
        var digits = candidate.Compact;
        if (!candidate.IsDigits || digits.Length is < 12 or > 19 || !IsCardShaped(candidate) || !Checksums.Luhn(digits))
        {
            return false;
        }

        return IsIssued(digits) ? digits.Length > 12 || candidate.Near(Keyword.Card) : candidate.Before(Keyword.Card) && digits.IndexOfAnyExcept(digits[0]) >= 0;
    }

    internal static bool IsIban(in Candidate candidate)
    {
        var compact = candidate.Compact;
        if (compact.Length is < 15 or > 34 || !char.IsAsciiLetter(compact[0]) || !char.IsAsciiLetter(compact[1]) || !char.IsAsciiDigit(compact[2]) || !char.IsAsciiDigit(compact[3]))
        {
            return false;
        }

        // A mistyped one is personal all the same where the text says what it is.
        return IbanLength.TryGetValue(compact[..2], out var length) && compact.Length == length && (Checksums.Iban(compact) || candidate.Before(Keyword.Iban));
    }

    /// <summary>Routing numbers, sort codes, BIC-less account numbers: only with the word near.</summary>
    internal static bool IsAccount(in Candidate candidate)
    {
        var compact = candidate.Compact;
        if (candidate.HasLetters)
        {
            return compact.Length == 11 && compact[4] == '0' && compact[..4].IndexOfAnyExceptInRange('A', 'Z') < 0 && candidate.Before(Keyword.SortCode);
        }

        return compact.Length switch
        {
            9 when IsRoutingNumber(compact) && candidate.Near(Keyword.Routing) => true,
            6 when candidate.Shaped(2, 2, 2) || candidate.Shaped(3, 3) || candidate.Groups == 1 => candidate.Before(Keyword.SortCode),
            8 when candidate.Shaped(3, 3, 2) || candidate.Groups == 1 => candidate.Before(Keyword.SortCode) || IsPlainAccount(candidate),
            >= 6 and <= 17 => IsPlainAccount(candidate),
            _ => false,
        };
    }

    /// <summary>ABA: 3, 7, 1 in turn, modulo 10.</summary>
    internal static bool IsRoutingNumber(ReadOnlySpan<char> digits) =>
        digits.Length == 9 && Checksums.Modulo(digits[..2], 100) is (<= 12 and >= 1) or (>= 21 and <= 32) or (>= 61 and <= 72) or 80
        && Checksums.Weighted(digits, [3, 7, 1, 3, 7, 1, 3, 7, 1]) % 10 == 0;

    private static bool IsPlainAccount(in Candidate candidate) =>
        candidate.Groups == 1 && candidate.Before(Keyword.AccountNumber);

    private static bool IsCardShaped(in Candidate candidate)
    {
        if (candidate.Groups == 1)
        {
            return true;
        }

        return candidate.Uniform && candidate.Separator is not '/'
            && (candidate.Shaped(4, 4, 4, 4) || candidate.Shaped(4, 6, 5) || candidate.Shaped(4, 6, 4) || candidate.Shaped(4, 4, 4, 4, 3) || candidate.Shaped(4, 4, 4) || candidate.Shaped(4, 4, 4, 1) || candidate.Shaped(8, 8) || candidate.Shaped(4, 4, 5) || candidate.Shaped(4, 4, 4, 2) || candidate.Shaped(4, 4, 4, 3) || candidate.Shaped(6, 13));
    }

    /// <summary>ISO/IEC 7812 issuer ranges of the large schemes, with the lengths that each issues.</summary>
    private static bool IsIssued(ReadOnlySpan<char> digits)
    {
        var length = digits.Length;
        var two = Checksums.Modulo(digits[..2], 100);
        var three = Checksums.Modulo(digits[..3], 1000);
        var four = Checksums.Modulo(digits[..4], 10_000);
        return digits[0] switch
        {
            '4' => length is 13 or 16 or 18 or 19,
            '5' => two is >= 51 and <= 55 ? length == 16 : two is 50 or (>= 56 and <= 58) && length is >= 12 and <= 19,
            '2' => (four is >= 2221 and <= 2720 && length == 16) || (four is 2131 && length == 15) || (four is >= 2200 and <= 2204 && length is >= 16 and <= 19),
            '1' => four == 1800 && length == 15,
            '3' => (two is 34 or 37 && length == 15) || (four is >= 3528 and <= 3589 && length is >= 16 and <= 19) || (two is 36 or 38 or 39 && length is >= 14 and <= 19) || (three is >= 300 and <= 305 && length is >= 14 and <= 19) || (three == 309 && length is >= 14 and <= 19),
            '6' => length is >= 12 and <= 19,
            '9' => four == 9792 && length == 16,
            _ => false,
        };
    }
}
