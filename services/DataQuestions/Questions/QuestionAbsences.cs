using System.Globalization;
using System.Text.RegularExpressions;
using Platform.DataQuestions.Datasets;

namespace Platform.DataQuestions.Questions;

/// <summary>Something that has not happened since a day.</summary>
internal sealed record AbsenceFilter(FilterDefinition Absence, DateOnly Since);

/// <summary>Takes what did not happen out of a normalised question, so that its other words can be read one by one.</summary>
internal static partial class QuestionAbsences
{
    /// <summary>Takes "have not ordered for 60 days", "without payments since 2026-03-01", "no orders this year" out of the question, and says what it is about.</summary>
    public static AbsenceFilter? Take(DatasetDefinition dataset, ref string text, DateOnly today)
    {
        var match = AbsencePattern().Match(text);
        var subject = match.Success ? dataset.Subjects.Find(candidate => candidate.Absences.Exists(absence => absence.Words.Contains(match.Groups["what"].Value))) : null;
        if (subject is null)
        {
            return null;
        }

        var rest = QuestionSpans.Without(text, match);
        var begin = match.Groups["day"].Success || match.Groups["unit"].Success ? SinceOf(match, today) : BeginOf(dataset, subject, ref rest, today);
        if (begin is not { } since)
        {
            return null;
        }

        // Whoever is meant, "who" and "which customers", are the rows.
        rest = Who().Replace(rest, " ");
        text = rest.Split(' ').Any(subject.Words.Contains) ? rest : $"{rest} {subject.Words[0]}";
        return new AbsenceFilter(subject.Absences.First(absence => absence.Words.Contains(match.Groups["what"].Value)), since);
    }

    // Of a span that goes on. What did not happen in one that is over is another question, and "invoices not paid this year" are not customers that did not pay.
    private static DateOnly? BeginOf(DatasetDefinition dataset, SubjectDefinition subject, ref string text, DateOnly today) =>
        !NamesAnother(dataset, subject, text) && QuestionPeriods.Take(ref text, today) is { } period && period.From <= today && period.Until > today ? period.From : null;

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

    [GeneratedRegex(@"(?<!\w)(?:that\s+|who\s+)?(?:(?:have|has|had|did|do|does)(?:n't|\s+not)(?:\s+been)?|not(?:\s+been)?|with\s+no|without|had\s+no|no|never)\s+(?:any\s+|a\s+|an\s+|made\s+(?:a\s+|any\s+)?|placed\s+(?:an\s+|any\s+)?)?(?<what>[a-z]+)(?:\s+(?:anything|us|from\s+us))?(?!\w)(?:\s+(?:(?:for|in|within|during|over)\s+(?:the\s+)?(?:(?:more|longer)\s+than\s+|over\s+|at\s+least\s+)?(?:last\s+|past\s+)?(?:(?<n>\d{1,3})\s+|a\s+)?(?<unit>day|week|month|year)s?|since\s+(?<day>\d{4}-\d{2}-\d{2}))(?!\w))?")]
    private static partial Regex AbsencePattern();

    [GeneratedRegex(@"(?<!\w)who(?!\w)")]
    private static partial Regex Who();
}
