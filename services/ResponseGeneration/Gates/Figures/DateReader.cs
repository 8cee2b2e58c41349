using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace Platform.ResponseGeneration.Gates.Figures;

/// <summary>Finds days, months and quarters, and blanks them so that their digits are not read again.</summary>
internal static partial class DateReader
{
    private const string Months = "january|february|march|april|may|june|july|august|september|october|november|december|jan|feb|mar|apr|jun|jul|aug|sept|sep|oct|nov|dec";

    private static readonly string[] Ordinals = ["first", "second", "third", "fourth"];

    public static void Read(StringBuilder text, List<SaidFigure> figures)
    {
        Each(text, figures, IsoDay(), m => Day(m, Number(m, "y"), Number(m, "m"), Number(m, "d")));
        Each(text, figures, MonthDayYear(), m => Day(m, Number(m, "y"), MonthOf(m), Number(m, "d")));
        Each(text, figures, DayMonthYear(), m => Day(m, Number(m, "y"), MonthOf(m), Number(m, "d")));
        Each(text, figures, Numeric(), NumericDay);
        Each(text, figures, QuarterYear(), m => Single(FigureKind.Quarter, (Number(m, "y") * 4) + QuarterOf(m.Groups["q"].Value), m));
        Each(text, figures, MonthYear(), m => Single(FigureKind.Month, (Number(m, "y") * 12) + MonthOf(m), m));
        Each(text, figures, MonthDay(), m => Single(FigureKind.DayOfYear, (MonthOf(m) * 100) + Number(m, "d"), m));
        Each(text, figures, DayMonth(), m => Single(FigureKind.DayOfYear, (MonthOf(m) * 100) + Number(m, "d"), m));
        Each(text, figures, LoneMonth(), m => Single(FigureKind.MonthOfYear, MonthOf(m), m));
    }

    /// <summary>True when a said day, month, quarter or year holds the day.</summary>
    public static bool Holds(Figure said, DateOnly day) => said.Kind switch
    {
        FigureKind.Date => day.DayNumber == (int)said.Value,
        FigureKind.DayOfYear => (day.Month * 100) + day.Day == (int)said.Value,
        FigureKind.Month => (day.Year * 12) + day.Month == (int)said.Value,
        FigureKind.MonthOfYear => day.Month == (int)said.Value,
        FigureKind.Quarter => (day.Year * 4) + ((day.Month + 2) / 3) == (int)said.Value,
        FigureKind.Year => day.Year == (int)said.Value,
        _ => false,
    };

    private static void Each(StringBuilder text, List<SaidFigure> figures, Regex pattern, Func<Match, SaidFigure?> read)
    {
        foreach (Match match in pattern.Matches(text.ToString()))
        {
            if (read(match) is { } figure)
            {
                figures.Add(figure);
                for (var i = match.Index; i < match.Index + match.Length; i++)
                {
                    text[i] = text[i] is '\n' ? '\n' : ' ';
                }
            }
        }
    }

    private static SaidFigure Single(FigureKind kind, double value, Match match) =>
        new(new Figure(kind, value), value, value, match.Value.Trim(), match.Index, match.Length);

    private static SaidFigure? Day(Match match, int year, int month, int day) =>
        year is > 0 and < 10000 && month is > 0 and < 13 && day > 0 && day <= DateTime.DaysInMonth(year, month)
            ? Single(FigureKind.Date, new DateOnly(year, month, day).DayNumber, match)
            : null;

    // "3/4/2026" is the third of April or the fourth of March; "3.4.2026" only the former.
    private static SaidFigure? NumericDay(Match match)
    {
        var (year, a, b) = (Number(match, "y"), Number(match, "a"), Number(match, "b"));
        year += year < 100 ? 2000 : 0;
        var dayFirst = Day(match, year, b, a);
        return match.Groups["s"].Value == "." ? dayFirst
            : Day(match, year, a, b) is { } monthFirst ? monthFirst with { Other = dayFirst } : dayFirst;
    }

    private static int Number(Match match, string group) => int.Parse(match.Groups[group].Value, CultureInfo.InvariantCulture);

    private static int MonthOf(Match match) =>
        Array.FindIndex(CultureInfo.InvariantCulture.DateTimeFormat.AbbreviatedMonthNames, m => m.Length > 0 && match.Groups["m"].Value.StartsWith(m, StringComparison.OrdinalIgnoreCase)) + 1;

    private static int QuarterOf(string text) => text.Length == 1 ? text[0] - '0' : Array.IndexOf(Ordinals, text.ToLowerInvariant()) + 1;

    [GeneratedRegex(@"(?<![\w-])(?<y>\d{4})-(?<m>\d{2})-(?<d>\d{2})(?!\d)")]
    private static partial Regex IsoDay();

    [GeneratedRegex(@"\b(?<m>" + Months + @")\.? (?<d>\d{1,2})(?:st|nd|rd|th)?,? (?<y>\d{4})\b", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex MonthDayYear();

    [GeneratedRegex(@"\b(?<d>\d{1,2})(?:st|nd|rd|th|\.)? (?:of )?(?<m>" + Months + @")\.?,? (?<y>\d{4})\b", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex DayMonthYear();

    [GeneratedRegex(@"(?<![\w.,/-])(?<a>\d{1,2})(?<s>[./])(?<b>\d{1,2})\k<s>(?<y>\d{4}|\d{2})(?![\w/]|[.,]\d)")]
    private static partial Regex Numeric();

    [GeneratedRegex(@"\bQ(?<q>[1-4])(?: of|,|/)? ?(?<y>\d{4})\b|\b(?<q>first|second|third|fourth) quarter of (?<y>\d{4})\b", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex QuarterYear();

    [GeneratedRegex(@"\b(?<m>" + Months + @")\.?,? (?:of )?(?<y>\d{4})\b", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex MonthYear();

    [GeneratedRegex(@"\b(?<m>" + Months + @")\.? (?<d>\d{1,2})(?:st|nd|rd|th)?\b(?![.,]\d|%)", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex MonthDay();

    [GeneratedRegex(@"\b(?<d>\d{1,2})(?:st|nd|rd|th|\.)? (?:of )?(?<m>" + Months + @")\b", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex DayMonth();

    // "may" and "march" are words, too: only a capital behind such a preposition is a month.
    [GeneratedRegex(@"(?<=\b(?:in|since|of|by|from|until|during|early|late|mid|last|end of|before|after|and|to) )(?<m>January|February|March|April|May|June|July|August|September|October|November|December)\b(?! [A-Z])", RegexOptions.CultureInvariant)]
    private static partial Regex LoneMonth();
}
