using System.Buffers;

namespace Platform.ModelGateway.Safety.Patterns;

/// <summary>
/// Everything that has digits: cards, accounts, national numbers, passports, licences, telephone numbers. It jumps from digit to
/// digit, groups what belongs together as numbers are written, and asks for each group sequence, the longest first, what it is.
/// </summary>
internal sealed class NumberRecognizer : IPiiRecognizer
{
    private const int Shortest = 5;

    /// <summary>British insurance numbers and licences have five; only an IBAN has more, whose first group has a form of its own.</summary>
    private const int MostGroupsWithLetters = 5;

    private static readonly SearchValues<char> Digits = SearchValues.Create("0123456789");

    public void Find(string text, PiiFindings findings)
    {
        Span<Group> groups = stackalloc Group[Candidate.MostGroups];
        Span<char> compact = stackalloc char[Candidate.Room];
        Span<int> ends = stackalloc int[Candidate.MostGroups];
        var position = 0;
        while (true)
        {
            var next = text.AsSpan(position).IndexOfAny(Digits);
            if (next < 0)
            {
                return;
            }

            findings.Step();
            var count = Collect(text, position, position + next, groups);
            position = Recognize(text, groups[..count], compact, ends[..Candidate.Write(text, groups[..count], compact, ends)], findings);
        }
    }

    /// <summary>The place after what was recognized, or after the first group when nothing was.</summary>
    private static int Recognize(string text, ReadOnlySpan<Group> groups, ReadOnlySpan<char> compact, ReadOnlySpan<int> ends, PiiFindings findings)
    {
        for (var count = ends.Length; count > 0 && ends[count - 1] >= Shortest; count--)
        {
            var candidate = new Candidate(text, groups[..count], compact[..ends[count - 1]], findings.Keywords);
            if (Kind(candidate) is { } type)
            {
                findings.Add(type, candidate.Start, candidate.End);
                return candidate.End;
            }
        }

        if (Phones.Match(text, groups, findings.Keywords) is { } phone)
        {
            findings.Add(PiiType.Phone, phone.Start, phone.End);
            return phone.End;
        }

        return groups[0].End;
    }

    private static PiiType? Kind(in Candidate candidate) =>
        BankNumbers.IsCard(candidate) ? PiiType.Card
        : BankNumbers.IsIban(candidate) ? PiiType.Iban
        : NationalNumbers.Is(candidate) ? PiiType.NationalId
        : BankNumbers.IsAccount(candidate) ? PiiType.BankAccount
        : Documents.IsPassport(candidate) ? PiiType.Passport
        : Documents.IsDriverLicense(candidate) ? PiiType.DriverLicense
        : null;

    /// <summary>The groups from the one around <paramref name="digit"/> on.</summary>
    private static int Collect(ReadOnlySpan<char> text, int floor, int digit, Span<Group> groups)
    {
        var start = digit;
        while (start > floor && char.IsAsciiLetterOrDigit(text[start - 1]))
        {
            start--;
        }

        // British insurance numbers begin with two letters and a space.
        if (start == digit && start >= floor + 3 && text[start - 1] == ' ' && char.IsAsciiLetterUpper(text[start - 2]) && char.IsAsciiLetterUpper(text[start - 3])
            && (start == 3 || !char.IsLetterOrDigit(text[start - 4])) && start + 10 <= text.Length && text[start + 2] == ' ' && text[start + 5] == ' ')
        {
            start -= 3;
        }

        var count = 0;
        var most = groups.Length;
        while (count < most)
        {
            var end = start;
            var digits = false;
            var letters = false;
            while (end < text.Length && char.IsAsciiLetterOrDigit(text[end]))
            {
                digits |= char.IsAsciiDigit(text[end]);
                letters |= !char.IsAsciiDigit(text[end]);
                end++;
            }

            // A word ends the number, except inside of an IBAN, whose bank code may be letters alone.
            if (!digits && !(count == 0 && start < digit) && !(count > 0 && end - start == 4 && LooksLikeIban(text, groups[0])) && !(count > 0 && end - start == 1 && (end == text.Length || !char.IsLetter(text[end]))))
            {
                break;
            }

            groups[count++] = new Group(start, end - start, letters);
            if (count == 1 && letters && !LooksLikeIban(text, groups[0]))
            {
                most = MostGroupsWithLetters;
            }

            start = end + 1;
            if (start >= text.Length || !IsSeparator(text[end]) || !char.IsAsciiLetterOrDigit(text[start]))
            {
                break;
            }
        }

        return count;
    }

    private static bool LooksLikeIban(ReadOnlySpan<char> text, Group group) =>
        group.Length == 4 && char.IsAsciiLetter(text[group.Start]) && char.IsAsciiDigit(text[group.Start + 2]);

    private static bool IsSeparator(char character) => character is ' ' or '-' or '.' or '/' or '\u00A0' or '\u2011' or '\u202F';
}
