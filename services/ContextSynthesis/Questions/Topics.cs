using System.Text.RegularExpressions;

namespace Platform.ContextSynthesis.Questions;

/// <summary>What a question is about, in the words of the trade.</summary>
internal static class Topics
{
    private static readonly (string Topic, Regex Words)[] All =
    [
        ("overdue", Words("overdue|past due|arrears|delinquent|ageing|aging|late invoices?")),
        ("payments", Words("pay|pays|paid|paying|payer|payers|payment|payments|late|early|on time|slow|settle|settled|dso|days sales")),
        ("terms", Words("terms|net \\d+")),
        ("balance", Words("owe|owes|owed|balance|outstanding|receivables?|exposure|debt|open invoices?|unpaid")),
        ("invoices", Words("invoices?|billing|billed|invoiced")),
        ("rush_orders", Words("rush|expedite|expedited|urgent|priority")),
        ("orders", Words("orders?|ordering|ordered|sales|revenue|volume|demand|purchases?|buy|buys|buying")),
        ("credit", Words("credit|limit")),
        ("discount", Words("discounts?|rebates?")),
        ("disputes", Words("disputes?|disputed|complaints?")),
        ("risk", Words("risk|risky|safe|danger|default|exposed")),
        ("contact", Words("contact|contacted|call|called|spoke|talk|chase|remind|reminder")),
        ("notes", Words("remember|recall|noted|notes|on file|on record")),
    ];

    public static IReadOnlyList<string> Of(string text) => [.. All.Where(t => t.Words.IsMatch(text)).Select(t => t.Topic)];

    private static Regex Words(string alternatives) => new($@"\b(?:{alternatives})\b", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant);
}
