using System.Globalization;
using System.Text.RegularExpressions;

namespace Platform.DataQuestions.Questions;

/// <summary>Takes what is said of time, place and delay out of a normalised question, so that its other words can be read one by one.</summary>
internal static partial class QuestionSpans
{
    /// <summary>Takes "in Germany" out of the question; the names are those that the platform's regions have in English.</summary>
    public static string? TakeCountry(ref string text)
    {
        foreach (Match match in CountryPattern().Matches(text))
        {
            foreach (var length in (int[])[3, 2, 1])
            {
                var words = match.Groups["words"].Value.Split(' ', StringSplitOptions.RemoveEmptyEntries);
                var name = string.Join(' ', words.Take(length));
                if (words.Length >= length && Countries.Value.Contains(name))
                {
                    var end = match.Groups["words"].Index + name.Length;
                    text = Without(text, match.Index, end - match.Index);
                    return name;
                }
            }
        }

        return null;
    }

    private static readonly Lazy<HashSet<string>> Countries = new(() => [.. Regions().Select(region => region.EnglishName.ToLowerInvariant())]);

    /// <summary>Countries that the platform knows, some of them more than once.</summary>
    public static IEnumerable<RegionInfo> Regions() =>
        CultureInfo.GetCultures(CultureTypes.SpecificCultures).Where(culture => culture.Name.Length is 5).Select(culture => new RegionInfo(culture.Name));

    /// <summary>The question without what was read of it; the words around it stay apart.</summary>
    public static string Without(string text, Match match) => Without(text, match.Index, match.Length);

    private static string Without(string text, int start, int length) => text.Remove(start, length).Insert(start, " ");

    /// <summary>Takes "for more than 90 days" out of the question.</summary>
    public static int? TakeLateFor(ref string text)
    {
        var match = LateForPattern().Match(text);
        if (!match.Success)
        {
            return null;
        }

        text = Without(text, match);
        return int.Parse(match.Groups["days"].Value, CultureInfo.InvariantCulture);
    }

    /// <summary>Takes one span of time out of the question: "last month", "this year", "in the last 30 days", "next week", "in 2025", "since 2025-03-01".</summary>
    public static PeriodFilter? TakePeriod(ref string text, DateOnly today)
    {
        var match = PeriodPattern().Match(text);
        if (!match.Success)
        {
            return null;
        }

        var tomorrow = today.AddDays(1);
        var month = new DateOnly(today.Year, today.Month, 1);
        var quarter = new DateOnly(today.Year, ((today.Month - 1) / 3 * 3) + 1, 1);
        var year = new DateOnly(today.Year, 1, 1);
        var week = today.AddDays(-(((int)today.DayOfWeek + 6) % 7));
        var words = match.Groups["span"].Value;
        (DateOnly From, DateOnly Until)? span = words switch
        {
            "today" => (today, tomorrow),
            "yesterday" => (today.AddDays(-1), today),
            "tomorrow" => (tomorrow, tomorrow.AddDays(1)),
            "this week" => (week, week.AddDays(7)),
            "last week" or "previous week" => (week.AddDays(-7), week),
            "next week" or "coming week" => (week.AddDays(7), week.AddDays(14)),
            "next month" or "coming month" => (month.AddMonths(1), month.AddMonths(2)),
            "next quarter" or "coming quarter" => (quarter.AddMonths(3), quarter.AddMonths(6)),
            "next year" or "coming year" => (year.AddYears(1), year.AddYears(2)),
            "this month" => (month, month.AddMonths(1)),
            "last month" or "previous month" => (month.AddMonths(-1), month),
            "this quarter" => (quarter, quarter.AddMonths(3)),
            "last quarter" or "previous quarter" => (quarter.AddMonths(-3), quarter),
            "this year" => (year, year.AddYears(1)),
            "last year" or "previous year" => (year.AddYears(-1), year),
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

        if (span is null && DateOnly.TryParseExact(match.Groups["since"].Value, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var since))
        {
            span = (since, tomorrow);
        }

        if (span is not { } found)
        {
            return null;
        }

        text = Without(text, match);
        return new PeriodFilter(found.From, found.Until, match.Value.Trim());
    }

    // From today on.
    private static (DateOnly From, DateOnly Until) Ahead(DateOnly today, int count, string unit) => unit switch
    {
        "day" => (today, today.AddDays(count + 1)),
        "week" => (today, today.AddDays((7 * count) + 1)),
        "month" => (today, today.AddMonths(Math.Min(count, 600)).AddDays(1)),
        _ => (today, today.AddYears(Math.Min(count, 50)).AddDays(1)),
    };

    [GeneratedRegex(
        @"(?<!\w)(?:(?:in|during|over|for|within)\s+)?(?:the\s+)?(?:(?<span>today|yesterday|tomorrow|(?:this|last|previous|next|coming)\s+(?:week|month|quarter|year))|(?:last|past|previous|(?<ahead>next|coming))\s+(?<n>\d{1,4})\s+(?<unit>day|week|month|year)s?|in\s+(?<m>january|february|march|april|may|june|july|august|september|october|november|december)(?:\s+(?:of\s+)?(?<my>(?:19|20)\d{2}))?|(?<m>january|february|march|april|may|june|july|august|september|october|november|december)\s+(?<my>(?:19|20)\d{2})|(?:in\s+)?q(?<q>[1-4])(?:\s+(?:of\s+)?(?<qy>(?:19|20)\d{2}))?|in\s+(?<y>(?:19|20)\d{2})|(?<y>(?:19|20)\d{2})(?=$)|since\s+(?<since>\d{4}-\d{2}-\d{2}))(?!\w)")]
    private static partial Regex PeriodPattern();

    private static readonly string[] Months = [.. CultureInfo.InvariantCulture.DateTimeFormat.MonthNames[..12].Select(name => name.ToLowerInvariant())];

    [GeneratedRegex(@"(?<!\w)(?:in|from|of)\s+(?:the\s+)?(?<words>[a-z]+(?:\s+[a-z]+){0,2})")]
    private static partial Regex CountryPattern();

    [GeneratedRegex(@"(?<!\w)(?:for\s+|by\s+)?(?:more|longer|older)\s+than\s+(?<days>\d{1,4})\s+days?(?:\s+(?:late|overdue))?(?!\w)")]
    private static partial Regex LateForPattern();
}
