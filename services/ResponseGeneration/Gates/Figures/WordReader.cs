using System.Text.RegularExpressions;

namespace Platform.ResponseGeneration.Gates.Figures;

/// <summary>Finds figures in words: "five invoices", "a dozen orders", "two thirds", "twice", "one in four", "a fortnight late".</summary>
internal static partial class WordReader
{
    private const string Ones = "one|two|three|four|five|six|seven|eight|nine";
    private const string Small = "(?:(?:twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety)(?:[- ](?:" + Ones + "))?|" + Ones + "|ten|eleven|twelve|thirteen|fourteen|fifteen|sixteen|seventeen|eighteen|nineteen)";
    private const string Words = "(?:(?:a|" + Small + ") hundred(?: and " + Small + "|(?: " + Small + "))?|" + Small + ")";

    private static readonly string[] Values =
        ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen"];

    private static readonly string[] Tens = ["", "", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"];

    private static readonly Dictionary<string, int> Parts = new(StringComparer.Ordinal)
    {
        ["half"] = 2, ["third"] = 3, ["quarter"] = 4, ["fourth"] = 4, ["fifth"] = 5, ["sixth"] = 6, ["seventh"] = 7, ["eighth"] = 8, ["ninth"] = 9, ["tenth"] = 10,
    };

    public static void Read(string text, List<SaidFigure> figures)
    {
        foreach (Match match in Share().Matches(text))
        {
            Add(figures, match, FigureKind.Ratio, ShareOf(match), Rounding.OfShare(ShareOf(match), HedgeOf(match)));
        }

        foreach (Match match in Multiple().Matches(text))
        {
            var times = match.Groups["times"].Value.ToLowerInvariant() switch
            {
                "thrice" or "triple" or "triples" or "tripled" => 3,
                "quadruple" or "quadrupled" => 4,
                _ => match.Groups["number"].Success ? ValueOf(match.Groups["number"].Value) : 2,
            };
            Add(figures, match, FigureKind.Times, times, Rounding.OfMultiple(times, HedgeOf(match)));
        }

        // "One order stands out" counts nothing.
        foreach (Match match in Number().Matches(text).Where(m => !m.Groups["number"].Value.Equals("one", StringComparison.OrdinalIgnoreCase) && figures.All(f => m.Index >= f.End || f.Start >= m.Index + m.Length)))
        {
            var value = (match.Groups["dozen"].Success ? Dozens(match.Groups["dozen"].Value) : ValueOf(match.Groups["number"].Value)) * Scale(match.Groups["scale"].Value);
            var (kind, factor, things) = match.Groups["money"].Success ? (FigureKind.Money, 1, string.Empty) : match.Groups["percent"].Success
                ? (match.Groups["percent"].Value.Contains("point", StringComparison.Ordinal) ? FigureKind.Points : FigureKind.Ratio, 0.01, string.Empty) : Units.Of(match.Groups["unit"].Value);
            var (low, high) = match.Groups["dozen"].Success && HedgeOf(match) == Hedge.Near ? (value * 0.88, value * 1.12) : Rounding.Of(value, Step(value, match.Groups["scale"].Value, factor), HedgeOf(match));
            figures.Add(new SaidFigure(
                new Figure(kind, value * factor, Units.CurrencyOf(match.Groups["money"].Value) ?? string.Empty, things), low * factor, high * factor, match.Value.Trim(), match.Index, match.Length));
        }

        foreach (Match match in Duration().Matches(text))
        {
            var (_, factor, _) = Units.Of(match.Groups["unit"].Value);
            Add(figures, match, FigureKind.Days, factor, Rounding.Of(factor, factor > 1 ? factor / 2 : 0.5, HedgeOf(match)));
        }
    }

    private static void Add(List<SaidFigure> figures, Match match, FigureKind kind, double value, (double Low, double High) range)
    {
        if (figures.All(f => match.Index >= f.End || f.Start >= match.Index + match.Length))
        {
            figures.Add(new SaidFigure(new Figure(kind, value), range.Low, range.High, match.Value.Trim(), match.Index, match.Length));
        }
    }

    private static Hedge HedgeOf(Match match) => Rounding.HedgeOf(match.Groups["about"].Value);

    private static double ShareOf(Match match)
    {
        if (match.Groups["of"].Success)
        {
            return (double)ValueOf(match.Groups["a"].Value) / ValueOf(match.Groups["of"].Value);
        }

        var part = match.Groups["part"].Value.ToLowerInvariant();
        var count = match.Groups["count"].Value.ToLowerInvariant();
        return (count is "" or "a" ? 1.0 : ValueOf(count)) / Parts[part == "half" ? part : part.TrimEnd('s')];
    }

    // "Five invoices" are five; "two weeks" are less than two days more or less.
    private static double Step(double value, string scale, double factor) => scale.Length > 0 ? value * 0.05 : factor > 1 ? 0.25 : 0;

    private static int Dozens(string words) => words.ToLowerInvariant() switch { "half a dozen" => 6, "two dozen" => 24, "three dozen" => 36, "four dozen" => 48, _ => 12 };

    private static double Scale(string scale) => scale.Trim().ToLowerInvariant() switch { "thousand" => 1e3, "million" => 1e6, "billion" => 1e9, _ => 1 };

    private static int ValueOf(string words)
    {
        var sum = 0;
        foreach (var word in words.ToLowerInvariant().Split([' ', '-'], StringSplitOptions.RemoveEmptyEntries))
        {
            sum = word switch
            {
                "and" => sum,
                "a" => 1,
                "hundred" => sum * 100,
                _ when Array.IndexOf(Values, word) is >= 0 and var one => sum + one,
                _ => sum + (10 * Math.Max(0, Array.IndexOf(Tens, word))),
            };
        }

        return sum;
    }

    // "A third" may be an ordinal, "three quarters" a time: the words around tell.
    [GeneratedRegex("(?<about>" + Rounding.Hedges + @")?(?:\b(?<!\b(?:last|past|previous|next|first|for) )(?:(?<count>two|three|four|five|six|seven|eight|nine)[- ])(?<part>thirds|quarters|fourths|fifths|sixths|sevenths|eighths|ninths|tenths)\b(?! (?:ago|later|earlier|of (?:19|20)\d\d))"
        + @"|\b(?:(?<count>a|one)[- ])(?<part>third|quarter|fifth|sixth|seventh|eighth|ninth|tenth)(?= of\b(?! (?:19|20)\d\d)| more\b| less\b| fewer\b| higher\b| lower\b| late\b| overdue\b| before\b| earlier\b| now\b| is\b| are\b| was\b| were\b| to\b| at\b| for\b| against\b| and\b| of\b| \(|[\].,;:)|]|$)"
        + @"|(?<!first |second |latter |other |and a |an? )\b(?<part>half)(?= of\b| its\b| the\b| that\b| their\b| before\b| earlier\b| now\b| is\b| are\b| was\b| were\b| overdue\b| as\b| at\b| for\b| against\b| to\b| and\b| \(|[.,;:)|]|$)"
        + @"|\b(?<a>" + Ones + ") (?:in|out of|of every) (?:every )?(?<of>two|three|four|five|six|seven|eight|nine|ten)\b)", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Share();

    [GeneratedRegex("(?<about>" + Rounding.Hedges + @")?\b(?:(?<times>twice|thrice|doubled?|doubles|triple[sd]?|quadrupled?)\b(?!-)|(?<number>" + Small + ") times (?=as\b|the\b|its\b|more\b|what\b|that\b|higher\b|larger\b|longer\b|their\b|those\b)|(?<number>two|three|four|five|six|seven|eight|nine|ten)fold)", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Multiple();

    [GeneratedRegex("(?<about>" + Rounding.Hedges + @")?\b(?:(?<dozen>half a dozen|(?:a|two|three|four) dozen)|(?<number>" + Words + ")(?<scale> (?:thousand|million|billion))?)"
        + "(?:[- ](?:" + Units.Between + "){0,3}(?:(?<unit>" + Units.Durations + "|" + Units.Counted + @")|(?<percent>percentage points?|percent|per cent)|(?<money>(?:US )?(?:dollars?|euros?|pounds?|francs?|yen)))\b|(?<=dozen)\b)", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Number();

    [GeneratedRegex("(?<about>" + Rounding.Hedges + @")?\ba (?:full )?(?<unit>day|week|fortnight|month|year) (?=late\b|later\b|earlier\b|early\b|overdue\b|longer\b|after\b|before\b|behind\b|ago\b|past\b|sooner\b)", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Duration();
}
