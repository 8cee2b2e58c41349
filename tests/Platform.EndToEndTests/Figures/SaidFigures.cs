using System.Globalization;
using System.Text.RegularExpressions;

namespace Platform.EndToEndTests.Figures;

/// <summary>A figure as a text says it.</summary>
/// <param name="Kind">"money", "percent", "days", "date" or "count"; a count with decimals is a plain number.</param>
/// <param name="Value">The number; a date is its day number.</param>
/// <param name="Decimals">Digits behind the point: how far it may have been rounded.</param>
/// <param name="Said">As written.</param>
internal sealed record SaidFigure(string Kind, decimal Value, int Decimals, string Said);

/// <summary>Every figure of an answer, without what is no figure: names, source marks, and words that are part of a definition.</summary>
internal static partial class SaidFigures
{
    public static IReadOnlyList<SaidFigure> In(string answer, IEnumerable<string> names)
    {
        string text = answer;
        foreach (string name in names.OrderByDescending(n => n.Length))
        {
            text = text.Replace(name, "NAME", StringComparison.Ordinal);
        }

        text = Definitions().Replace(SourceMarks().Replace(text, " "), " ");
        List<SaidFigure> said = [];
        foreach (Match match in Figures().Matches(text))
        {
            said.Add(Read(match));
        }

        return said;
    }

    private static SaidFigure Read(Match match)
    {
        if (match.Groups["date"].Success)
        {
            DateOnly day = DateOnly.ParseExact(match.Groups["date"].Value, ["MMMM d, yyyy", "yyyy-MM-dd"], CultureInfo.InvariantCulture);
            return new SaidFigure("date", day.DayNumber, 0, match.Value);
        }

        string digits = match.Groups["number"].Value.Replace(",", "", StringComparison.Ordinal);
        int decimals = digits.Contains('.', StringComparison.Ordinal) ? digits.Length - digits.IndexOf('.', StringComparison.Ordinal) - 1 : 0;
        string kind = match.Groups["currency"].Success || match.Groups["code"].Success ? "money"
            : match.Groups["percent"].Success ? "percent"
            : match.Groups["days"].Success ? "days"
            : "count";
        return new SaidFigure(kind, decimal.Parse(digits, CultureInfo.InvariantCulture), decimals, match.Value);
    }

    [GeneratedRegex(@"(?<date>(?:January|February|March|April|May|June|July|August|September|October|November|December) \d{1,2}, \d{4}|\b\d{4}-\d{2}-\d{2}\b)|(?<currency>[$€£¥]|\b[A-Z]{3}[ \u00A0])?(?<![\w.,])(?<number>\d[\d,]*(?:\.\d+)?)(?<percent>%)?(?<days> days?)?(?<code> [A-Z]{3}\b)?")]
    private static partial Regex Figures();

    [GeneratedRegex(@"\[s\d+\]")]
    private static partial Regex SourceMarks();

    // Words of definitions and table headings, not figures about anybody.
    [GeneratedRegex(@"(?:in|over) the last 12 months|of 12 months|the 90 days that the last 90 days|(?:in )?the last 90 days|the 90 days before|last 90 days|More than 90 days overdue|\d+[–-]\d+ days overdue|more than 60 days overdue|at least \d+ (?:paid invoices |orders |gaps |invoices |observations )?are needed|\d+ paid invoices; at least \d+ are needed|95% interval")]
    private static partial Regex Definitions();
}
