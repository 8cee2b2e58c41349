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

    /// <summary>
    /// The question in the words that the rules know: the worst month is the one with the lowest figure, what comes next is asked for without "when", how something
    /// developed is told by month, whether it grows by this year against the last, and what the average customer has is an average of customers. Who has paid all invoices
    /// has no open ones.
    /// </summary>
    public static string Reworded(string text)
    {
        text = WhenNextPattern().Replace(WorstPattern().Replace(text, "lowest"), "");
        text = HowLatePattern().Replace(text, "average days late");
        text = PaidAllPattern().Replace(text, match => match.Groups["who"].Success ? $"{match.Groups["who"].Value} without open invoices" : "open invoices");
        text = AverageOnePattern().Replace(text, "average per ${one}");
        text = DevelopPattern().Replace(text, "${what} per month ${rest}");
        return GrowPattern().Replace(text, "${what} this year compared to last year${rest}");
    }

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

    [GeneratedRegex(@"(?<!\w)worst(?=\s+(?:\d+\s+)?(?:month|quarter|year|week)s?(?!\w))")]
    private static partial Regex WorstPattern();

    [GeneratedRegex(@"^how\s+(?:did|do|does|has|have|is|are)\s+(?<what>.+?)\s+(?:develop(?:ed|ing)?|evolv(?:e|ed|ing)|trend(?:ed|ing)?)(?!\w)(?<rest>.*)$")]
    private static partial Regex DevelopPattern();

    [GeneratedRegex(@"^(?:is|are)\s+(?<what>.+?)\s+(?:growing|rising|increasing|going\s+up|falling|declining|decreasing|shrinking|dropping|going\s+down|up|down)(?<rest>\s+(?:in|of|from)\s+.+)?$")]
    private static partial Regex GrowPattern();

    [GeneratedRegex(@"^how\s+late\s+(?:do|are|did|have)\s+(?:our\s+|the\s+|all\s+)?(?:customers|clients|they)\s+(?:pay|paying|paid|been\s+paying)(?!\w)(?:\s+us)?(?:\s+on\s+average)?")]
    private static partial Regex HowLatePattern();

    // A name before "paid" has been taken out.
    [GeneratedRegex(@"^(?:(?<who>(?:which|how\s+many)\s+(?:customers?|clients?|accounts?))\s+)?(?:has|have|did)\s+(?:paid|pay|settled?)\s+(?:all|every)(?:\s+of)?(?:\s+(?:their|its|the|our|your))?\s+invoices?(?!\w)")]
    private static partial Regex PaidAllPattern();

    [GeneratedRegex(@"(?:(?<!\w)(?:the|an)\s+)?(?<!\w)average\s+(?<one>customer|client|account)(?!\w)(?!\s+by(?!\w))")]
    private static partial Regex AverageOnePattern();

    [GeneratedRegex(@"^when\s+(?=(?:is|are)\s.*(?<!\w)next(?!\w))")]
    private static partial Regex WhenNextPattern();

    [GeneratedRegex(@"(?<!\w)(?:for\s+|by\s+)?(?:(?:more|longer|older)\s+than|over)\s+(?<days>\d{1,4})\s+days?(?:\s+(?:late|(?<overdue>overdue|past\s+due)))?(?!\w)")]
    private static partial Regex LateForPattern();
}
