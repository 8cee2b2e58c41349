using System.Globalization;
using Platform.DataQuestions.Datasets;

namespace Platform.DataQuestions.Questions;

/// <summary>Finds values of groupings in a question, by the data of the organization: cities, industries, segments.</summary>
internal sealed class DimensionValues(StatementRunner runner)
{
    private const int LongestValue = 4;
    private const int Most = 20;

    /// <summary>Values that stand in the question word for word, whatever their case.</summary>
    public async Task<IReadOnlyList<ValueFilter>> FindAsync(DatasetDefinition dataset, string organization, string question, CancellationToken cancellationToken)
    {
        var dimensions = dataset.Dimensions.Where(dimension => dimension.Values).ToList();
        var phrases = Phrases(QuestionWords.Normalise(question).Split(' '));
        if (dimensions.Count == 0 || phrases.Length == 0)
        {
            return [];
        }

        // Definitions of the dataset only; what was asked is a parameter.
        var statement = new QuestionStatement(
            $"""
            SELECT DISTINCT v.name, v.value
            FROM domain.customers c
            CROSS JOIN LATERAL (VALUES {string.Join(", ", dimensions.Select((dimension, index) => $"({index}, {dimension.Sql})"))}) v(name, value)
            WHERE c.organization_id = @organization AND lower(v.value) = ANY (@phrases)
            LIMIT {Most}
            """,
            new Dictionary<string, object>(StringComparer.Ordinal) { ["organization"] = organization, ["phrases"] = phrases });
        var table = await runner.RunAsync(statement, Most, cancellationToken);
        return [.. table.Rows.Select(row => new ValueFilter(dimensions[int.Parse(row.Cells[0].Text, CultureInfo.InvariantCulture)], row.Cells[1].Text))];
    }

    private static string[] Phrases(string[] words) =>
        [.. Enumerable.Range(0, words.Length).SelectMany(start => Enumerable.Range(1, Math.Min(LongestValue, words.Length - start)).Select(length => string.Join(' ', words, start, length))).Distinct(StringComparer.Ordinal)];
}
