namespace Platform.EntityResolution.Names;

/// <summary>First letters of words, as "ibm" for "international business machines".</summary>
internal static class Initials
{
    /// <summary>Words that acronyms leave out as a rule.</summary>
    public static bool IsMinor(ReadOnlySpan<char> word) => word is "and" or "of" or "the" or "for" or "in" or "de" or "du" or "des" or "la" or "le" or "der" or "die" or "van" or "von" or "fur" or "a";

    /// <summary>Whether the letters are the initials of the words, minor words counted or not. The first and last word have to be.</summary>
    public static bool Match(ComparedName name, int first, int last, ReadOnlySpan<char> letters)
    {
        var at = 0;
        for (var i = first; i <= last; i++)
        {
            var initial = name[i][0];
            if (at < letters.Length && letters[at] == initial)
            {
                at++;
            }
            else if (i == first || i == last || !IsMinor(name[i]))
            {
                return false;
            }
        }

        return at == letters.Length;
    }
}
