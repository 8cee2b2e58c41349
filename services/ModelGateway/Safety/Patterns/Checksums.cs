namespace Platform.ModelGateway.Safety.Patterns;

/// <summary>Check digits. All take compact text: digits (and capital letters where told) without separators.</summary>
internal static class Checksums
{
    private static readonly byte[,] VerhoeffMultiply = Dihedral();
    private static readonly byte[,] VerhoeffPermute = Permutations();

    /// <summary>ISO/IEC 7812-1 annex B.</summary>
    internal static bool Luhn(ReadOnlySpan<char> digits)
    {
        var sum = 0;
        for (var index = 0; index < digits.Length; index++)
        {
            var digit = digits[digits.Length - 1 - index] - '0';
            sum += index % 2 == 0 ? digit : digit < 5 ? digit * 2 : (digit * 2) - 9;
        }

        return sum % 10 == 0;
    }

    /// <summary>ISO 13616 / ISO 7064 MOD 97-10 of an IBAN: the first four characters go last, letters count as 10 to 35, the rest is 1.</summary>
    internal static bool Iban(ReadOnlySpan<char> compact)
    {
        var remainder = 0;
        for (var index = 0; index < compact.Length; index++)
        {
            var character = compact[(index + 4) % compact.Length];
            remainder = char.IsAsciiDigit(character)
                ? ((remainder * 10) + (character - '0')) % 97
                : ((remainder * 100) + (character - 'A' + 10)) % 97;
        }

        return remainder == 1;
    }

    /// <summary>The number as a whole modulo a small number.</summary>
    internal static int Modulo(ReadOnlySpan<char> digits, int modulus)
    {
        var remainder = 0L;
        foreach (var digit in digits)
        {
            remainder = ((remainder * 10) + (digit - '0')) % modulus;
        }

        return (int)remainder;
    }

    /// <summary>Sum of digit × weight, as far as there are weights.</summary>
    internal static int Weighted(ReadOnlySpan<char> digits, ReadOnlySpan<int> weights)
    {
        var sum = 0;
        for (var index = 0; index < weights.Length; index++)
        {
            sum += (digits[index] - '0') * weights[index];
        }

        return sum;
    }

    /// <summary>ISO 7064 MOD 11,10, as the German tax number has it.</summary>
    internal static bool Mod11And10(ReadOnlySpan<char> digits)
    {
        var product = 10;
        foreach (var digit in digits[..^1])
        {
            var sum = (digit - '0' + product) % 10;
            product = (sum == 0 ? 10 : sum) * 2 % 11;
        }

        return (11 - product) % 10 == digits[^1] - '0';
    }

    /// <summary>Verhoeff's dihedral check.</summary>
    internal static bool Verhoeff(ReadOnlySpan<char> digits)
    {
        var check = 0;
        for (var index = 0; index < digits.Length; index++)
        {
            check = VerhoeffMultiply[check, VerhoeffPermute[index % 8, digits[digits.Length - 1 - index] - '0']];
        }

        return check == 0;
    }

    // The dihedral group D5: rotations 0 to 4, reflections 5 to 9.
    private static byte[,] Dihedral()
    {
        var table = new byte[10, 10];
        for (var left = 0; left < 10; left++)
        {
            for (var right = 0; right < 10; right++)
            {
                table[left, right] = (byte)((left < 5, right < 5) switch
                {
                    (true, true) => (left + right) % 5,
                    (true, false) => 5 + ((left + right - 5) % 5),
                    (false, true) => 5 + ((left - 5 - right + 5) % 5),
                    (false, false) => (left - right + 5) % 5,
                });
            }
        }

        return table;
    }

    private static byte[,] Permutations()
    {
        byte[] step = [1, 5, 7, 6, 2, 8, 3, 0, 9, 4];
        var table = new byte[8, 10];
        for (var digit = 0; digit < 10; digit++)
        {
            table[0, digit] = (byte)digit;
        }

        for (var row = 1; row < 8; row++)
        {
            for (var digit = 0; digit < 10; digit++)
            {
                table[row, digit] = step[table[row - 1, digit]];
            }
        }

        return table;
    }
}
