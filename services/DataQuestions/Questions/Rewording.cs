using System.Text.RegularExpressions;

namespace Platform.DataQuestions.Questions;

/// <summary>Other ways to ask for the same.</summary>
internal static partial class Rewording
{
    /// <summary>
    /// The question in the words that the rules know: the worst month is the one with the lowest figure, what comes next is asked for without "when", how something
    /// developed is told by month, whether it grows by this year against the last, and what the average customer has is an average of customers. Who has paid all invoices
    /// has no open ones.
    /// </summary>
    public static string Of(string text)
    {
        text = WhenNextPattern().Replace(WorstPattern().Replace(text, "lowest"), "");
        text = HowLatePattern().Replace(text, "average days late");
        text = PaidAllPattern().Replace(text, match => match.Groups["who"].Success ? $"{match.Groups["who"].Value} without open invoices" : "open invoices");
        text = AverageOnePattern().Replace(text, "average per ${one}");
        text = DevelopPattern().Replace(text, "${what} per month ${rest}");
        return GrowPattern().Replace(text, "${what} this year compared to last year${rest}");
    }

    [GeneratedRegex(@"^how\s+(?:did|do|does|has|have|is|are)\s+(?<what>.+?)\s+(?:develop(?:ed|ing)?|evolv(?:e|ed|ing)|trend(?:ed|ing)?)(?!\w)(?<rest>.*)$")]
    private static partial Regex DevelopPattern();

    [GeneratedRegex(@"^(?:is|are)\s+(?<what>.+?)\s+(?:growing|rising|increasing|going\s+up|falling|declining|decreasing|shrinking|dropping|going\s+down|up|down)(?<rest>\s+(?:in|of|from)\s+.+)?$")]
    private static partial Regex GrowPattern();

    [GeneratedRegex(@"^when\s+(?=(?:is|are)\s.*(?<!\w)next(?!\w))")]
    private static partial Regex WhenNextPattern();

    [GeneratedRegex(@"(?<!\w)worst(?=\s+(?:\d+\s+)?(?:month|quarter|year|week)s?(?!\w))")]
    private static partial Regex WorstPattern();

    // A name before "paid" has been taken out.
    [GeneratedRegex(@"^(?:(?<who>(?:which|how\s+many)\s+(?:customers?|clients?|accounts?))\s+)?(?:has|have|did)\s+(?:paid|pay|settled?)\s+(?:all|every)(?:\s+of)?(?:\s+(?:their|its|the|our|your))?\s+invoices?(?!\w)")]
    private static partial Regex PaidAllPattern();

    [GeneratedRegex(@"^how\s+late\s+(?:do|are|did|have)\s+(?:our\s+|the\s+|all\s+)?(?:customers|clients|they)\s+(?:pay|paying|paid|been\s+paying)(?!\w)(?:\s+us)?(?:\s+on\s+average)?")]
    private static partial Regex HowLatePattern();

    [GeneratedRegex(@"(?:(?<!\w)(?:the|an)\s+)?(?<!\w)average\s+(?<one>customer|client|account)(?!\w)(?!\s+by(?!\w))")]
    private static partial Regex AverageOnePattern();
}
