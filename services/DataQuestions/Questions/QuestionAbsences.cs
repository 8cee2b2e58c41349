using System.Globalization;
using System.Text.RegularExpressions;
using Platform.DataQuestions.Datasets;

namespace Platform.DataQuestions.Questions;

/// <summary>Something that has not happened in a span of time.</summary>
/// <param name="Absence">What has not happened.</param>
/// <param name="Since">First day; null: ever.</param>
/// <param name="Until">Day after the last one; null: the span goes on.</param>
internal sealed record AbsenceFilter(FilterDefinition Absence, DateOnly? Since, DateOnly? Until);

/// <summary>Takes what did not happen out of a normalised question, so that its other words can be read one by one.</summary>
internal static partial class QuestionAbsences
{
    /// <summary>
    /// Takes "have not ordered for 60 days", "without payments since 2026-03-01", "no orders this year", "did not order last month", "paid nothing in May", "have never ordered" out of the
    /// question, and says what it is about.
    /// </summary>
    public static AbsenceFilter? Take(DatasetDefinition dataset, ref string text, DateOnly today)
    {
        var match = AbsencePattern().Match(text);
        var (subject, absence) = match.Success
            ? dataset.Subjects.SelectMany(one => one.Absences, (one, absent) => (one, absent)).FirstOrDefault(known => known.absent.Words.Contains(match.Groups["what"].Value))
            : default;
        if (subject is null)
        {
            return null;
        }

        var rest = QuestionSpans.Without(text, match);
        var filter = match.Groups["day"].Success || match.Groups["unit"].Success
            ? SinceOf(match, today) is { } since ? new AbsenceFilter(absence, since, null) : null
            : NamesAnother(dataset, subject, rest) ? null : InSpan(absence, match.Groups["never"].Success, ref rest, today);
        if (filter is null)
        {
            return null;
        }

        // Whoever is meant, "who" and "which customers", are the rows.
        rest = Who().Replace(rest, " ");
        text = rest.Split(' ').Any(subject.Words.Contains) ? rest : $"{rest} {subject.Words[0]}";
        return filter;
    }

    // A span that is over needs to be known day by day; of a contact only the last is.
    private static AbsenceFilter? InSpan(FilterDefinition absence, bool never, ref string text, DateOnly today) => QuestionPeriods.Take(ref text, today) switch
    {
        null when never => new AbsenceFilter(absence, null, null),
        { } period when period.From <= today && period.Until > today => new AbsenceFilter(absence, period.From, null),
        { } period when period.Until <= today && absence.IsKnownByDay => new AbsenceFilter(absence, period.From, period.Until),
        _ => null,
    };

    // "Invoices not paid this year" are not customers that did not pay.
    private static bool NamesAnother(DatasetDefinition dataset, SubjectDefinition subject, string text) =>
        dataset.Subjects.Where(other => other != subject).SelectMany(other => other.Words).Any(word => Regex.IsMatch(text, $@"(?<!\w){Regex.Escape(word)}(?!\w)"));

    private static DateOnly? SinceOf(Match match, DateOnly today)
    {
        if (match.Groups["day"].Success)
        {
            return DateOnly.TryParseExact(match.Groups["day"].Value, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day) ? day : null;
        }

        var count = match.Groups["n"].Success ? int.Parse(match.Groups["n"].Value, CultureInfo.InvariantCulture) : 1;
        return match.Groups["unit"].Value switch
        {
            "day" => today.AddDays(-count),
            "week" => today.AddDays(-7 * count),
            "month" => today.AddMonths(-count),
            _ => today.AddYears(-count),
        };
    }

    [GeneratedRegex(@"(?<!\w)(?:that\s+|who\s+)?(?:(?:(?:have|has|had|did|do|does)(?:n't|\s+not)(?:\s+been)?|not(?:\s+been)?|with\s+no|without|had\s+no|no|(?:(?:have|has|had)\s+)?(?<never>never)(?:\s+been)?)\s+(?:any\s+|a\s+|an\s+|made\s+(?:a\s+|any\s+)?|placed\s+(?:an\s+|any\s+)?)?(?<what>[a-z]+)(?:\s+(?:anything|us|from\s+us))*|(?<what>[a-z]+)(?:\s+us)?\s+nothing(?:\s+from\s+us)?)(?!\w)(?:\s+(?:(?:for|in|within|during|over)\s+(?:the\s+)?(?:(?:more|longer)\s+than\s+|over\s+|at\s+least\s+)?(?:last\s+|past\s+)?(?:(?<n>\d{1,3})\s+|a\s+)?(?<unit>day|week|month|year)s?|since\s+(?<day>\d{4}-\d{2}-\d{2}))(?!\w))?")]
    private static partial Regex AbsencePattern();

    [GeneratedRegex(@"(?<!\w)who(?!\w)")]
    private static partial Regex Who();
}
