using System.Text.RegularExpressions;

namespace Platform.EndToEndTests.Figures;

/// <summary>Which figure a clause of the writer speaks of, by the column of this test's SQL: "pays 12 days late on average" is the average, not the median.</summary>
internal static partial class SpokenMeasures
{
    private const string Number = @"(?<![\w.,])(?:[$€£¥]|[A-Z]{3}[ \u00A0])?\d[\d,]*(?:\.\d+)?";
    private const string Day = @"(?:January|February|March|April|May|June|July|August|September|October|November|December) \d{1,2}, \d{4}";

    // "#" is the figure, "@" a day.
    private static readonly (Regex Clause, string Column)[] Clauses =
    [
        Of("(?:owes?|owed) #", "money_open"), Of("on # open invoices?", "count_open"), Of("; # of that", "money_overdue"), Of(@"of that(?: \([^)]*\))? on # invoices?", "count_overdue"),
        Of("pays? # days? late on average", "days_late"), Of(@"#% of (?:its|their) [\d,]+ paid invoices", "share_late"), Of("of (?:its|their) # paid invoices", "count_paid"),
        Of("median invoice is paid # days? late", "days_median"), Of("invoices take # days? on average", "days_settle"), Of("agreed (?:payment )?terms (?:of NAME )?are # days?", "days_terms"),
        Of("placed # orders?", "count_orders"), Of("worth # in the last 12 months", "money_volume"), Of("last payment came on @", "date_payment"), Of($@"last payment came on {Day} \(#\)", "money_last_payment"),
        Of("last order came on @", "date_order"), Of($@"last order came on {Day} \(#\)", "money_last_order"), Of("last contact (?:with NAME )?was on @", "date_contact"),
        Of("credit limit (?:of|is) #", "money_limit"), Of("uses? #% of (?:its|their) credit limit", "share_credit"), Of("Rush orders make up #%", "share_rush"),
        Of("of the orders of 12 months: #% in the last 90 days", "share_rush_recent"), Of("in the last 90 days, #% before", "share_rush_before"), Of("# orders? (?:is|are) open", "count_open_orders"),
        Of("# of the open balance is disputed", "money_disputed"), Of("orders in the last 90 days (?:rose|fell) by #%", "share_trend"), Of(@"\(DSO\)(?: of NAME are|:) # days?", "days_dso"),
    ];

    /// <summary>Every figure whose clause tells which it is.</summary>
    public static IEnumerable<(SaidFigure Said, string Column, string Clause)> In(string answer, IEnumerable<string> names)
    {
        string text = Marks().Replace(names.OrderByDescending(n => n.Length).Aggregate(answer, (t, n) => t.Replace(n, "NAME", StringComparison.Ordinal)), "");
        foreach ((Regex clause, string column) in Clauses)
        {
            foreach (Match match in clause.Matches(text))
            {
                string unit = column.StartsWith("share", StringComparison.Ordinal) ? "%" : column.StartsWith("days", StringComparison.Ordinal) ? " days" : "";
                if (SaidFigures.In(match.Groups["f"].Value + unit, []) is [var figure])
                {
                    yield return (figure, column, match.Value);
                }
            }
        }
    }

    private static (Regex, string) Of(string clause, string column) =>
        (new Regex(clause.Replace("#", $"(?<f>{Number})", StringComparison.Ordinal).Replace("@", $"(?<f>{Day})", StringComparison.Ordinal), RegexOptions.Compiled | RegexOptions.CultureInvariant), column);

    [GeneratedRegex(@"\*\*|\[s\d+\]")]
    private static partial Regex Marks();
}
