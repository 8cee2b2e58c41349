using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace Platform.ResponseGeneration.Gates;

/// <summary>Finds every figure in a text: amounts, percentages, durations, counts, dates, and small numbers in words before a thing that is counted.</summary>
internal static partial class FigureReader
{
    private const string Months = "january|february|march|april|may|june|july|august|september|october|november|december|jan|feb|mar|apr|jun|jul|aug|sept|sep|oct|nov|dec";

    private static readonly string[] NumberWords =
        ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen", "twenty"];

    public static IReadOnlyList<SaidFigure> Read(string text, CultureInfo culture)
    {
        var masked = new StringBuilder(text);
        Mask(masked, SourceMark());
        Mask(masked, ListNumber());
        var figures = new List<SaidFigure>();
        Dates(masked, figures);
        foreach (Match match in Numeral().Matches(masked.ToString()))
        {
            if (Numeric(match, culture) is { } figure)
            {
                figures.Add(figure);
            }
        }

        foreach (Match match in InWords().Matches(masked.ToString()))
        {
            var number = Array.IndexOf(NumberWords, match.Groups["word"].Value.ToLowerInvariant());
            var (kind, factor, things) = Unit(match.Groups["unit"].Value);
            figures.Add(new SaidFigure(new Figure(kind, number * factor, string.Empty, things), 0.5 * factor * (factor > 1 ? 1 : 0), match.Value, match.Index));
        }

        return figures;
    }

    private static void Mask(StringBuilder text, Regex pattern)
    {
        foreach (Match match in pattern.Matches(text.ToString()))
        {
            Blank(text, match);
        }
    }

    private static void Blank(StringBuilder text, Match match)
    {
        for (var i = match.Index; i < match.Index + match.Length; i++)
        {
            text[i] = text[i] is '\n' ? '\n' : ' ';
        }
    }

    private static void Dates(StringBuilder text, List<SaidFigure> figures)
    {
        foreach (var pattern in (Regex[])[IsoDay(), MonthDayYear(), DayMonthYear()])
        {
            foreach (Match match in pattern.Matches(text.ToString()))
            {
                var year = int.Parse(match.Groups["y"].Value, CultureInfo.InvariantCulture);
                var day = int.Parse(match.Groups["d"].Value, CultureInfo.InvariantCulture);
                var month = MonthOf(match.Groups["m"].Value);
                if (year is > 0 and < 10000 && month is > 0 and < 13 && day > 0 && day <= DateTime.DaysInMonth(year, month))
                {
                    figures.Add(new SaidFigure(new Figure(FigureKind.Date, new DateOnly(year, month, day).DayNumber), 0, match.Value, match.Index));
                    Blank(text, match);
                }
            }
        }

        foreach (Match match in MonthYear().Matches(text.ToString()))
        {
            figures.Add(new SaidFigure(new Figure(FigureKind.Month, (int.Parse(match.Groups["y"].Value, CultureInfo.InvariantCulture) * 12) + MonthOf(match.Groups["m"].Value)), 0, match.Value, match.Index));
            Blank(text, match);
        }
    }

    private static int MonthOf(string text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number
            : Array.FindIndex(CultureInfo.InvariantCulture.DateTimeFormat.AbbreviatedMonthNames, m => m.Length > 0 && text.StartsWith(m, StringComparison.OrdinalIgnoreCase)) + 1;

    private static SaidFigure? Numeric(Match match, CultureInfo culture)
    {
        var digits = match.Groups["n"].Value.TrimEnd('.', ',', '\'', '\u00A0', '\u202F', ' ');
        var own = Parse(digits, culture.NumberFormat.NumberDecimalSeparator, culture.NumberFormat.NumberGroupSeparator);
        var english = Parse(digits, ".", ",");
        if ((own ?? english) is not { } number)
        {
            return null;
        }

        var first = Build(match, number);
        return own is not null && english is { } other && other.Value != number.Value ? first with { Other = Build(match, other) } : first;
    }

    private static SaidFigure Build(Match match, (double Value, double Step) number)
    {
        var scale = match.Groups["scale"].Value.Trim().ToLowerInvariant() switch
        {
            "k" or "thousand" => 1e3,
            "m" or "mn" or "million" => 1e6,
            "bn" or "billion" => 1e9,
            _ => 1,
        };
        var value = number.Value * scale;
        var step = number.Step * scale;
        var approximate = match.Groups["about"].Success;
        if (approximate && number.Step >= 0.5 && value != 0)
        {
            // "About 180,000": the zeros at the end are rounding, too.
            while (value % (step * 20) == 0 && step * 20 <= Math.Abs(value))
            {
                step *= 10;
            }
        }

        var currency = CurrencyOf(match.Groups["before"].Value.Trim(), match.Groups["after"].Value.Trim());
        if (currency is not null)
        {
            return new SaidFigure(new Figure(FigureKind.Money, value, currency), step, match.Value.Trim(), match.Index);
        }

        if (match.Groups["percent"].Success)
        {
            return new SaidFigure(new Figure(FigureKind.Ratio, value / 100), step / 100, match.Value.Trim(), match.Index);
        }

        var unit = match.Groups["unit"].Value;
        if (unit.Length == 0 && number.Step >= 0.5 && scale == 1 && value is >= 1900 and <= 2100 && !match.Groups["n"].Value.Contains(',', StringComparison.Ordinal))
        {
            return new SaidFigure(new Figure(FigureKind.Year, value), 0, match.Value.Trim(), match.Index);
        }

        var (kind, factor, things) = Unit(unit);
        return new SaidFigure(new Figure(kind, value * factor, string.Empty, things), step * factor, match.Value.Trim(), match.Index);
    }

    private static (double Value, double Step)? Parse(string digits, string point, string group)
    {
        var groups = group is "\u00A0" or "\u202F" ? new[] { "\u00A0", "\u202F" } : group == "\u2019" ? ["\u2019", "'"] : [group];
        var plain = groups.Aggregate(digits, (d, g) => d.Replace(g, string.Empty, StringComparison.Ordinal));
        var parts = plain.Split(point);
        if (parts.Length > 2 || parts.Any(p => p.Length == 0 || !p.All(char.IsAsciiDigit)) || !GroupsOfThree(digits, point, groups))
        {
            return null;
        }

        var decimals = parts.Length == 2 ? parts[1].Length : 0;
        return (double.Parse(parts[0] + (decimals > 0 ? "." + parts[1] : string.Empty), CultureInfo.InvariantCulture), 0.5 * Math.Pow(10, -decimals));
    }

    // "1.5" in German is not fifteen: a group has three digits.
    private static bool GroupsOfThree(string digits, string point, string[] groups) =>
        digits.Split(point)[0].Split(groups, StringSplitOptions.None) is var parts && parts.Skip(1).All(p => p.Length == 3) && !(digits.Split(point) is [_, var decimals] && groups.Any(decimals.Contains));

    private static string? CurrencyOf(string before, string after)
    {
        foreach (var mark in (string[])[before, after])
        {
            switch (mark)
            {
                case "$": return "USD";
                case "€": return "EUR";
                case "£": return "GBP";
                case "¥": return "JPY";
                case { Length: 3 } when mark.All(char.IsAsciiLetterUpper): return mark;
                default: break;
            }

            if (mark.StartsWith("dollar", StringComparison.OrdinalIgnoreCase))
            {
                return "USD";
            }

            if (mark.StartsWith("euro", StringComparison.OrdinalIgnoreCase))
            {
                return "EUR";
            }
        }

        return null;
    }

    private static (FigureKind Kind, double Factor, string Things) Unit(string unit)
    {
        var one = unit.Trim().ToLowerInvariant();
        one = one.EndsWith('s') && one.Length > 2 ? one[..^1] : one;
        return one switch
        {
            "day" => (FigureKind.Days, 1, string.Empty),
            "week" => (FigureKind.Days, 7, string.Empty),
            "month" => (FigureKind.Days, 30.4, string.Empty),
            "year" => (FigureKind.Days, 365, string.Empty),
            _ => (FigureKind.Number, 1, one),
        };
    }

    public const string Things = "invoices?|orders?|payments?|customers?|patterns?|notes?|options?|observations?|rows?|reminders?";

    [GeneratedRegex(@"\[s\d+\]")]
    private static partial Regex SourceMark();

    [GeneratedRegex(@"^\s*\d{1,2}[.)]\s", RegexOptions.Multiline)]
    private static partial Regex ListNumber();

    [GeneratedRegex(@"(?<![\w-])(?<y>\d{4})-(?<m>\d{2})-(?<d>\d{2})(?!\d)")]
    private static partial Regex IsoDay();

    [GeneratedRegex(@"\b(?<m>" + Months + @")\.? (?<d>\d{1,2})(?:st|nd|rd|th)?,? (?<y>\d{4})\b", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex MonthDayYear();

    [GeneratedRegex(@"\b(?<d>\d{1,2})(?:st|nd|rd|th|\.)? (?:of )?(?<m>" + Months + @")\.?,? (?<y>\d{4})\b", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex DayMonthYear();

    [GeneratedRegex(@"\b(?<m>" + Months + @")\.? (?:of )?(?<y>\d{4})\b", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex MonthYear();

    [GeneratedRegex(@"(?<about>\b(?:about|around|roughly|nearly|almost|approximately|over|more than|less than|under|some|close to|just (?:over|under)|at least|up to) |~ ?|≈ ?)?(?<before>[$€£¥]|\b[A-Z]{3}[ \u00A0])?(?<![\w.,\-/#])(?<n>\d(?:[\d.,'’\u00A0\u202F]*\d)?)(?![\w]*-\d)(?<scale>[  ]?(?:k|m|mn|bn|thousand|million|billion)\b)?(?:(?<percent>[ \u00A0\u202F]?(?:%|percent\b|per cent\b|percentage points?\b))|(?<after>[ \u00A0\u202F]?[$€£¥]|[ \u00A0\u202F][A-Z]{3}\b|[ \u00A0](?:dollars?|euros?)\b)|[- \u00A0](?:(?:open|paid|overdue|unpaid|late|rush|working|calendar|earlier|more|of its|of their|disputed) ){0,2}(?<unit>days?|weeks?|months?|years?|" + Things + @")\b)?", RegexOptions.CultureInvariant)]
    private static partial Regex Numeral();

    [GeneratedRegex(@"\b(?<word>two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen|fifteen|sixteen|seventeen|eighteen|nineteen|twenty)[- ](?:(?:open|paid|overdue|unpaid|late|rush|earlier|more) ){0,2}(?<unit>days?|weeks?|months?|years?|" + Things + @")\b", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex InWords();
}
