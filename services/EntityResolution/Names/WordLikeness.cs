using System.Numerics;

namespace Platform.EntityResolution.Names;

/// <summary>How alike two words are: 1 for the same, less for kin, shortenings and typos, 0 for other words.</summary>
internal static class WordLikeness
{
    public const float Kin = 0.93f;

    /// <summary>From here on a word of a short answer is read as the other one: a slip in five letters, or the first three of it.</summary>
    public const float Readable = 0.6f;

    /// <summary>Edits that are taken for typos in words of this length.</summary>
    public static int AllowedEdits(int longer) => longer <= 2 ? 0 : longer <= 4 ? 1 : longer <= 8 ? 2 : 3;

    public static float Between(ReadOnlySpan<char> a, ReadOnlySpan<char> b)
    {
        if (a.SequenceEqual(b))
        {
            return 1;
        }

        if (a.Length == 0 || b.Length == 0)
        {
            return 0;
        }

        // "II" is not the beginning of "III", nor a slip for it.
        if (WordKinship.IsMereNumber(a) && WordKinship.IsMereNumber(b))
        {
            return WordKinship.Are(a, b) ? Kin : 0;
        }

        var typo = Typo(a, b);
        return typo >= Kin || !WordKinship.Are(a, b) ? Math.Max(typo, Shortening(a, b)) : Kin;
    }

    /// <summary>Likeness by typos alone.</summary>
    public static float Typo(ReadOnlySpan<char> a, ReadOnlySpan<char> b)
    {
        var longer = Math.Max(a.Length, b.Length);
        var allowed = AllowedEdits(longer);
        if (Math.Abs(a.Length - b.Length) > allowed || LettersApart(a, b) > 2 * allowed || !HaveSameDigits(a, b))
        {
            return 0;
        }

        if (EditDistance.Between(a, b, allowed) > allowed)
        {
            return 0;
        }

        // An edit in a short word is more likely another word.
        var cost = TypoCost.Between(a, b);
        return MathF.Exp(-1.7f * cost / (longer - 0.5f));
    }

    /// <summary>Likeness of whole names without spaces: by two typos at most.</summary>
    public static float Together(ReadOnlySpan<char> a, ReadOnlySpan<char> b)
    {
        var longer = Math.Max(a.Length, b.Length);
        var allowed = Math.Min(2, AllowedEdits(longer));
        return longer < 4 || LettersApart(a, b) > 2 * allowed || !HaveSameDigits(a, b) || EditDistance.Between(a, b, allowed) > allowed
            ? 0
            : MathF.Exp(-1.7f * TypoCost.Between(a, b) / (longer - 0.5f));
    }

    private static float Shortening(ReadOnlySpan<char> a, ReadOnlySpan<char> b)
    {
        var shorter = a.Length < b.Length ? a : b;
        var longer = a.Length < b.Length ? b : a;
        if (shorter.Length == longer.Length || HasDigit(shorter))
        {
            return 0;
        }

        if (longer.StartsWith(shorter))
        {
            return shorter.Length switch
            {
                1 => 0.5f,
                2 => 0.4f,
                3 => 0.6f,
                _ => 0.55f + 0.4f * shorter.Length / longer.Length,
            };
        }

        // "mgmt", "svc": first and last letter and the consonants between, in order.
        return shorter.Length >= 3 && longer.Length >= 6 && shorter[0] == longer[0] && shorter[^1] == longer[^1] && IsSubsequence(shorter, longer) && shorter.IndexOfAny("aeiou") < 0 ? 0.6f : 0;
    }

    private static bool IsSubsequence(ReadOnlySpan<char> shorter, ReadOnlySpan<char> longer)
    {
        var at = 0;
        foreach (var letter in longer)
        {
            if (at < shorter.Length && shorter[at] == letter)
            {
                at++;
            }
        }

        return at == shorter.Length;
    }

    private static int LettersApart(ReadOnlySpan<char> a, ReadOnlySpan<char> b) => BitOperations.PopCount(Letters(a) ^ Letters(b));

    private static ulong Letters(ReadOnlySpan<char> word)
    {
        ulong letters = 0;
        foreach (var letter in word)
        {
            letters |= 1UL << (letter & 63);
        }

        return letters;
    }

    /// <summary>A changed digit is another number, not a typo.</summary>
    private static bool HaveSameDigits(ReadOnlySpan<char> a, ReadOnlySpan<char> b)
    {
        var at = 0;
        foreach (var character in a)
        {
            if (char.IsAsciiDigit(character))
            {
                while (at < b.Length && !char.IsAsciiDigit(b[at]))
                {
                    at++;
                }

                if (at == b.Length || b[at++] != character)
                {
                    return false;
                }
            }
        }

        return b[at..].IndexOfAnyInRange('0', '9') < 0;
    }

    private static bool HasDigit(ReadOnlySpan<char> word) => word.IndexOfAnyInRange('0', '9') >= 0;
}
