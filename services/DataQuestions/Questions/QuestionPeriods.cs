using System.Globalization;
using System.Text.RegularExpressions;

namespace Platform.DataQuestions.Questions;

/// <summary>Takes what is said of time out of a normalised question, so that its other words can be read one by one.</summary>
internal static partial class QuestionPeriods
{
    /// <summary>Takes all spans of time out of the question: "before October this year" are the days that both have, "in March last year" is March of that year.</summary>
    /// <param name="text">The question.</param>
    /// <param name="today">Today.</param>
    /// <param name="excluding">Two spans have no day in common.</param>
    public static PeriodFilter? TakeAll(ref string text, DateOnly today, out bool excluding)
    {
        excluding = false;
        var found = TakeRange(ref text, today) ?? TakeEdge(ref text, today) ?? Take(ref text, today);
        for (var next = found is null ? null : Take(ref text, today); next is not null && !excluding; next = Take(ref text, today))
        {
            var both = Both(found!, next) ?? Both(InYearOf(found!, next), next) ?? Both(found!, InYearOf(next, found!));
            excluding = both is null;
            found = both ?? found;
        }

        return found;
    }

    private static PeriodFilter? Both(PeriodFilter one, PeriodFilter other)
    {
        var (from, until) = (one.From > other.From ? one.From : other.From, one.Until < other.Until ? one.Until : other.Until);
        return from < until ? new PeriodFilter(from, until, $"{one.Words} {other.Words}") : null;
    }

    // A month or quarter that was said without its year.
    private static PeriodFilter InYearOf(PeriodFilter span, PeriodFilter year)
    {
        var isYear = year.From is { Month: 1, Day: 1 } && year.Until == year.From.AddYears(1);
        var isPartOfOne = !span.IsOpen && span.From.Day == 1 && span.Until.DayNumber - span.From.DayNumber < 100 && !AnyYear().IsMatch(span.Words);
        return isYear && isPartOfOne ? span with { From = span.From.AddYears(year.From.Year - span.From.Year), Until = span.Until.AddYears(year.From.Year - span.From.Year) } : span;
    }

    /// <summary>Takes one span of time out of the question: "last month", "this year", "in the last 30 days", "next week", "in 2025", "since 2025-03-01", "since June".</summary>
    public static PeriodFilter? Take(ref string text, DateOnly today)
    {
        var match = PeriodPattern().Match(text);
        if (!match.Success)
        {
            return null;
        }

        var tomorrow = today.AddDays(1);
        var (week, month, quarter, year) = (StartOf(today, "week"), StartOf(today, "month"), StartOf(today, "quarter"), StartOf(today, "year"));
        var words = match.Groups["span"].Value;
        (DateOnly From, DateOnly Until)? span = words switch
        {
            "today" => (today, tomorrow),
            "yesterday" => (today.AddDays(-1), today),
            "tomorrow" => (tomorrow, tomorrow.AddDays(1)),
            "this week" or "week" => (week, week.AddDays(7)),
            "last week" or "previous week" => (week.AddDays(-7), week),
            "next week" or "coming week" => (week.AddDays(7), week.AddDays(14)),
            "next month" or "coming month" => (month.AddMonths(1), month.AddMonths(2)),
            "next quarter" or "coming quarter" => (quarter.AddMonths(3), quarter.AddMonths(6)),
            "next year" or "coming year" => (year.AddYears(1), year.AddYears(2)),
            "this month" or "month" => (month, month.AddMonths(1)),
            "last month" or "previous month" => (month.AddMonths(-1), month),
            "this quarter" or "quarter" => (quarter, quarter.AddMonths(3)),
            "last quarter" or "previous quarter" => (quarter.AddMonths(-3), quarter),
            "this year" or "year" => (year, year.AddYears(1)),
            "last year" or "previous year" => (year.AddYears(-1), year),
            "week before last" => (week.AddDays(-14), week.AddDays(-7)),
            "month before last" => (month.AddMonths(-2), month.AddMonths(-1)),
            "quarter before last" => (quarter.AddMonths(-6), quarter.AddMonths(-3)),
            "year before last" => (year.AddYears(-2), year.AddYears(-1)),
            _ => null,
        };
        if (span is null && match.Groups["n"].Success && int.TryParse(match.Groups["n"].Value, NumberStyles.None, CultureInfo.InvariantCulture, out var count) && count is > 0 and <= 3660)
        {
            span = match.Groups["ahead"].Success ? Ahead(today, count, match.Groups["unit"].Value) : match.Groups["unit"].Value switch
            {
                "day" => (tomorrow.AddDays(-count), tomorrow),
                "week" => (tomorrow.AddDays(-7 * count), tomorrow),
                "month" => (tomorrow.AddMonths(-Math.Min(count, 600)), tomorrow),
                _ => (tomorrow.AddYears(-Math.Min(count, 50)), tomorrow),
            };
        }

        if (span is null && match.Groups["m"].Success)
        {
            var number = Array.IndexOf(Months, match.Groups["m"].Value) + 1;
            var only = new DateOnly(match.Groups["my"].Success ? int.Parse(match.Groups["my"].Value, CultureInfo.InvariantCulture) : today.Year, number, 1);
            only = !match.Groups["my"].Success && only > today ? only.AddYears(-1) : only;
            span = (only, only.AddMonths(1));
        }

        if (span is null && match.Groups["q"].Success)
        {
            var only = new DateOnly(match.Groups["qy"].Success ? int.Parse(match.Groups["qy"].Value, CultureInfo.InvariantCulture) : today.Year, (3 * int.Parse(match.Groups["q"].Value, CultureInfo.InvariantCulture)) - 2, 1);
            only = !match.Groups["qy"].Success && only > today ? only.AddYears(-1) : only;
            span = (only, only.AddMonths(3));
        }

        if (span is null && match.Groups["y"].Success)
        {
            var only = new DateOnly(int.Parse(match.Groups["y"].Value, CultureInfo.InvariantCulture), 1, 1);
            span = (only, only.AddYears(1));
        }

        if (span is null && IsDay(match.Groups["since"].Value, out var since))
        {
            span = (since, tomorrow);
        }

        if (span is null && IsDay(match.Groups["first"].Value, out var first) && IsDay(match.Groups["last"].Value, out var last) && first <= last)
        {
            span = (first, last.AddDays(1));
        }

        if (span is not { } found)
        {
            return null;
        }

        // The innermost is said last: "the week before the week before last week".
        foreach (var unit in BeforePattern().Matches(match.Groups["before"].Value).Select(before => before.Groups["unit"].Value).Reverse())
        {
            found = Before(found, unit);
        }

        // "Since June" goes on until today; a span that is still to come has not begun, and one with an end is not open.
        if (match.Groups["open"].Success)
        {
            if (found.From > today || match.Groups["first"].Success)
            {
                return null;
            }

            found = (found.From, tomorrow);
        }

        text = QuestionSpans.Without(text, match);
        return new PeriodFilter(found.From, found.Until, match.Value.Trim());
    }

    /// <summary>Takes "between March and May", "from November 2025 to January", "from Q1 to Q2 2026" out of the question: all of it, from the first to the last.</summary>
    public static PeriodFilter? TakeRange(ref string text, DateOnly today)
    {
        var match = RangePattern().Match(text);
        if (!match.Success)
        {
            return null;
        }

        var first = FirstMonth(match.Groups["first"].Value);
        var last = FirstMonth(match.Groups["last"].Value) + (match.Groups["last"].Value.StartsWith('q') ? 2 : 0);
        var later = last < first ? 1 : 0;
        var from = Year("firstYear") ?? (Year("lastYear") - later) ?? (new DateOnly(today.Year, first, 1) > today ? today.Year - 1 : today.Year);
        var (begin, end) = (new DateOnly(from, first, 1), new DateOnly(Year("lastYear") ?? (from + later), last, 1).AddMonths(1));
        if (end <= begin)
        {
            return null;
        }

        text = QuestionSpans.Without(text, match);
        return new PeriodFilter(begin, end, match.Value.Trim());

        int? Year(string group) => match.Groups[group].Success ? int.Parse(match.Groups[group].Value, CultureInfo.InvariantCulture) : null;
    }

    /// <summary>Takes "before October", "until the end of 2025", "after 2026-03-31" out of the question: all days up to there, or from there until today.</summary>
    public static PeriodFilter? TakeEdge(ref string text, DateOnly today)
    {
        var match = EdgePattern().Match(text);
        if (!match.Success)
        {
            return null;
        }

        var (span, rest) = First(match.Groups["rest"].Value, today);
        PeriodFilter? found = (span, match.Groups["edge"].Value[0]) switch
        {
            (null, _) => null,
            ({ } until, 'b' or 'p') => new PeriodFilter(DateOnly.MinValue, match.Groups["end"].Success ? until.Until : until.From, match.Value),
            ({ } since, 'a') => since.Until <= today ? new PeriodFilter(since.Until, today.AddDays(1), match.Value) : null,
            ({ } until, _) => new PeriodFilter(DateOnly.MinValue, match.Groups["start"].Success ? until.From.AddDays(1) : until.Until, match.Value),
        };
        if (found is not null)
        {
            text = $"{text[..match.Index]} {rest}";
        }

        return found;
    }

    /// <summary>Takes "as of 2026-09-30", "at the end of last month" out of the question: the day that things are told of; null: today.</summary>
    public static DateOnly? TakeAsOf(ref string text, DateOnly today)
    {
        var match = AsOfPattern().Match(text);
        if (!match.Success)
        {
            return null;
        }

        var (span, rest) = First(match.Groups["rest"].Value, today);
        if (span is null)
        {
            return null;
        }

        text = $"{text[..match.Index]} {rest}";
        return match.Groups["start"].Success ? span.From : span.Until.AddDays(-1);
    }

    // The day or span that a text begins with, and what comes behind it.
    private static (PeriodFilter? Span, string Behind) First(string text, DateOnly today)
    {
        if (text.Length >= 10 && IsDay(text[..10], out var day))
        {
            return (new PeriodFilter(day, day.AddDays(1), text[..10]), text[10..]);
        }

        var rest = LeadPattern().IsMatch(text) ? text : "in " + text;
        var span = Take(ref rest, today);
        return rest.StartsWith(' ') ? (span, rest) : (null, text);
    }

    /// <summary>First day of the month, quarter, year or week of a day.</summary>
    public static DateOnly StartOf(DateOnly day, string grain) => grain switch
    {
        "month" => new DateOnly(day.Year, day.Month, 1),
        "quarter" => new DateOnly(day.Year, ((day.Month - 1) / 3 * 3) + 1, 1),
        "year" => new DateOnly(day.Year, 1, 1),
        _ => day.AddDays(-(((int)day.DayOfWeek + 6) % 7)),
    };

    /// <summary>The whole months, or whatever the grain is, of a span that are over; null when it has none.</summary>
    /// <param name="running">Begin of the one that is not over.</param>
    public static PeriodFilter? Whole(PeriodFilter span, string grain, DateOnly running)
    {
        var from = StartOf(span.From, grain);
        from = from == span.From ? from : Next(from, grain);
        var until = StartOf(span.Until, grain);
        until = until < running ? until : running;
        return from < until ? span with { From = from, Until = until } : null;
    }

    private static DateOnly Next(DateOnly start, string grain) => grain switch
    {
        "month" => start.AddMonths(1),
        "quarter" => start.AddMonths(3),
        "year" => start.AddYears(1),
        _ => start.AddDays(7),
    };

    // Of a month or of a quarter, "q2".
    private static int FirstMonth(string name) => Array.IndexOf(Months, name) is >= 0 and var month ? month + 1 : (3 * (name[1] - '0')) - 2;

    // From today on.
    private static (DateOnly From, DateOnly Until) Ahead(DateOnly today, int count, string unit) => unit switch
    {
        "day" => (today, today.AddDays(count + 1)),
        "week" => (today, today.AddDays((7 * count) + 1)),
        "month" => (today, today.AddMonths(Math.Min(count, 600)).AddDays(1)),
        _ => (today, today.AddYears(Math.Min(count, 50)).AddDays(1)),
    };

    private static bool IsDay(string text, out DateOnly day) => DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out day);

    /// <summary>"The month before October" is September; "the year before October" is the same month one year earlier.</summary>
    public static (DateOnly From, DateOnly Until) Before((DateOnly From, DateOnly Until) span, string unit)
    {
        var days = span.Until.DayNumber - span.From.DayNumber;
        (int Days, Func<DateOnly, DateOnly> Back)? step = unit switch
        {
            "day" => (1, day => day.AddDays(-1)),
            "week" => (7, day => day.AddDays(-7)),
            "month" => (28, day => day.AddMonths(-1)),
            "quarter" => (90, day => day.AddMonths(-3)),
            "year" => (365, day => day.AddYears(-1)),
            _ => null,
        };
        return step is not { } known ? (From(span, days), span.From) : (known.Back(span.From), days >= known.Days ? span.From : known.Back(span.Until));

        // Whole months stay whole: before February comes January, not 28 days.
        static DateOnly From((DateOnly From, DateOnly Until) span, int days) => span is { From.Day: 1, Until.Day: 1 }
            ? span.From.AddMonths(-(((span.Until.Year - span.From.Year) * 12) + span.Until.Month - span.From.Month))
            : span.From.AddDays(-days);
    }

    [GeneratedRegex(@"(?<!\w)(?<!(?:day|week|month|quarter|year|period|and|or)\s)(?<edge>before|prior\s+to|until|till|up\s+to|by(?=\s+the\s+end\s+of\s)|after)\s+(?:the\s+)?(?:(?:(?<start>start|beginning)|(?<end>end))\s+of\s+)?" + SomeSpan)]
    private static partial Regex EdgePattern();

    [GeneratedRegex(@"(?<!\w)(?:as\s+(?:of|at)\s+(?:the\s+)?(?:(?:(?<start>start|beginning)|end)\s+of\s+(?:the\s+)?)?|at\s+(?:the\s+)?(?:(?<start>start|beginning)|end)\s+of\s+(?:the\s+)?)" + SomeSpan)]
    private static partial Regex AsOfPattern();

    private const string SomeSpan = @"(?<rest>(?:\d{4}|q[1-4]|" + MonthNames + @"|this|last|previous|next|today|yesterday|the|tomorrow)(?!\w).*)$";

    [GeneratedRegex(@"(?:19|20)\d{2}")]
    private static partial Regex AnyYear();

    [GeneratedRegex(@"^(?:this|last|previous|next|today|yesterday|tomorrow|the)(?!\w)")]
    private static partial Regex LeadPattern();

    [GeneratedRegex(@"(?<unit>day|week|month|quarter|year|period)\s+before")]
    private static partial Regex BeforePattern();

    public const string MonthNames = "january|february|march|april|may|june|july|august|september|october|november|december";

    [GeneratedRegex(
        @"(?<!\w)(?:(?:in|during|over|for|within|of|from)\s+|(?<open>since)\s+(?:(?:the\s+)?(?:start|beginning)\s+of\s+)?)?(?:the\s+)?(?<before>(?:(?:day|week|month|quarter|year|period)\s+before\s+(?:the\s+)?)*)(?:" +
        @"(?<span>today|yesterday|tomorrow|(?:this|last|previous|next|coming)\s+(?:week|month|quarter|year)|(?:week|month|quarter|year)\s+before\s+last|(?<=(?:start|beginning)\s+of\s+the\s+)(?:week|month|quarter|year))|(?:last|past|previous|(?<ahead>next|coming))\s+(?<n>\d{1,4})\s+(?<unit>day|week|month|year)s?" +
        @"|(?:in\s+|(?<=(?:before|since|start\s+of|beginning\s+of)\s+))(?<m>" + MonthNames + @")(?:\s+(?:of\s+)?(?<my>(?:19|20)\d{2}))?|(?<m>" + MonthNames + @")\s+(?<my>(?:19|20)\d{2})" +
        @"|(?<=(?:during|for|within|from|(?:invoices|orders|payments|revenue|sales|turnover)\s+of)\s+)(?<m>" + MonthNames + @")(?!\s+(?:to|until|till|through|and|onwards?)(?!\w))" +
        @"|(?:in\s+)?q(?<q>[1-4])(?:\s+(?:of\s+)?(?<qy>(?:19|20)\d{2}))?|(?:in\s+|(?<=(?:before|since|start\s+of|beginning\s+of)\s+))(?<y>(?:19|20)\d{2})(?!-)|(?<y>(?:19|20)\d{2})(?=$)|since\s+(?<since>\d{4}-\d{2}-\d{2})" +
        @"|(?:between\s+)?(?<first>\d{4}-\d{2}-\d{2})\s+(?:to|until|and)\s+(?<last>\d{4}-\d{2}-\d{2}))(?!\w)")]
    private static partial Regex PeriodPattern();

    [GeneratedRegex(
        @"(?<!\w)(?:between|from)\s+(?<first>" + MonthNames + @"|q[1-4])(?:\s+(?:of\s+)?(?<firstYear>(?:19|20)\d{2}))?" +
        @"\s+(?:and|to|until|till|through)\s+(?:the\s+end\s+of\s+)?(?<last>" + MonthNames + @"|q[1-4])(?:\s+(?:of\s+)?(?<lastYear>(?:19|20)\d{2}))?(?!\w)")]
    private static partial Regex RangePattern();

    private static readonly string[] Months = MonthNames.Split('|');
}
