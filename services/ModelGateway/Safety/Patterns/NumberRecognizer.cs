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
        var written = new WrittenNumber(stackalloc Group[Candidate.MostGroups], stackalloc char[Candidate.Room], stackalloc int[Candidate.MostGroups]);
        var position = 0;
        while (true)
        {
            var next = text.AsSpan(position).IndexOfAny(Digits);
            if (next < 0)
            {
                return;
            }

            findings.Step();
            written.Clear();
            Collect(text, position, position + next, ref written, findings);
            position = Recognize(text, written, findings);
        }
    }

    /// <summary>The place after what was recognized, or after the first group when nothing was.</summary>
    private static int Recognize(string text, in WrittenNumber written, PiiFindings findings)
    {
        for (var count = written.Ends.Length; count > 0 && written.Ends[count - 1] >= Shortest; count--)
        {
            if (!MayBe(written, count, findings))
            {
                continue;
            }

            var candidate = new Candidate(text, written.Groups[..count], written.Compact[..written.Ends[count - 1]], findings.Keywords);
            if (Kind(candidate) is { } type)
            {
                findings.Add(type, candidate.Start, candidate.End);
                return candidate.End;
            }
        }

        if (Phones.Match(text, written.Groups, findings.Keywords) is { } phone)
        {
            findings.Add(PiiType.Phone, phone.Start, phone.End);
            return phone.End;
        }

        return written.Groups[0].End;
    }

    /// <summary>Bare digits may be anything; with letters only what has a form, unless the text names what it is.</summary>
    private static bool MayBe(in WrittenNumber written, int count, PiiFindings findings)
    {
        var length = written.Ends[count - 1];
        var letters = written.Letters & ((1UL << length) - 1);
        return letters == 0 || written.MayBeIban || NationalForms.Find(letters, length) != NationalForm.None || IsNamed(findings);
    }

    private static bool IsNamed(PiiFindings findings) => findings.Keywords.Have(Keyword.Passport | Keyword.License | Keyword.SortCode);

    private static PiiType? Kind(in Candidate candidate) =>
        BankNumbers.IsCard(candidate) ? PiiType.Card
        : BankNumbers.IsIban(candidate) ? PiiType.Iban
        : NationalNumbers.Is(candidate) ? PiiType.NationalId
        : BankNumbers.IsAccount(candidate) ? PiiType.BankAccount
        : Documents.IsPassport(candidate) ? PiiType.Passport
        : Documents.IsDriverLicense(candidate) ? PiiType.DriverLicense
        : null;

    /// <summary>The groups from the one around <paramref name="digit"/> on, as far as they may be one number.</summary>
    private static void Collect(ReadOnlySpan<char> text, int floor, int digit, ref WrittenNumber written, PiiFindings findings)
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
        var most = Candidate.MostGroups;
        while (count < most)
        {
            var end = start;
            var digits = false;
            var letters = false;
            while (end < text.Length && char.IsAsciiLetterOrDigit(text[end]))
            {
                var isDigit = char.IsAsciiDigit(text[end]);
                digits |= isDigit;
                letters |= !isDigit;
                end++;
            }

            // A word ends the number, except inside of an IBAN, whose bank code may be letters alone.
            if (!digits && !(count == 0 && start < digit) && !(count > 0 && end - start == 4 && LooksLikeIban(text, written.Groups[0])) && !(count > 0 && end - start == 1 && (end == text.Length || !char.IsLetter(text[end]))))
            {
                break;
            }

            written.Add(text, new Group(start, end - start, letters));
            count++;
            if (count == 1 && letters && !LooksLikeIban(text, written.Groups[0]))
            {
                most = MostGroupsWithLetters;
            }

            start = end + 1;
            if (start >= text.Length || !IsSeparator(text[end]) || !char.IsAsciiLetterOrDigit(text[start]) || (!written.MayGoOn && !IsNamed(findings)))
            {
                break;
            }
        }
    }

    private static bool LooksLikeIban(ReadOnlySpan<char> text, Group group) =>
        group.Length == 4 && char.IsAsciiLetter(text[group.Start]) && char.IsAsciiDigit(text[group.Start + 2]);

    private static bool IsSeparator(char character) => character is ' ' or '-' or '.' or '/' or '\u00A0' or '\u2011' or '\u202F';
}
