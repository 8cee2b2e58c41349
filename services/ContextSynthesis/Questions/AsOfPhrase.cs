using System.Globalization;
using System.Text.RegularExpressions;

namespace Platform.ContextSynthesis.Questions;

/// <summary>
/// The day that a time phrase asks figures for. "Last year" and "a year ago" mean the same day one year earlier, because
/// figures about a customer cover the twelve months up to their day; calendar spans ("in March", "last quarter", "in 2025")
/// mean their last day.
/// </summary>
internal static partial class AsOfPhrase
{
    private static readonly string[] Numbers = ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"];

    private static readonly string[] Months = CultureInfo.InvariantCulture.DateTimeFormat.MonthNames[..12].Select(m => m.ToLowerInvariant()).ToArray();

    /// <summary>The phrase as written, without the words that lead to it; absent when there is none.</summary>
    public static string? Find(string text) => Phrase().Match(text) is { Success: true } match ? match.Value : null;

    /// <summary>Takes the phrase and its leading words out of a question.</summary>
    public static string Without(string text) => Regex.Replace(Led().Replace(text, string.Empty), @"\s+(?=[?!.]|$)", string.Empty).Trim();

    /// <summary>True when the text holds nothing but a time phrase.</summary>
    public static bool IsOnly(string text) => Only().IsMatch(text);

    /// <summary>The day, or null when there is no phrase or its day has not come yet.</summary>
    public static DateOnly? Day(string text, DateOnly today)
    {
        var match = Phrase().Match(text);
        if (!match.Success)
        {
            return null;
        }

        var day = Day(match, today);
        return day <= today ? day : null;
    }

    private static DateOnly? Day(Match match, DateOnly today)
    {
        if (match.Groups["iso"].Success)
        {
            return DateOnly.TryParseExact(match.Groups["iso"].Value, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var iso) ? iso : null;
        }

        if (match.Groups["month"].Success)
        {
            var month = Array.IndexOf(Months, match.Groups["month"].Value.ToLowerInvariant()) + 1;
            var year = match.Groups["monthYear"].Success
                ? int.Parse(match.Groups["monthYear"].Value, CultureInfo.InvariantCulture)
                : EndOfMonth(today.Year, month) <= today ? today.Year : today.Year - 1;
            return EndOfMonth(year, month);
        }

        if (match.Groups["year"].Success)
        {
            return new DateOnly(int.Parse(match.Groups["year"].Value, CultureInfo.InvariantCulture), 12, 31);
        }

        if (match.Groups["quarter"].Success)
        {
            return EndOfMonth(int.Parse(match.Groups["quarterYear"].Value, CultureInfo.InvariantCulture), 3 * int.Parse(match.Groups["quarter"].Value, CultureInfo.InvariantCulture));
        }

        if (match.Groups["ago"].Success)
        {
            var word = match.Groups["count"].Value.ToLowerInvariant();
            var count = word is "a" or "an" ? 1 : Array.IndexOf(Numbers, word) is >= 0 and var n ? n : int.Parse(word, CultureInfo.InvariantCulture);
            return Back(today, count, match.Groups["ago"].Value.ToLowerInvariant());
        }

        return match.Groups["last"].Value.ToLowerInvariant() switch
        {
            "year" => today.AddYears(-1),
            "quarter" => new DateOnly(today.Year, ((today.Month - 1) / 3 * 3) + 1, 1).AddDays(-1),
            "month" => new DateOnly(today.Year, today.Month, 1).AddDays(-1),
            "week" => today.AddDays(-7),
            _ => today.AddDays(-1),
        };
    }

    private static DateOnly Back(DateOnly today, int count, string unit) => unit switch
    {
        "year" => today.AddYears(-Math.Min(count, 100)),
        "quarter" => today.AddMonths(-3 * Math.Min(count, 400)),
        "month" => today.AddMonths(-Math.Min(count, 1200)),
        "week" => today.AddDays(-7 * count),
        _ => today.AddDays(-count),
    };

    private static DateOnly EndOfMonth(int year, int month) => new(year, month, DateTime.DaysInMonth(year, month));

    private const string PhrasePattern =
        @"(?:this time )?last (?<last>year|quarter|month|week)" +
        @"|(?<count>an?|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|\d{1,3}) (?<ago>year|quarter|month|week|day)s? ago" +
        @"|yesterday" +
        @"|(?<iso>\d{4}-\d{2}-\d{2})" +
        @"|q(?<quarter>[1-4]) (?<quarterYear>20\d{2})" +
        @"|(?<month>january|february|march|april|may|june|july|august|september|october|november|december)(?: (?<monthYear>20\d{2}))?" +
        @"|(?<=\b(?:in|of|for|and|about) )(?<year>20\d{2})";

    private const string Lead = @"(?:and |or |but |what about |how about )?(?:as of |as at |at the end of |by the end of |the end of |end of |in |on |for |since |from )?";

    // "may" alone is a verb; as a month it needs a year or a preposition.
    [GeneratedRegex(@"\b(?!may (?!20\d{2}))(?:" + PhrasePattern + @")\b", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Phrase();

    [GeneratedRegex(@"\s*\b(?:(?:as of|as at|at the end of|by the end of|end of|in|on|for|since|from) )?(?!may (?!20\d{2}))(?:" + PhrasePattern + @")\b", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Led();

    [GeneratedRegex("^" + Lead + "(?:" + PhrasePattern + @")\s*[?!.]*$", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Only();
}
