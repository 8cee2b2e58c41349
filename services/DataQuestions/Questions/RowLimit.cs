using System.Globalization;
using System.Text.RegularExpressions;
using Platform.DataQuestions.Datasets;

namespace Platform.DataQuestions.Questions;

/// <summary>A bound on the number of rows of each group: customers with more than 50 invoices.</summary>
/// <param name="Sign">As in SQL: &gt;, &lt;, &gt;=, &lt;=, =.</param>
/// <param name="Words">As the sign is said: "more than".</param>
internal sealed partial record RowLimit(string Sign, string Words, long Rows)
{
    /// <summary>Takes "more than 50" out of "more than 50 overdue invoices"; the rows stay.</summary>
    public static RowLimit? Take(DatasetDefinition dataset, ref string text)
    {
        text = TimesAsRows(dataset, text);
        var match = Pattern().Match(text);
        if (!match.Success)
        {
            return null;
        }

        var (sign, words) = match.Groups["than"].Value is "exactly" or "only" ? ("=", "exactly") : QuestionSpans.Bound(match.Groups["than"].Value);
        text = QuestionSpans.Without(text, match);
        return new RowLimit(sign, sign == "<" ? "fewer than" : words, Number(match.Groups["rows"].Value));
    }

    // "Ordered more than 5 times" are more than 5 orders; "paid late at least twice" at least 2 invoices paid late.
    private static string TimesAsRows(DatasetDefinition dataset, string text)
    {
        var match = TimesPattern().Match(text);
        if (!match.Success)
        {
            return text;
        }

        var other = QuestionSpans.Without(text, match);
        bool Says(string phrase) => Regex.IsMatch(other, $@"(?<!\w){Regex.Escape(phrase)}(?!\w)");
        var filters = dataset.Subjects.Where(subject => subject.Filters.Exists(filter => filter.Day.Length > 0 && filter.Words.Exists(word => word.Contains(' ', StringComparison.Ordinal) && Says(word)))).ToList();
        var verbs = dataset.Subjects.SelectMany(subject => subject.Verbs.Where(Says).Select(verb => (Subject: subject, Verb: verb))).OrderByDescending(said => said.Verb.Length).ToList();
        if (filters.Count != 1 && verbs.Count == 0)
        {
            return text;
        }

        var than = match.Groups["than"].Success ? match.Groups["than"].Value : "exactly";
        var number = match.Groups["rows"].Success ? match.Groups["rows"].Value : match.Groups["once"].Value == "once" ? "1" : "2";
        if (filters.Count == 1)
        {
            return $"{other.TrimEnd()} {than} {number} {filters[0].Name}";
        }

        var (subject, verb) = verbs[0];
        return $"{Regex.Replace(other, $@"(?<!\w){Regex.Escape(verb)}(?!\w)", " ").TrimEnd()} {than} {number} {subject.Name}";
    }

    private static long Number(string said) => Array.IndexOf(Numbers, said) is >= 0 and var small ? small
        : long.Parse(said.Replace(",", "", StringComparison.Ordinal), CultureInfo.InvariantCulture);

    private const string Bounds = "more than|over|at least|less than|fewer than|under|at most|up to|exactly|only";
    private const string Said = "one|two|three|four|five|six|seven|eight|nine|ten";
    private static readonly string[] Numbers = ["none", .. Said.Split('|')];

    [GeneratedRegex(@"(?<!\w)(?:(?<than>" + Bounds + @")\s+)?(?:(?<rows>\d{1,9}|" + Said + @")\s+times|(?<once>once|twice))(?!\w)")]
    private static partial Regex TimesPattern();

    [GeneratedRegex(@"(?<!\w)(?<than>" + Bounds + @")\s+(?<rows>\d{1,3}(?:,\d{3})+|\d{1,9}|" + Said + @")\s+(?=(?:[a-z-]+\s+){0,3}(?:orders?|invoices?|bills?|payments?|customers?|clients?)(?!\w))(?!days?|weeks?|months?|years?)")]
    private static partial Regex Pattern();
}
