using System.Buffers;
using System.Globalization;

namespace Platform.ModelGateway.Safety.Words;

/// <summary>Days, years, dates of birth and ages.</summary>
internal static class DateRules
{
    private const int LookBack = 40;

    internal static void Find(WordText text, PiiFindings findings)
    {
        for (var index = 0; index < text.Count; index++)
        {
            ref readonly var word = ref text[index];
            if (word.Shape == WordShape.Number)
            {
                index = Number(text, index, findings);
            }
            else if (word.Is(WordKinds.Calendar))
            {
                index = Calendar(text, index, findings);
            }
        }
    }

    private static int Number(WordText text, int index, PiiFindings findings)
    {
        // Three numbers with the same sign between: 12/1/1981, 2026-03-01, 15.03.2026.
        if (index + 2 < text.Count && text[index + 1].Shape == WordShape.Number && text[index + 2].Shape == WordShape.Number
            && text.Gap(index) is "/" or "-" or "." && text.Gap(index + 1).SequenceEqual(text.Gap(index)) && IsDate(text, index))
        {
            Add(text, index, index + 2, findings);
            return index + 2;
        }

        var number = text.Span(index);
        if (number.Length == 4 && number.IndexOfAnyExceptInRange('0', '9') < 0 && number[..2] is "19" or "20" && text.CharacterBefore(index) is ' ' or '(' or '\n' && text.CharacterAfter(index) is ' ' or '.' or ',' or ')' or '\n' or '?' or ';' && IsYear(text, index))
        {
            Add(text, index, index, findings);
            return index;
        }

        if (IsAge(text, index))
        {
            findings.Add(PiiType.Age, text[index].Start, text[index].End);
        }

        return index;
    }

    private static bool IsDate(WordText text, int index)
    {
        Span<int> parts = stackalloc int[3];
        for (var part = 0; part < 3; part++)
        {
            if (!int.TryParse(text.Span(index + part), NumberStyles.None, CultureInfo.InvariantCulture, out parts[part]))
            {
                return false;
            }
        }

        var yearFirst = text[index].Length == 4;
        var yearLast = text[index + 2].Length is 4 || (text[index + 2].Length == 2 && text.Gap(index) is not ".");
        var (year, other) = yearFirst ? (parts[0], parts[2]) : (parts[2], parts[0]);
        return (yearFirst || yearLast) && (year is (>= 1850 and <= 2150) or < 100)
            && parts[1] is >= 1 and <= 31 && other is >= 1 and <= 31 && (parts[1] <= 12 || other <= 12);
    }

    private static readonly WordSet YearCues = new("in since a from until of the by year before after during to and born early late summer spring winter fall autumn");

    private static bool IsYear(WordText text, int index) =>
        index > 0 && (text.IsOneOf(index - 1, YearCues) || text[index - 1].Is(WordKinds.Calendar) || text.CharacterBefore(index) == '(');

    private static int Calendar(WordText text, int index, PiiFindings findings)
    {
        var (first, last) = (index, index);
        var isDay = text.Span(index).EndsWith("day", StringComparison.OrdinalIgnoreCase);
        if (!isDay)
        {
            if (index > 0 && IsDayNumber(text, index - 1) && text.Gap(index - 1) is " " or ". " or "-" or ". ")
            {
                first--;
            }

            while (last + 1 < text.Count && last - index < 2 && text[last + 1].Shape == WordShape.Number && text.Gap(last) is " " or ", " or "-" or ". " && (IsDayNumber(text, last + 1) || text[last + 1].Length == 4))
            {
                last++;
            }

            if (first == index && last == index && (text[index].Length < 5 || text[index].IsEnglish || !text[index].IsUpper))
            {
                return index;
            }
        }

        Add(text, first, last, findings);
        return last;
    }

    private static bool IsDayNumber(WordText text, int index)
    {
        var digits = text.Span(index).TrimEnd("stndrh");
        return digits.Length is 1 or 2 && int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var day) && day is >= 1 and <= 31;
    }

    private static void Add(WordText text, int first, int last, PiiFindings findings)
    {
        var start = text[first].Start;
        findings.Add(findings.Keywords.Any(Patterns.Keyword.Birth, Math.Max(0, start - LookBack), start) ? PiiType.DateOfBirth : PiiType.Date, start, text[last].End);
    }

    private static readonly WordSet AgeBefore = new("aged age turned turn turns turning am i'm i’m he's she's im");

    private static readonly SearchValues<string> AgeAfter = SearchValues.Create(
        ["years old", "year old", "year-old", "years-old", "y/o", "yo ", "yrs old", "years of age", "yr old", "jahre alt", "ans,", "años"], StringComparison.OrdinalIgnoreCase);

    private static readonly SearchValues<char> AgeAfterBegins = SearchValues.Create("yYjJaA");

    private static bool IsAge(WordText text, int index)
    {
        var digits = text.Span(index);
        var letters = digits.IndexOfAnyExceptInRange('0', '9');
        var number = letters < 0 ? digits : digits[..letters];
        if (number.Length is 0 or > 3 || !int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var age) || age > 120 || age == 0)
        {
            return false;
        }

        var after = text.Text.AsSpan(text[index].End, Math.Min(14, text.Text.Length - text[index].End));
        var follows = after.TrimStart(" -");
        if (follows[..Math.Min(2, follows.Length)].ContainsAny(AgeAfterBegins) && follows.IndexOfAny(AgeAfter) is >= 0 and <= 1)
        {
            return true;
        }

        var cue = text.Is(index - 1, "of") || text.Is(index - 1, "is") || text.Is(index - 1, "just") ? index - 2 : index - 1;
        return text.IsOneOf(cue, AgeBefore) && text.Gap(index - 1) is " " or ": " && text.CharacterAfter(index) is '.' or ',' or ' ' or '\n' or '!' or '?'
            && !(after.Length > 1 && after[0] == '.' && char.IsDigit(after[1])) && !IsUnit(text, index + 1);
    }

    // "I am 10 minutes late" tells no age; nor does "I turned 3 pages".
    private static bool IsUnit(WordText text, int index) =>
        index < text.Count && text.SpaceAfter(index - 1) && text[index].Shape == WordShape.Lower && text[index].Length > 2
        && !text.Is(index, "and") && !text.Is(index, "years") && !text.Is(index, "year") && !text.Is(index, "this") && !text.Is(index, "next") && !text.Is(index, "last") && !text.Is(index, "today") && !text.Is(index, "but") && !text.Is(index, "now");
}
