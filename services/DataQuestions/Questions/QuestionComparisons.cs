using System.Globalization;
using System.Text.RegularExpressions;

namespace Platform.DataQuestions.Questions;

/// <summary>Two spans of time whose figures are compared, the earlier one as the base.</summary>
/// <param name="Assumptions">How spans of different length, or one that has not ended, were taken.</param>
internal sealed record PeriodComparison(PeriodFilter Later, PeriodFilter Earlier, IReadOnlyList<string> Assumptions);

/// <summary>Takes "last quarter compared to the quarter before", "changed from September to October", "this year vs last year" out of a normalised question.</summary>
internal static partial class QuestionComparisons
{
    public static PeriodComparison? Take(ref string text, DateOnly today)
    {
        if (!ComparePattern().IsMatch(text))
        {
            return null;
        }

        var rest = Spelled(text);
        if (QuestionPeriods.Take(ref rest, today) is not { } first || Other(ref rest, first, today) is not { } second || first.From == second.From)
        {
            return null;
        }

        text = Connectors().Replace(rest, " ");
        return first.From > second.From ? Compared(first, second, today) : Compared(second, first, today);
    }

    // "The quarter before", "a year earlier" and "the same month last year" are told from the first span.
    private static PeriodFilter? Other(ref string text, PeriodFilter first, DateOnly today)
    {
        if (RelativePattern().Match(text) is { Success: true } relative)
        {
            text = QuestionSpans.Without(text, relative);
            var (from, until) = QuestionPeriods.Before((first.From, first.Until), relative.Groups["unit"].Value);
            return new PeriodFilter(from, until, relative.Value.Trim());
        }

        return QuestionPeriods.Take(ref text, today);
    }

    private static PeriodComparison Compared(PeriodFilter later, PeriodFilter earlier, DateOnly today)
    {
        List<string> assumptions = [];
        var tomorrow = today.AddDays(1);
        if (later.Until > tomorrow && later.From < tomorrow)
        {
            // Whole months apart, both end on the same day of the month.
            var months = ((later.From.Year - earlier.From.Year) * 12) + later.From.Month - earlier.From.Month;
            var end = later.From.Day == earlier.From.Day ? tomorrow.AddMonths(-months) : earlier.From.AddDays(tomorrow.DayNumber - later.From.DayNumber);
            earlier = earlier with { Until = end < earlier.Until ? end : earlier.Until };
            later = later with { Until = tomorrow };
            assumptions.Add($"the later period has not ended: it is taken up to today and compared with {Said(earlier)}");
        }

        var (days, before) = (later.Until.DayNumber - later.From.DayNumber, earlier.Until.DayNumber - earlier.From.DayNumber);
        if (days != before)
        {
            assumptions.Add(string.Create(CultureInfo.InvariantCulture, $"the periods are of different length: {days} days against {before}"));
        }

        return new PeriodComparison(later, earlier, assumptions);
    }

    /// <summary>E.g. "2026-09-01 to 2026-09-30".</summary>
    public static string Said(PeriodFilter period) => Said(period.From, period.Until);

    public static string Said(DateOnly from, DateOnly until) => string.Create(CultureInfo.InvariantCulture, $"{from:yyyy-MM-dd} to {until.AddDays(-1):yyyy-MM-dd}");

    // "From December to January 2026", "2025 vs 2026": every span gets its year and the "in" that it has when it stands alone.
    private static string Spelled(string text)
    {
        var named = NamedPattern().Matches(text);
        if (named is [var one, var two] && one.Groups["q"].Success == two.Groups["q"].Success && one.Groups["year"].Success != two.Groups["year"].Success)
        {
            var (with, without) = one.Groups["year"].Success ? (one, two) : (two, one);
            var year = int.Parse(with.Groups["year"].Value, CultureInfo.InvariantCulture);
            year -= without == one && Order(one) > Order(two) ? 1 : 0;
            text = text.Insert(without.Index + without.Length, string.Create(CultureInfo.InvariantCulture, $" {year}"));
        }

        return BareYear().Replace(NamedPattern().Replace(text, " in $0"), " in $0");
    }

    private static int Order(Match match) => match.Groups["q"].Success
        ? match.Groups["q"].Value[0] - '0'
        : DateTime.ParseExact(match.Groups["m"].Value, "MMMM", CultureInfo.InvariantCulture).Month;

    [GeneratedRegex(@"(?<!\w)(?:compar(?:e|ed|ing|ison)|versus|vs|against|relative to|than|chang(?:e|ed)|differ(?:s|ed|ence)?|gr[eo]wn?|growth|develop(?:ed)?|increased?|decreased?|r(?:i|o)sen?|f[ae]llen|fell|dropped|declined?)(?!\w)")]
    private static partial Regex ComparePattern();

    [GeneratedRegex(@"(?<!\w)(?:in\s+)?(?:(?<m>" + QuestionPeriods.MonthNames + @")|q(?<q>[1-4]))(?:\s+(?:of\s+)?(?<year>(?:19|20)\d{2}))?(?!\w)")]
    private static partial Regex NamedPattern();

    [GeneratedRegex(@"(?<![\w-])(?<!(?:in|of|" + QuestionPeriods.MonthNames + @"|q[1-4])\s+)(?:19|20)\d{2}(?![\w-]|,\d)")]
    private static partial Regex BareYear();

    [GeneratedRegex(@"(?<!\w)(?:(?:the|in the|that of the)\s+)?(?:(?<unit>day|week|month|quarter|year|period)\s+before(?!\s+(?:the|last|this|in|q\d|\d))|(?:previous|preceding|prior)\s+(?<unit>period)|(?:previous|preceding|prior)\s+one|one\s+before|(?:an?|one)\s+(?<unit>week|month|quarter|year)\s+(?:earlier|before|ago)|(?:the\s+)?same\s+(?:time|period|day|week|month|quarter|span)\s+(?:(?:of\s+)?(?:the\s+)?(?:last|previous)\s+(?<unit>year|month|quarter)|(?:an?|one|the)\s+(?<unit>year|month|quarter)\s+(?:earlier|before|ago)))(?!\w)")]
    private static partial Regex RelativePattern();

    [GeneratedRegex(@"(?<!\w)(?:how\s+did|compare|compared\s+(?:to|with)|compared|comparing|comparison\s+of|comparison|versus|vs|against|relative\s+to|than(?:\s+in)?|chang(?:e|ed)|(?:the\s+)?difference\s+(?:between|in|of)|difference|differ(?:s|ed)?|gr[eo]wn?|growth|develop(?:ed)?|increased?|decreased?|r(?:i|o)sen?|f[ae]llen|fell|dropped|declined?|between|with|how\s+has|how\s+have|(?<=how\s+(?:many|much)\s+)(?:more|fewer|less|higher|lower))(?!\w)")]
    private static partial Regex Connectors();
}
