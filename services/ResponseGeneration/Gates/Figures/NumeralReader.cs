using System.Globalization;
using System.Text.RegularExpressions;

namespace Platform.ResponseGeneration.Gates.Figures;

/// <summary>Finds numbers in digits with their unit: "$1.2 million", "33.6%", "14 open invoices", "3.1 times".</summary>
internal static partial class NumeralReader
{
    private const string Scales = "k|m|mn|mio|bn|thousand|million|billion";

    public static void Read(string text, CultureInfo culture, List<SaidFigure> figures)
    {
        foreach (Match match in Numeral().Matches(text))
        {
            var digits = match.Groups["n"].Value.TrimEnd('.', ',', '\'', '’', '\u00A0', '\u202F', ' ');
            var own = Parse(digits, culture.NumberFormat.NumberDecimalSeparator, culture.NumberFormat.NumberGroupSeparator);
            var english = Parse(digits, ".", ",");
            if ((own ?? english) is { } number)
            {
                var figure = Build(match, number, text);
                figures.Add(own is not null && english is { } other && other.Value != number.Value ? figure with { Other = Build(match, other, text) } : figure);
            }
        }
    }

    private static SaidFigure Build(Match match, (double Value, double Step) number, string text)
    {
        var scale = match.Groups["scale"].Value.Trim().ToLowerInvariant() switch
        {
            "k" or "thousand" => 1e3,
            "m" or "mn" or "mio" or "million" => 1e6,
            "bn" or "billion" => 1e9,
            _ => 1,
        };
        var (value, step) = (number.Value * scale, number.Step * scale);
        var hedge = Rounding.HedgeOf(match.Groups["about"].Value);
        var currency = Units.CurrencyOf(match.Groups["before"].Value.Trim(), match.Groups["after"].Value.Trim());
        if (currency is not null)
        {
            return Said(match, FigureKind.Money, value, step, hedge, 1, currency);
        }

        if (match.Groups["percent"].Success)
        {
            return Said(match, match.Groups["percent"].Value.Contains("point", StringComparison.Ordinal) ? FigureKind.Points : FigureKind.Ratio, value, step, hedge, 0.01);
        }

        if (match.Groups["times"].Success)
        {
            return Said(match, FigureKind.Times, value, step, hedge, 1);
        }

        // "1 to 30 days": the first number has the unit of the second.
        var unit = match.Groups["unit"].Success ? match.Groups["unit"].Value : Range().Match(text, match.Index + match.Length) is { Success: true } range ? range.Groups["unit"].Value : string.Empty;
        if (unit.Length == 0 && number.Step >= 0.5 && scale == 1 && value is >= 1900 and <= 2100 && !match.Groups["n"].Value.Contains(',', StringComparison.Ordinal) && hedge == Hedge.None)
        {
            return new SaidFigure(new Figure(FigureKind.Year, value), value, value, match.Value.Trim(), match.Index, match.Length);
        }

        if (unit.Contains("point", StringComparison.Ordinal))
        {
            return Said(match, FigureKind.Points, value, step, hedge, 0.01);
        }

        if (unit is "%" || unit.StartsWith("per", StringComparison.Ordinal))
        {
            return Said(match, FigureKind.Ratio, value, step, hedge, 0.01);
        }

        var (kind, factor, things) = Units.Of(unit);
        return Said(match, kind, value, step, hedge, factor, string.Empty, things);
    }

    private static SaidFigure Said(Match match, FigureKind kind, double value, double step, Hedge hedge, double factor, string currency = "", string things = "")
    {
        var (low, high) = Rounding.Of(value, factor > 1 ? step / 2 : step, hedge, things.Length > 0);
        return new SaidFigure(new Figure(kind, value * factor, currency, things), low * factor, high * factor, match.Value.Trim(), match.Index, match.Length);
    }

    private static (double Value, double Step)? Parse(string digits, string point, string group)
    {
        string[] groups = group is "\u00A0" or "\u202F" or " " ? ["\u00A0", "\u202F", " "] : group == "\u2019" ? ["\u2019", "'"] : [group];
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

    [GeneratedRegex(@"(?<about>" + Rounding.Hedges + @")?(?<before>(?:US)?\$|[€£¥]|\b(?-i:" + Units.Codes + @")[ \u00A0])?(?<![\w.,\-/#])(?<n>\d(?:[\d.,'’\u00A0\u202F]*\d)?)(?![\w]*-\d)(?<scale>[ \u00A0]?(?:" + Scales
        + @")\b)?(?:(?<percent>[ \u00A0\u202F]?(?:percentage points?\b|%[ -]points?\b|%|percent\b|per cent\b))|(?<after>[ \u00A0\u202F]?[$€£¥]|[ \u00A0\u202F](?-i:" + Units.Codes + @")\b|[ \u00A0](?:US )?(?:dollars?|euros?|pounds?|francs?|yen)\b)|(?<times>[ \u00A0]?(?:times\b|x\b|×)|[- ]?fold\b)|[- \u00A0](?:" + Units.Between
        + @"){0,3}(?<unit>" + Units.Durations + "|" + Units.Counted + @")\b)?", RegexOptions.CultureInvariant | RegexOptions.IgnoreCase)]
    private static partial Regex Numeral();

    [GeneratedRegex(@"\G(?:–| ?- ?| to | and | or )(?:" + Rounding.Hedges + @")?\d[\d.,]*(?:[ -](?<unit>" + Units.Durations + @")\b| ?(?<unit>percentage points?|%|per ?cent))", RegexOptions.CultureInvariant)]
    private static partial Regex Range();
}
