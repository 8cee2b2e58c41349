using System.Text.RegularExpressions;

namespace Platform.EntityResolution.Mentions;

/// <summary>Finds what may be an order or invoice number or a customer id.</summary>
internal static partial class NumberSpans
{
    public const int Most = 20;

    public static List<NumberSpan> Find(QuestionText question)
    {
        var spans = new List<NumberSpan>();
        foreach (var match in Chunk().EnumerateMatches(question.Text))
        {
            var text = question.Text.Substring(match.Index, match.Length);
            var hash = match.Index > 0 && question.Text[match.Index - 1] == '#';
            var kind = KindBefore(question, match.Index);
            var bare = text.All(char.IsAsciiDigit);
            var amount = match.Index > 0 && question.Text[match.Index - 1] is '$' or '€' or '£' or '.' or ',';
            var unlikely = (bare && kind is null && !hash) || (kind is null && text.Length < 4) || amount || DateLike().IsMatch(text) || Measure().IsMatch(text);
            if (!unlikely && spans.Count < Most)
            {
                spans.Add(new NumberSpan(match.Index, match.Length, text, kind));
            }
        }

        return spans;
    }

    private static string? KindBefore(QuestionText question, int start)
    {
        var index = -1;
        for (var i = 0; i < question.Words.Count && question.Words[i].Token.Start < start; i++)
        {
            index = i;
        }

        for (var steps = 0; index >= 0 && steps < 3; steps++, index--)
        {
            switch (question.Words[index].Text)
            {
                case "invoice" or "bill": return "invoice";
                case "order": return "order";
                case "customer" or "client" or "account": return "customer";
                case "no" or "nr" or "number" or "num" or "id" or "the" or "with" or "inv" or "so": continue;
                default: return null;
            }
        }

        return null;
    }

    // Letters, digits and inner separators with at least one digit.
    [GeneratedRegex(@"(?<![\p{L}\p{N}_/-])(?=[\p{L}_/-]{0,24}\d)[\p{L}\p{N}]+(?:[-_/][\p{L}\p{N}]+){0,6}", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 500)]
    private static partial Regex Chunk();

    [GeneratedRegex(@"^(?:\d{4}[-/]\d{1,2}(?:[-/]\d{1,2})?|\d{1,2}/\d{1,2}(?:/\d{2,4})?|[Qq][1-4]|[Hh][12]|(?:[Qq][1-4][-/])?(?:19|20)\d\d)$", RegexOptions.CultureInvariant)]
    private static partial Regex DateLike();

    [GeneratedRegex(@"^\d+(?:-(?:day|days|week|weeks|month|months|year|years|percent))$|^\d+(?:st|nd|rd|th|k|m|h|d|days|percent)$", RegexOptions.CultureInvariant | RegexOptions.IgnoreCase)]
    private static partial Regex Measure();
}
