using System.Globalization;
using System.Text.RegularExpressions;

namespace Platform.DataQuestions.Questions;

/// <summary>Takes what is said of place and delay out of a normalised question, so that its other words can be read one by one.</summary>
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

    /// <summary>Takes "within 10 days" out of "paid within 10 days"; the word of payment stays.</summary>
    public static int? TakePaidWithin(ref string text)
    {
        var match = PaidWithinPattern().Match(text);
        if (!match.Success)
        {
            return null;
        }

        text = Without(text, match);
        return int.Parse(match.Groups["days"].Value, CultureInfo.InvariantCulture);
    }

    /// <summary>A bound as in SQL, and as it is said.</summary>
    public static (string Sign, string Words) Bound(string than) => than switch
    {
        "at least" => (">=", "at least"),
        "at most" or "up to" => ("<=", "at most"),
        "under" or "below" or "less than" or "fewer than" or "smaller than" or "lower than" => ("<", "less than"),
        _ => (">", "more than"),
    };

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

        // "More than 30 days overdue" is still owed; "more than 30 days late" may have been paid.
        text = Without(text, match);
        if (match.Groups["overdue"].Success)
        {
            text += " overdue";
        }

        return int.Parse(match.Groups["days"].Value, CultureInfo.InvariantCulture);
    }

    [GeneratedRegex(@"(?<!\w)(?:in|from|of|to|for)\s+(?:the\s+)?(?<words>[a-z]+(?:\s+[a-z]+){0,2})")]
    private static partial Regex CountryPattern();

    [GeneratedRegex(@"(?<=(?:paid|settled)\s+)within\s+(?<days>\d{1,4})\s+days?(?:\s+(?:of|after|from)\s+(?:the\s+|their\s+)?(?:issue|invoicing|invoice(?:\s+date)?|day\s+of\s+issue))?(?!\w)")]
    private static partial Regex PaidWithinPattern();

    [GeneratedRegex(@"(?<!\w)(?:for\s+|by\s+)?(?:(?:more|longer|older)\s+than|over)\s+(?<days>\d{1,4})\s+days?(?:\s+(?:late|(?<overdue>overdue|past\s+due)))?(?!\w)")]
    private static partial Regex LateForPattern();
}
