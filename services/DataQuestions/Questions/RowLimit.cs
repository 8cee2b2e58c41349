using System.Globalization;
using System.Text.RegularExpressions;

namespace Platform.DataQuestions.Questions;

/// <summary>A bound on the number of rows of each group: customers with more than 50 invoices.</summary>
/// <param name="Sign">As in SQL: &gt;, &lt;, &gt;=, &lt;=, =.</param>
/// <param name="Words">As the sign is said: "more than".</param>
internal sealed partial record RowLimit(string Sign, string Words, long Rows)
{
    /// <summary>Takes "more than 50" out of "more than 50 overdue invoices"; the rows stay.</summary>
    public static RowLimit? Take(ref string text)
    {
        var match = Pattern().Match(text);
        if (!match.Success)
        {
            return null;
        }

        var (sign, words) = match.Groups["than"].Value is "exactly" or "only" ? ("=", "exactly") : QuestionSpans.Bound(match.Groups["than"].Value);
        text = QuestionSpans.Without(text, match);
        return new RowLimit(sign, sign == "<" ? "fewer than" : words, long.Parse(match.Groups["rows"].Value.Replace(",", "", StringComparison.Ordinal), CultureInfo.InvariantCulture));
    }

    [GeneratedRegex(@"(?<!\w)(?<than>more than|over|at least|less than|fewer than|under|at most|up to|exactly|only)\s+(?<rows>\d{1,3}(?:,\d{3})+|\d{1,9})\s+(?=(?:[a-z-]+\s+){0,3}(?:orders?|invoices?|bills?|payments?|customers?|clients?)(?!\w))(?!days?|weeks?|months?|years?)")]
    private static partial Regex Pattern();
}
